/// One generator's part of a load that several place together: of all calls in the order in which they begin, every so manieth. All parts
/// together are the calls of the whole.
public struct LoadSegment: Sendable, Equatable {
  /// Which part, from 0.
  public let index: Int
  /// Of how many, 1 … `countMax`.
  public let count: Int

  /// Most generators of one load: at a second each, what they tell is no work for a database.
  public static let countMax = 100
  /// All of the load.
  public static let whole = LoadSegment(0, of: 1)

  /// - Parameters:
  ///   - index: from 0, below `count`.
  ///   - count: 1 … `countMax`.
  public init(_ index: Int, of count: Int) {
    precondition((1...Self.countMax).contains(count) && (0..<count).contains(index), "a part is one of the whole")
    (self.index, self.count) = (index, count)
  }

  /// How many of the first `total` calls are of this part.
  func share(of total: Int) -> Int { max(total - index + count - 1, 0) / count }

  /// Which call of the whole a call of this part is, both counted from 0.
  func call(_ own: Int) -> Int { own * count + index }
}
