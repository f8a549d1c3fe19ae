/// What a client decides about turns itself, where its wire lets it, as OpenAI's Realtime protocol does. Others never say any of it.
public enum TurnCommand: Sendable, Equatable {
  /// Turns are taken like this from now on.
  case configure(TurnSettings)
  /// The turn is over: its words are to be recognised, and the agent waits for `.reply`.
  case commit
  /// What was heard of the turn so far is not meant.
  case discardInput
  /// The agent is to answer the last turn, or to say again what it said last.
  case reply
  /// The agent is to be silent; the call goes on as if everything had been said.
  case cancelReply
  /// What the client says of a conversation to which it brings its own instructions.
  case instruct(TalkInstruction)
}

/// How turns are taken. The defaults are those of clients that decide nothing.
public struct TurnSettings: Sendable, Equatable {
  /// Whether speech begins a turn, silence ends it, and speech interrupts the agent. Without it, all that is heard belongs to a turn that
  /// only `TurnCommand.commit` ends.
  public var detectsTurns = true
  /// Whether the agent answers turns by itself and asks again when nothing is said. Without it, it waits for `TurnCommand.reply`.
  public var repliesByItself = true
  /// Whether speech over the agent stops it. Without it, the caller has the turn when the agent has finished.
  public var speechInterrupts = true
  /// Silence that ends a turn in every state of the flow; `nil`: what flow and `TurnLimits` say.
  public var endOfTurnSilence: CallDuration?
  /// Silence of the caller after which the agent asks again; `nil`: what the flow says.
  public var noInputAfter: CallDuration?
  /// Probability at which silence becomes speech; `nil`: `TurnLimits.speechThreshold`.
  public var speechThreshold: SpeechProbability?

  /// Everything at its default.
  public init() {}
}
