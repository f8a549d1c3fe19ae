/// A state in which a language model speaks for the agent, with tools. What it may do is written down; what it says is its own.
public struct LanguageModelState: Sendable, Equatable {
  /// What the model is told to be and to do, in every question anew.
  public var prompt: FlowText
  /// How the state asks and waits. `prompts` is what the agent says first, before any model is asked; where there is none, the model begins.
  /// Intents that are said in so many words count before the model is asked.
  public var question: FlowQuestion
  /// What the model may call, besides keeping `slots`.
  public var tools: [LanguageModelTool]
  /// What the model is to find out. A value counts only when the caller said or confirmed it.
  public var slots: [LanguageModelSlot]
  /// The state after every one of `slots` has a value; `nil`: only tools lead on.
  public var next: String?
  /// The state after the model failed, or a limit was reached; `nil`: the call ends with an engine failure.
  public var failed: String?
  /// Most turns of the caller, over every visit of such states in the call. 1 … 100.
  public var turnsMax: Int
  /// Longest time since the first visit. 10 s … 1 h.
  public var timeMax: CallDuration
  /// Most tokens of one answer. 16 … 4096.
  public var tokensMax: Int
  /// Answers that may be begun before a turn of the caller is over, a turn: see `TurnLimits.earlyAnswersMax`. 0 … 1.
  public var earlyAnswersMax: Int

  /// A conversation that has not come to anything by then does not any more.
  public static let turnsDefault = 30
  /// As long as most people stay on a line.
  public static let timeDefault = CallDuration.seconds(600)
  /// Some eight sentences.
  public static let tokensDefault = 200
  /// The caller waits less, and at worst a turn costs twice its tokens.
  public static let earlyAnswersDefault = 1

  package init(
    prompt: FlowText, question: FlowQuestion, tools: [LanguageModelTool] = [], slots: [LanguageModelSlot] = [],
    next: String? = nil, failed: String? = nil, turnsMax: Int = LanguageModelState.turnsDefault,
    timeMax: CallDuration = LanguageModelState.timeDefault, tokensMax: Int = LanguageModelState.tokensDefault,
    earlyAnswersMax: Int = LanguageModelState.earlyAnswersDefault
  ) {
    self.prompt = prompt
    self.question = question
    self.tools = tools
    self.slots = slots
    self.next = next
    self.failed = failed
    self.turnsMax = turnsMax
    self.timeMax = timeMax
    self.tokensMax = tokensMax
    self.earlyAnswersMax = earlyAnswersMax
  }
}

/// Something that a language model may do in its state.
public struct LanguageModelTool: Sendable, Equatable {
  /// What comes of it.
  public enum Effect: Sendable, Equatable {
    /// The request of this state, which is a tool state, is made with the arguments as variables, and the model learns what came of it. The
    /// conversation stays where it is.
    case call(String)
    /// The flow goes to this state. The arguments are variables there.
    case go(String)
  }

  /// 1 to 60 letters, digits, `_` and `-`; unique in its state, and not `save`.
  public var name: String
  /// What it is for, in words for the model.
  public var about: String
  /// What it takes. All must be given.
  public var arguments: [LanguageModelSlot]
  /// What comes of it.
  public var effect: Effect

  package init(_ name: String, about: String, arguments: [LanguageModelSlot] = [], effect: Effect) {
    (self.name, self.about, self.arguments, self.effect) = (name, about, arguments, effect)
  }

  /// The tool by which a model keeps what it found out.
  package static let save = "save"
}

/// A value that a language model finds out or hands over.
public struct LanguageModelSlot: Sendable, Equatable {
  /// The variable.
  public var name: String
  /// What it is, in words for the model.
  public var about: String
  /// What counts as a value.
  public var kind: SlotKind

  package init(_ name: String, about: String = "", kind: SlotKind) {
    (self.name, self.about, self.kind) = (name, about, kind)
  }
}
