/// Cuts a long turn where the caller was quietest, because Moonshine repeats itself on long audio (a part of 44 s ran away
/// for 9.5 s of computing).
public enum SegmentSplitter {
  /// Longest part: 10 s at 16 kHz.
  public static let samplesMax = 160_000
  /// A cut is made no earlier: 6 s, so that a part has enough context.
  public static let samplesMin = 96_000
  /// The quietest stretch of this length is cut in its middle: 100 ms.
  private static let pause = 1600
  /// The search moves by this much: 10 ms.
  private static let step = 160

  /// - Returns: ranges that cover `turn` without gap or overlap, each at most `samplesMax` long; none for no samples.
  public static func split(_ turn: [Int16]) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var start = 0
    while turn.count - start > samplesMax {
      let end = quietest(in: turn, from: start + samplesMin, to: start + samplesMax)
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
