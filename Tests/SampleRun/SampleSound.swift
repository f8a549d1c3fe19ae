import CallCore
import Simulation

/// Sound for calls that nobody held: a tone that swells like syllables, so that pictures of it look like speech.
enum SampleSound {
  private static let samplesPerMillisecond = CallTracks.sampleRate / 1000

  /// A track with a tone of `hertz` in each of `spans`, over hiss of `hiss` at most.
  static func track(_ spans: [SpeechSpan], milliseconds: Int, hertz: Int, hiss: Int = 0) -> [Int16] {
    var streams = SeededStream(seed: 1, "hiss")
    var track = (0..<(milliseconds * samplesPerMillisecond)).map { _ in
      hiss == 0 ? Int16(0) : Int16(streams.number(in: -hiss...hiss))
    }
    for span in spans {
      let first = span.start.milliseconds * samplesPerMillisecond
      for index in first..<min(span.end.milliseconds * samplesPerMillisecond, track.count) {
        track[index] = Int16(clamping: Int(track[index]) + sample(index - first, hertz))
      }
    }
    return track
  }

  /// A triangle wave, four swells a second and a bow over each second.
  private static func sample(_ index: Int, _ hertz: Int) -> Int {
    let swell = triangle(index, CallTracks.sampleRate / 4, 100)
    let bow = 40 + triangle(index, CallTracks.sampleRate * 11 / 10, 60)
    return (triangle(index, CallTracks.sampleRate / hertz, 24_000) - 12_000) * swell * bow / 10_000
  }

  /// 0 … `peak` and back within `period`.
  private static func triangle(_ index: Int, _ period: Int, _ peak: Int) -> Int {
    let place = index % period
    return (place * 2 < period ? place : period - place) * 2 * peak / period
  }
}
