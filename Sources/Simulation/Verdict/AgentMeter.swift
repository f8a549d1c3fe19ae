import CallCore

/// Measures the agent's track.
struct AgentMeter {
  /// A shorter hole is not noticed: one packet.
  static let holeMin = CallDuration.milliseconds(20)
  /// Mean square of sound whose break is heard: −50 dBFS, as for `AgentTrack.audible`. A voice that fades out is below it.
  static let audible = 10_000
  /// Power of a full-scale square wave: 0 dBFS.
  static let fullScale = 32_768.0 * 32_768.0

  let track: [Int16]
  let speech: [SpeechSpan]

  /// Holes that were torn into the sound: over 20 ms of nothing at all, cut off while the agent was audible and ending in the middle of a
  /// sound. Silence between words and sentences fades in and out.
  func dropouts(in utterances: [SpeechSpan]) -> Int {
    let energies = SpeechFinder.energies(of: track)
    let audible = Self.audible * SpeechFinder.pieceSamples
    return utterances.reduce(0) { sum, utterance in
      let range = Self.pieces(of: utterance, count: energies.count)
      var holes = 0
      var index = range.lowerBound
      while index < range.upperBound {
        guard energies[index] == 0 else {
          index += 1
          continue
        }
        let first = index
        while index < range.upperBound, energies[index] == 0 { index += 1 }
        guard first > range.lowerBound, index < range.upperBound else { continue }
        if energies[first - 1] > audible, energies[index] > audible, isHole(first..<index) { holes += 1 }
      }
      return sum + holes
    }
  }

  /// Samples at either end of the scale.
  func clippedSamples() -> Int {
    track.withUnsafeBufferPointer { samples in
      var count = 0
      for sample in samples { count &+= sample == .max || sample == .min ? 1 : 0 }
      return count
    }
  }

  /// Mean power where the agent is audible, in tenths of a dB below full scale; `nil` when it never is.
  func levelTenths() -> Int? {
    let power = TrackPower(of: track, in: speech)
    return PowerRatio.tenths(Self.fullScale, over: power.mean)
  }

  /// Whole pieces without sound, and what of their neighbours is without sound, too.
  private func isHole(_ pieces: Range<Int>) -> Bool {
    var first = pieces.lowerBound * SpeechFinder.pieceSamples
    var end = pieces.upperBound * SpeechFinder.pieceSamples
    while first > 0, track[first - 1] == 0 { first -= 1 }
    while end < track.count, track[end] == 0 { end += 1 }
    return (end - first) * 1000 > Self.holeMin.milliseconds * CallTracks.sampleRate
  }

  private static func pieces(of span: SpeechSpan, count: Int) -> Range<Int> {
    let length = SpeechFinder.piece.microseconds
    let first = min(Int(span.start.microseconds / length), count)
    return first..<max(min(Int(span.end.microseconds / length), count), first)
  }
}
