/// The number of a call within this process, never used twice.
public struct CallNumber: Sendable, Hashable {
  /// 1 and up.
  public let value: UInt64

  /// - Parameter value: 1 and up.
  public init(_ value: UInt64) { self.value = value }
}
