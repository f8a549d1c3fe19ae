import CallCore

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
  /// - Parameter pauses: in which the agent was silent on purpose, to listen.
  func dropouts(in utterances: [SpeechSpan], besides pauses: [SpeechSpan] = []) -> Int {
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
        guard energies[first - 1] > audible, energies[index] > audible, isHole(first..<index) else { continue }
        let hole = SpeechSpan(
          start: .zero + SpeechFinder.piece * first, end: .zero + SpeechFinder.piece * index)
        if !pauses.contains(where: { $0.overlap(with: hole) > .zero }) { holes += 1 }
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

/// Sum and number of squares in stretches of a track.
struct TrackPower {
  private(set) var sum = 0
  private(set) var count = 0

  /// - Parameter spans: what lies beyond the track's end is not counted.
  init(of track: [Int16], in spans: [SpeechSpan]) {
    track.withUnsafeBufferPointer { samples in
      for span in spans {
        let first = min(max(CallTracks.position(of: span.start), 0), samples.count)
        let end = max(min(CallTracks.position(of: span.end), samples.count), first)
        sum += SpeechFinder.energy(of: UnsafeBufferPointer(rebasing: samples[first..<end]))
        count += end - first
      }
    }
  }

  /// Mean square, 0 … 2³⁰; 0 of nothing.
  var mean: Double { count == 0 ? 0 : Double(sum) / Double(count) }
}

/// Ratios of powers in decibels. Without the C library's logarithm, so that every machine gives the same tenth.
enum PowerRatio {
  /// Binary places of the logarithm; 16 are good for a thousandth of a dB.
  private static let places = 16
  /// 10 · log₁₀ 2, in tenths of a dB.
  private static let tenthsPerOctave = 30.102_999_566

  /// - Returns: tenths of a dB, rounded; `nil` unless both are above zero.
  static func tenths(_ power: Double, over reference: Double) -> Int? {
    guard power > 0, reference > 0 else { return nil }
    let ratio = power / reference
    var mantissa = ratio.significand
    var logarithm = Double(ratio.exponent)
    var place = 0.5
    for _ in 0..<places {
      mantissa *= mantissa
      if mantissa >= 2 {
        mantissa /= 2
        logarithm += place
      }
      place /= 2
    }
    return Int((logarithm * tenthsPerOctave).rounded())
  }
}
