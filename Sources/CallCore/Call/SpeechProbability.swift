/// How likely a window of caller audio holds speech, in thousandths: an integer, so that replays are exact.
public struct SpeechProbability: Hashable, Comparable, Sendable {
  /// 0 … 1000.
  public let thousandths: Int

  /// - Parameter thousandths: clamped to 0 … 1000.
  public init(thousandths: Int) { self.thousandths = min(max(thousandths, 0), 1000) }

  /// Certainly silence; also what a closed energy gate reports.
  public static let silence = SpeechProbability(thousandths: 0)

  /// Earlier or smaller.
  public static func < (left: SpeechProbability, right: SpeechProbability) -> Bool {
    left.thousandths < right.thousandths
  }
}
