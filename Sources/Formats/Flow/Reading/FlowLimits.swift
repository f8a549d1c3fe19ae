public import CallCore

/// How large a flow file and its parts may be. Far above what a person writes, far below what would slow a server down.
public enum FlowLimits {
  /// UTF-8 bytes of a file.
  public static let fileBytesMax = 256 * 1024
  /// States of a flow.
  public static let statesMax = 200
  /// Characters of one text: about half a minute of speech.
  public static let textMax = 500
  /// Characters of a text with marks of SSML.
  public static let markedTextMax = 2000
  /// Characters of a tool's body, URL or header.
  public static let requestTextMax = 4000
  /// Texts of one list.
  public static let textsMax = 20
  /// Characters of a name.
  public static let nameMax = 60
  /// Variables of a flow.
  public static let variablesMax = 100
  /// Intents of a state, or of the file.
  public static let intentsMax = 50
  /// Phrases of an intent or a choice.
  public static let patternsMax = 100
  /// Characters of a phrase or an expression.
  public static let patternMax = 200
  /// Sentences of a flow that intents are known by in meaning: 5 ms of a core each, once (measured).
  public static let examplesMax = 300
  /// Expressions of a flow. Each may take 128 KB in the end.
  public static let expressionsMax = 1000
  /// Instructions of all expressions of a flow, as RE2 compiles them: some 30 for a short one, a thousand where `\pL` or `.` is repeated. To
  /// compile so many takes half a second at most.
  public static let expressionSizeMax = 150_000
  /// Branches of a decision and choices of a slot.
  public static let branchesMax = 50
  /// Askings after the first.
  public static let askAgainMax = 10
  /// Digits of a slot.
  public static let digitsMax = 40
  /// How long a question waits for the caller.
  public static let noInputAfter = CallDuration.seconds(1)...CallDuration.seconds(60)
  /// Silence after which no beep is awaited any more, unless the flow says otherwise: longer than the gap between a greeting and its beep.
  public static let noBeepAfter = CallDuration.seconds(3)
  /// Silence that ends a turn.
  public static let endOfTurnSilence = CallDuration.milliseconds(200)...CallDuration.seconds(5)
  /// How long a tool may take.
  public static let timeout = CallDuration.milliseconds(100)...CallDuration.seconds(30)
  /// Tools of a language model's state.
  public static let modelToolsMax = 20
  /// Turns that a language model may take with a caller.
  public static let modelTurns = 1...100
  /// How long it may take.
  public static let modelTime = CallDuration.seconds(10)...CallDuration.seconds(3600)
  /// Tokens of one answer.
  public static let modelTokens = 16...4096
  /// Answers of it that are begun before a turn is over.
  public static let modelEarlyAnswers = 0...1
  /// Retries of a tool.
  public static let retriesMax = 2
}
