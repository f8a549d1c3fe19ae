public import CallCore

/// Where in a recording somebody speaks, so that the recogniser never hears mere silence or noise, of which it makes words.
public struct SpeechStretches {
  /// Speech probability of a window from which on it counts as speech: the detector's own threshold.
  private static let speech = SpeechProbability(thousandths: 500)
  /// Kept in front of and behind the speech, in windows of 32 ms: soft first and last sounds.
  private static let margin = 8
  /// Stretches closer than this are one, in windows: a pause inside a sentence, which recognition is better not cut at.
  private static let pauseMax = 25

  /// Fewest windows of speech in a stretch: less than 96 ms is a click, as for calls (`TurnLimits.speechMin`).
  private static let windowsMin = 3

  private let detector: any SpeechDetector

  /// - Parameter detector: used by one thread at a time.
  public init(detector: any SpeechDetector) { self.detector = detector }

  /// Listens from the beginning.
  ///
  /// - Parameter samples: 16 kHz mono.
  /// - Returns: ranges of `samples` in order, none overlapping.
  public func find(in samples: [Int16]) throws(EngineError) -> [Range<Int>] {
    detector.reset()
    let size = SpeechDetectorWindow.samples
    var stretches: [(range: Range<Int>, speech: Int)] = []  // in windows
    for window in 0..<((samples.count + size - 1) / size) {
      guard try isSpeech(samples, window * size) else { continue }
      let range = max(window - Self.margin, 0)..<(window + Self.margin + 1)
      if let last = stretches.last, range.lowerBound - last.range.upperBound < Self.pauseMax - 2 * Self.margin {
        stretches[stretches.count - 1] = (last.range.lowerBound..<range.upperBound, last.speech + 1)
      } else {
        stretches.append((range, 1))
      }
    }
    return stretches.filter { $0.speech >= Self.windowsMin }.map { stretch in
      (stretch.range.lowerBound * size)..<min(stretch.range.upperBound * size, samples.count)
    }
  }

  private func isSpeech(_ samples: [Int16], _ start: Int) throws(EngineError) -> Bool {
    let size = SpeechDetectorWindow.samples
    var window = Array(samples[start..<min(start + size, samples.count)])
    window += [Int16](repeating: 0, count: size - window.count)
    return try window.withUnsafeBufferPointer { buffer throws(EngineError) in
      try detector.probability(of: buffer) >= Self.speech
    }
  }
}

/// Cuts a long turn where the caller was quietest, because Moonshine repeats itself on long audio (a part of 44 s ran away
/// for 9.5 s of computing).
public enum SegmentSplitter {
  /// Longest part, unless a recogniser says otherwise: 10 s at 16 kHz.
  public static let samplesMax = 160_000
  /// The quietest stretch of this length is cut in its middle: 100 ms.
  private static let pause = 1600
  /// The search moves by this much: 10 ms.
  private static let step = 160

  /// - Parameter samplesMax: longest part. A cut is made no earlier than at 6/10 of it (6 s of 10), so that a part has enough context.
  /// - Returns: ranges that cover `turn` without gap or overlap, each at most `samplesMax` long; none for no samples.
  public static func split(_ turn: [Int16], samplesMax: Int = samplesMax) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var start = 0
    while turn.count - start > samplesMax {
      let end = quietest(in: turn, from: start + samplesMax / 10 * 6, to: start + samplesMax)
      parts.append(start..<end)
      start = end
    }
    if start < turn.count { parts.append(start..<turn.count) }
    return parts
  }

  private static func quietest(in turn: [Int16], from first: Int, to last: Int) -> Int {
    var best = last - pause / 2
    var bestEnergy = Int.max
    for start in stride(from: first, through: last - pause, by: step) {
      let energy = turn[start..<(start + pause)].reduce(0) { $0 + Int($1) * Int($1) }
      if energy < bestEnergy { (best, bestEnergy) = (start + pause / 2, energy) }
    }
    return best
  }
}
