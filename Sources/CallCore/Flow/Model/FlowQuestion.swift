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

  /// See the properties.
  public init(
    _ prompts: [FlowText], interruptible: Bool = true, intents: [FlowIntent] = [], noInput: AskAgain = AskAgain(),
    noMatch: AskAgain = AskAgain(), listening: ListenOptions = ListenOptions()
  ) {
    self.prompts = prompts
    self.interruptible = interruptible
    self.intents = intents
    self.noInput = noInput
    self.noMatch = noMatch
    self.listening = listening
  }
}
