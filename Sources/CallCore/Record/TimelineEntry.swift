/// Something that happened in a call, for the record's timeline.
public struct TimelineEntry: Sendable, Equatable {
  /// What kind of thing happened. The raw values stand in the REST answers.
  public enum Kind: String, Sendable {
    case speechStarted = "speech-started"
    case speechStopped = "speech-stopped"
    case turnEnded = "turn-ended"
    case stateEntered = "state-entered"
    case slotFilled = "slot-filled"
    case agentStarted = "agent-started"
    case agentFinished = "agent-finished"
    case bargeIn = "barge-in"
    case keyPressed = "key-pressed"
    case noInput = "no-input"
    case noMatch = "no-match"
    case toolCalled = "tool-called"
    case toolAnswered = "tool-answered"
    case engineFailed = "engine-failed"
    case limitReached = "limit-reached"
    case ended
  }

  /// When.
  public var at: Timestamp
  /// What.
  public var kind: Kind
  /// The rest in a few words: a state's name, a slot and its value, an error.
  public var detail: String

  /// All values as described at the properties.
  public init(at: Timestamp, kind: Kind, detail: String) {
    self.at = at
    self.kind = kind
    self.detail = detail
  }
}
