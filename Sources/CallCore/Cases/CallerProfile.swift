/// Who calls.
public struct CallerProfile: Sendable, Equatable {
  /// What kind of person, for readers and for callers that are driven by a language model.
  public var persona = ""
  /// Whose voice. Not the agent's usual one, so that a recording is easy to follow.
  public var voice: Voice.ID = "heart-low"
  /// How the voice is bent.
  public var style = SpeakingStyle.plain
  /// How long the caller thinks before answering the agent: 300 ms, a usual gap between people (Heldner and Edlund 2010 give
  /// 200 ms as the median; a menu takes a little longer).
  public var pauseBeforeAnswer = CallDuration.milliseconds(300)
  /// How long the caller waits for an answer before the turn counts as missed.
  public var patience = CallDuration.seconds(8)

  /// The defaults described at the properties.
  public init() {}
}
