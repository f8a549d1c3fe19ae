/// What a state does, with all it needs for that.
public enum FlowStateKind: Sendable, Equatable {
  /// Says something and goes on.
  case say(SayState)
  /// Asks, and goes where the caller's intent leads.
  case listen(ListenState)
  /// Asks for one value and keeps it in a slot.
  case collect(CollectState)
  /// Goes on by what is known.
  case decide(DecideState)
  /// Makes an HTTP request.
  case tool(ToolState)
  /// Goes on in another flow.
  case transfer(TransferState)
  /// Hands the caller to a telephone number.
  case phoneTransfer(PhoneTransferState)
  /// Says goodbye and hangs up.
  case end(EndState)

  /// The word for it in flow files and on the wire.
  public var word: String {
    switch self {
    case .say: "say"
    case .listen: "listen"
    case .collect: "collect"
    case .decide: "decide"
    case .tool: "tool"
    case .transfer: "transfer"
    case .phoneTransfer: "phone-transfer"
    case .end: "end"
    }
  }

  /// Every word for a kind.
  public static let words = ["say", "listen", "collect", "decide", "tool", "transfer", "phone-transfer", "end"]

  /// The question of a state that waits for the caller; `nil` for every other kind.
  public var question: FlowQuestion? {
    switch self {
    case .listen(let state): state.question
    case .collect(let state): state.question
    case .say, .decide, .tool, .transfer, .phoneTransfer, .end: nil
    }
  }
}
