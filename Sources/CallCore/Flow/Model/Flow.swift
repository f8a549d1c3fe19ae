/// What an agent does in a call: a graph of states. `Samples/flows/README.md` says how one is written down.
public struct Flow: Sendable, Equatable {
  /// Unique among the flows of a server; lower-case letters, digits and hyphens.
  public var name: String
  /// A few words for people.
  public var title: String
  /// What the flow is for, in a sentence or two; may be empty.
  public var description: String
  /// Id of the voice that speaks; `nil` for the server's own.
  public var voice: String?
  /// BCP 47 tag, such as `en-US`.
  public var language: String
  /// Name of the first state.
  public var start: String
  /// Variables and the values they have when the call begins.
  public var variables: [String: String]
  /// Silence that ends a turn in this flow, where a state says nothing else; `nil` for the call's own.
  public var endOfTurnSilence: CallDuration?
  /// Intents that count in every state that waits for the caller, after the state's own.
  public var everywhere: [FlowIntent]
  /// Said before the call ends because nothing was heard or understood and no state was named for that.
  public var giveUp: FlowText
  /// In the order of the file; names are unique.
  public var states: [FlowState]

  /// See the properties.
  public init(
    name: String, title: String = "", description: String = "", voice: String? = nil, language: String = "en-US",
    start: String, variables: [String: String] = [:], endOfTurnSilence: CallDuration? = nil,
    everywhere: [FlowIntent] = [], giveUp: FlowText = Flow.giveUpDefault, states: [FlowState]
  ) {
    self.name = name
    self.title = title
    self.description = description
    self.voice = voice
    self.language = language
    self.start = start
    self.variables = variables
    self.endOfTurnSilence = endOfTurnSilence
    self.everywhere = everywhere
    self.giveUp = giveUp
    self.states = states
  }

  /// Nobody is cut off without a word.
  public static let giveUpDefault = FlowText("I am sorry, I could not help you this time. Goodbye.")

  /// The state of that name.
  public func state(named name: String) -> FlowState? { states.first { $0.name == name } }
}
