import CallCore
import CallDriver

/// What is heard on hold: a file, or a tune of our own as such music goes, with chords of four notes over a bass, all of them struck and fading, and
/// brushes. A detector of speech errs about it as about real music: now and then where it begins (measured).
enum HoldMusic {
  /// As much as is wanted of a sound, looped.
  /// - Parameter music: 16 kHz mono; `nil` or empty: our own tune.
  static func samples(_ music: [Int16]?, for length: CallDuration) -> [Int16] {
    let count = CallTracks.position(of: .zero + length)
    let loop = music.flatMap { $0.isEmpty ? nil : $0 } ?? tune
    return (0..<count).map { loop[$0 % loop.count] }
  }

  /// Four bars of four beats, 96 beats a minute: 10 s. Its end sounds on into its beginning.
  private static let tune: [Int16] = {
    var track = [Double](repeating: 0, count: chords.count * 4 * beat)
    var noise = Brushes()
    for (bar, chord) in chords.enumerated() {
      for number in 0..<4 {
        let start = (bar * 4 + number) * beat
        if number.isMultiple(of: 2) { strike(chord[0] / 2, bass, at: start, in: &track) }
        if number != 2 { for hertz in chord { strike(hertz, piano, at: start, in: &track) } }
        noise.play(number.isMultiple(of: 2) ? 450 : 1000, at: start, in: &track)
        noise.play(300, at: start + beat / 2, in: &track)
      }
    }
    return track.map(Gain.saturated)
  }()

  /// Samples of a beat.
  private static let beat = 10_000
  /// In Hz; the bass plays the lowest note an octave lower.
  private static let chords = [
    [262, 330, 392, 494], [220, 262, 330, 392], [176, 220, 262, 330], [196, 247, 294, 349],
  ]
  /// Each partial's share of the loudness, by its number from 1; the loudness, for a tune at −32 dB below full scale, as the softest of Asterisk's pieces; how much of it
  /// is left after each sample: half after 0.25 s, and after 0.35 s; and for how long it sounds.
  private static let piano = Instrument(partials: [1, 0.4, 0.15, 0.25], level: 700, fading: 0.999_826_73, beats: 1)
  private static let bass = Instrument(partials: [1, 0.5, 0.2], level: 1700, fading: 0.999_876_24, beats: 2)

  private struct Instrument {
    let partials: [Double]
    let level: Double
    let fading: Double
    let beats: Int
  }

  private static func strike(_ hertz: Int, _ instrument: Instrument, at start: Int, in track: inout [Double]) {
    for (index, share) in instrument.partials.enumerated() where hertz * (index + 1) < CallTracks.sampleRate / 8 {
      var tone = SineTone(hertz: hertz * (index + 1), rate: CallTracks.sampleRate)
      var level = instrument.level * share
      for place in 0..<instrument.beats * beat {
        track[(start + place) % track.count] += level * tone.next()
        level *= instrument.fading
      }
    }
  }

  /// White noise without its lowest tones, that fades by half in 20 ms.
  private struct Brushes {
    private static let fading = 0.997_836_2
    private var state: UInt64 = 1
    private var before = 0.0

    mutating func play(_ level: Double, at start: Int, in track: inout [Double]) {
      var level = level
      for place in 0..<beat / 4 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let white = Double(state >> 33) / 1_073_741_824 - 1
        track[(start + place) % track.count] += level * (white - before)
        before = white
        level *= Self.fading
      }
    }
  }
}
