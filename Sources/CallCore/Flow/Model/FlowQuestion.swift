/// How a state asks and waits, whatever it wants to hear.
public struct FlowQuestion: Sendable, Equatable {
  /// The first is asked first; each further asking takes the next, and the last one stays.
  public var prompts: [FlowText]
  /// False where the caller must hear the prompt out.
  public var interruptible: Bool
  /// Intents of this state, the most important first.
  public var intents: [FlowIntent]
  /// What to do when the caller says nothing.
  public var noInput: AskAgain
  /// What to do when nothing in the caller's words fits.
  public var noMatch: AskAgain
  /// How to wait.
  public var listening: ListenOptions
  /// The state after the beep of an answering machine. A state that has one only waits: words and keys are taken down and not answered.
  public var afterBeep: String?

  package init(
    _ prompts: [FlowText], interruptible: Bool = true, intents: [FlowIntent] = [], noInput: AskAgain = AskAgain(),
    noMatch: AskAgain = AskAgain(), listening: ListenOptions = ListenOptions(), afterBeep: String? = nil
  ) {
    self.prompts = prompts
    self.interruptible = interruptible
    self.intents = intents
    self.noInput = noInput
    self.noMatch = noMatch
    self.listening = listening
    self.afterBeep = afterBeep
    self.listening.awaitsBeep = afterBeep != nil
  }
}

/// What a question does when it got no answer, or none that fits.
public struct AskAgain: Sendable, Equatable {
  /// Said instead of the prompt; `{prompt}` in it stands for the question. The first is said first, the last one stays.
  /// Empty: the question itself is asked again, behind an apology where it has no other text.
  public var texts: [FlowText]
  /// How often to ask again in a row, 0 … 10.
  public var times: Int
  /// The state after that; `nil`: the flow gives up and the call ends.
  public var next: String?
  /// Whether the flow waits on instead: nothing is said, and nothing follows. It gives up after 300 turns in which nothing fitted.
  public var isIgnored = false

  /// Two more askings are what VoiceXML platforms and telephone menus commonly allow before they give up.
  public static let timesDefault = 2
  /// Said before the same question after silence.
  public static let noInputApology = "Sorry, I did not hear anything."
  /// Said before the same question after words that did not fit.
  public static let noMatchApology = "Sorry, I did not get that."

  package init(_ texts: [FlowText] = [], times: Int = AskAgain.timesDefault, next: String? = nil) {
    self.texts = texts
    self.times = times
    self.next = next
  }

  /// Waits on.
  package static let ignored: AskAgain = {
    var rule = AskAgain(times: 0)
    rule.isIgnored = true
    return rule
  }()
}

/// Something a caller may want, how it sounds, and what follows.
public struct FlowIntent: Sendable, Equatable {
  /// Unique in its state.
  public var name: String
  /// Any of these in the caller's words is the intent.
  public var patterns: [UtterancePattern]
  /// Sentences that mean it: asked for by meaning when nothing else fits the caller's words. Empty for an intent that is known by words alone.
  public var examples: [String]
  /// The keys that mean it, such as `1` or `*`; `nil` for none.
  public var keys: String?
  /// Said first, if anything.
  public var says: FlowText?
  /// Variables that get a value, in order.
  public var sets: [FlowAssignment]
  /// What follows.
  public var then: IntentConsequence

  package init(
    _ name: String, hear patterns: [UtterancePattern], like examples: [String] = [], keys: String? = nil,
    says: FlowText? = nil, sets: [FlowAssignment] = [], then: IntentConsequence
  ) {
    self.name = name
    self.patterns = patterns
    self.examples = examples
    self.keys = keys
    self.says = says
    self.sets = sets
    self.then = then
  }
}

/// What follows an intent.
public enum IntentConsequence: Sendable, Equatable {
  /// Go to this state of the flow that the intent is written in.
  case go(String)
  /// Ask the same question again.
  case askAgain
  /// Say again all that was said since the caller last brought the flow on.
  case repeatLast
}
