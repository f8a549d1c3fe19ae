/// Which calls to list; `nil` means any.
public struct CallFilter: Sendable, Equatable {
  /// Name of the flow.
  public var flow: String?
  /// The flow's outcome, exactly.
  public var outcome: String?
  /// Why the call ended.
  public var reason: CloseReason?

  /// Everything `nil` lists every call.
  public init(flow: String? = nil, outcome: String? = nil, reason: CloseReason? = nil) {
    self.flow = flow
    self.outcome = outcome
    self.reason = reason
  }
}
