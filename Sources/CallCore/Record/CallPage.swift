/// A page of the history.
public struct CallPage: Sendable {
  /// Newest first.
  public var calls: [CallSummary]
  /// Where the next page begins; `nil` on the last page.
  public var nextCursor: String?

  /// - Parameter nextCursor: `nil` on the last page.
  public init(calls: [CallSummary], nextCursor: String?) {
    self.calls = calls
    self.nextCursor = nextCursor
  }
}
