/// Says something and goes on.
public struct SayState: Sendable, Equatable {
  /// The first is said on the first visit, the next on the next; the last one stays.
  public var texts: [FlowText]
  /// False where the caller must hear it out.
  public var interruptible: Bool
  /// The state after it.
  public var next: String

  /// See the properties.
  public init(_ texts: [FlowText], interruptible: Bool = true, next: String) {
    self.texts = texts
    self.interruptible = interruptible
    self.next = next
  }
}
