public import CallCore

/// When a packet arrives: never, once or twice.
public struct Arrivals: Sendable, Equatable {
  /// `nil` when the packet is lost.
  public var first: Timestamp?
  /// Of a packet that arrives twice; not before `first`.
  public var second: Timestamp?

  /// See the properties.
  public init(first: Timestamp?, second: Timestamp?) {
    self.first = first
    self.second = second
  }

  /// A lost packet.
  public static let none = Arrivals(first: nil, second: nil)

  /// How often: 0, 1 or 2.
  public var count: Int { (first == nil ? 0 : 1) + (second == nil ? 0 : 1) }
}
