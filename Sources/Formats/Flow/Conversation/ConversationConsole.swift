import CallCore

/// Holds a text conversation with whoever types the lines.
public struct ConversationConsole {
  /// The conversation; begun by `run`.
  public private(set) var conversation: TextConversation
  private let nextLine: () -> String?
  private let show: (String) -> Void

  /// - Parameters:
  ///   - conversation: has not begun.
  ///   - nextLine: what the caller types next; `nil` hangs up.
  ///   - show: takes one line of output, without its end.
  public init(
    _ conversation: TextConversation, nextLine: @escaping () -> String?, show: @escaping (String) -> Void
  ) {
    self.conversation = conversation
    self.nextLine = nextLine
    self.show = show
  }

  /// Until the flow ends or the caller hangs up.
  public mutating func run() {
    conversation.begin().forEach { show($0.description) }
    while conversation.ending == nil, let line = nextLine(), line.trimmingBlanks != "/quit" {
      if let events = conversation.take(line) {
        events.forEach { show($0.description) }
      } else {
        show("        there is: /keys 123, /silence, /mumble, /quit; everything else is said")
      }
    }
    if conversation.ending == nil { show("ended   \(CloseReason.callerHungUp.rawValue)") }
  }
}

extension String {
  fileprivate var trimmingBlanks: String { trimming(\.isWhitespace) }
}
