public import CallCore

/// Finds where a track is audible.
///
/// The track is cut into pieces of 5 ms. A piece is audible when it is at most 30 dB below the track's loudest, and in any case above
/// −40 dBFS and never below −67 dBFS. Codecs ring on for some milliseconds after a sound, and before it, by 35 dB and more below:
/// that is not speech. Integers only, so that replays are exact.
public enum SpeechFinder {
  /// Samples of a piece: 5 ms at 16 kHz. Yields and latencies are measured in it; the live agent's own gate works with 20 ms.
  public static let pieceSamples = 80
  /// Length of a piece.
  public static let piece = CallDuration.milliseconds(5)
  /// How far below the loudest piece a piece still belongs to speech: a factor of 1000, 30 dB, as for `EnergyGate.speechRange`.
  static let range = 1000
  /// Mean square from which a piece is audible whatever else is in the track: −40 dBFS, so that a bang does not hide speech.
  static let surelyAudible = 107_374
  /// Mean square below which a piece is silent whatever else is in the track: −67 dBFS, as for `EnergyGate.silenceMax`.
  static let surelySilent = 200
  /// Longest gap inside a span, in pieces: 20 ms, the closed part of a plosive or two periods of a low voice.
  static let gapPieces = 4
  /// Shortest span, in pieces: less than 10 ms is a click.
  static let spanPieces = 2

  /// - Parameter samples: 16 kHz mono from the start of the call; what is left over after the last whole piece is not looked at.
  /// - Returns: in order, over 20 ms apart, each edge within 5 ms of the sound's own.
  public static func spans(in samples: [Int16]) -> [SpeechSpan] {
    let energies = energies(of: samples)
    let threshold = threshold(for: energies)
    var spans: [SpeechSpan] = []
    var first = -1
    var last = -1
    for (index, energy) in energies.enumerated() where energy > threshold {
      if first >= 0, index - last - 1 > gapPieces {
        append(first, last, to: &spans)
        first = index
      }
      if first < 0 { first = index }
      last = index
    }
    if first >= 0 { append(first, last, to: &spans) }
    return spans
  }

  /// Sums of the squares of each whole piece.
  static func energies(of samples: [Int16], pieceSamples: Int = pieceSamples) -> [Int] {
    samples.withUnsafeBufferPointer { all in
      [Int](unsafeUninitializedCapacity: all.count / pieceSamples) { sums, count in
        count = all.count / pieceSamples
        for index in 0..<count {
          let start = index * pieceSamples
          sums[index] = energy(of: UnsafeBufferPointer(rebasing: all[start..<(start + pieceSamples)]))
        }
      }
    }
  }

  /// Sum of the squares. The loop is one that the compiler can do several samples at a time of.
  static func energy(of samples: UnsafeBufferPointer<Int16>) -> Int {
    var sum: Int64 = 0
    for sample in samples { sum &+= Int64(Int32(sample) &* Int32(sample)) }
    return Int(sum)
  }

  private static func threshold(for energies: [Int]) -> Int { threshold(loudest: energies.max() ?? 0) }

  /// The energy above which a piece is audible beside the loudest one.
  static func threshold(loudest: Int) -> Int {
    min(max(loudest / range, surelySilent * pieceSamples), surelyAudible * pieceSamples)
  }

  private static func append(_ first: Int, _ last: Int, to spans: inout [SpeechSpan]) {
    guard last - first + 1 >= spanPieces else { return }
    spans.append(SpeechSpan(start: .zero + piece * first, end: .zero + piece * (last + 1)))
  }
}
