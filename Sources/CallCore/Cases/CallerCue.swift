/// When a caller begins a turn.
public enum CallerCue: Sendable, Equatable {
  /// When the agent has finished and has been quiet for `CallerProfile.pauseBeforeAnswer`.
  case whenAsked
  /// This long after the agent's next utterance became audible, over its voice.
  case overAgent(after: CallDuration)
  /// When the agent is about to have said this phrase, over its voice. The instant is worked out from the agent's text at its
  /// usual pace, so it is exact to a few words.
  case atPhrase(String)
  /// Over the agent, too: the cues that need it to speak.
  public var isOverAgent: Bool { self != .whenAsked }
}
