public import CallCore
import Histogram

/// Waits, as a histogram of high dynamic range (HdrHistogram.org): every wait counts, and a percentile is off by at most 0.1 %, or by 0.1 ms
/// below 200 ms.
public struct LatencyRecord: Sendable {
  /// Longest wait that is told apart; a longer one counts as this long.
  public static let waitMax = CallDuration.seconds(120)
  /// One count of the histogram: a tenth of a millisecond.
  private static let unit: Int64 = 100

  private var histogram = Histogram<UInt32>(
    lowestDiscernibleValue: 1, highestTrackableValue: UInt64(Self.waitMax.microseconds / Self.unit),
    numberOfSignificantValueDigits: .three)

  /// Nothing was measured yet. Takes 40 KB.
  public init() {}

  /// How many waits there are.
  public var count: Int { Int(histogram.totalCount) }

  /// Takes in a wait; a negative one counts as none. Allocates nothing.
  public mutating func add(_ wait: CallDuration) {
    let kept = min(max(wait, .zero), Self.waitMax)
    histogram.record(UInt64((kept.microseconds + Self.unit / 2) / Self.unit))
  }

  /// Takes in all waits of another.
  public mutating func add(_ other: LatencyRecord) { histogram.add(other.histogram) }

  /// Every wait that came, shortest first, in tenths of a millisecond, each followed by how often it came. Put into an empty record they make
  /// the same one.
  public var counts: [Int] {
    var counts = count == 0 ? [] : histogram.recordedValues().flatMap { [Int($0.value), Int($0.count)] }
    // Of waits that are not told apart any of them stands for all; but the longest is known.
    if !counts.isEmpty { counts[counts.count - 2] = Int(histogram.maxRecorded) }
    return counts
  }

  /// Takes in the `counts` of another.
  /// - Returns: false where they are none: an odd number of them, a wait over `waitMax`, a count below 1.
  public mutating func add(counts: [Int]) -> Bool {
    guard counts.count.isMultiple(of: 2) else { return false }
    for place in stride(from: 0, to: counts.count, by: 2) {
      let (wait, count) = (counts[place], counts[place + 1])
      guard wait >= 0, wait <= Int(Self.waitMax.microseconds / Self.unit), let count = UInt32(exactly: count), count > 0
      else { return false }
      histogram.record(UInt64(wait), count: count)
    }
    return true
  }

  /// Forgets everything.
  public mutating func reset() { histogram.reset() }

  /// The shortest wait that `share` per cent do not exceed; `nil` of none.
  /// - Parameter share: above 0, at most 100.
  public func percentile(_ share: Double) -> CallDuration? {
    count == 0 ? nil : .microseconds(Int64(histogram.valueAtPercentile(share)) * Self.unit)
  }

  /// The longest wait; `nil` of none.
  public var longest: CallDuration? { count == 0 ? nil : .microseconds(Int64(histogram.max) * Self.unit) }

  /// The mean; `nil` of none.
  public var mean: CallDuration? {
    count == 0 ? nil : .microseconds(Int64(Int(nearest: histogram.mean * Double(Self.unit))))
  }
}
