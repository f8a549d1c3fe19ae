/// What follows an intent.
public enum IntentConsequence: Sendable, Equatable {
  /// Go to this state of the flow that the intent is written in.
  case go(String)
  /// Ask the same question again.
  case askAgain
  /// Say again all that was said since the caller last brought the flow on.
  case repeatLast
}
