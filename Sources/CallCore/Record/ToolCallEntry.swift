/// A call of a tool that a language model made, with what people may know of it.
public struct ToolCallEntry: Sendable, Hashable {
  /// How far it is. The raw values stand on the wire.
  public enum State: String, Sendable, CaseIterable {
    /// It goes on.
    case called
    /// What was wanted is done.
    case done
    /// It is not, or not all of it.
    case failed
  }

  /// Counts the call's entries from 1.
  public var number: Int
  /// The caller's turn in which the model called it; 0 before the first.
  public var turn: TurnID
  /// When the model called it.
  public var at: Timestamp
  /// Of the tool, as the model wrote it; at most `nameMax` scalars.
  public var name: String
  /// Those that the tool has, by name, each at most `valueMax` scalars; `SecretName.mask` in place of a credential. Of a tool that there is
  /// not, none.
  public var arguments: [String: String]
  /// How far it is.
  public var state: State
  /// From the call to its result; `nil` while it goes on.
  public var duration: CallDuration?
  /// What came of it, in a few words and without anything that a tool's server answered.
  public var detail: String

  /// As long as a flow's tools may be called.
  public static let nameMax = 60
  /// A line.
  public static let valueMax = 100

  package init(
    number: Int, turn: TurnID, at: Timestamp, name: String, arguments: [String: String] = [:], state: State = .called,
    duration: CallDuration? = nil, detail: String = ""
  ) {
    (self.number, self.turn, self.at, self.name) = (number, turn, at, name)
    (self.arguments, self.state, self.duration, self.detail) = (arguments, state, duration, detail)
  }
}
