/// What a caller wants and knows whom a language model plays, in place of turns that are written.
public struct CallerBrief: Sendable, Equatable {
  /// What the call is for, in the caller's own terms.
  public var goal: String
  /// What the caller knows; nothing else may be named.
  public var facts: [CallerFact] = []
  /// How the caller talks.
  public var manner = ""
  /// What the caller takes and what not.
  public var rules = CallerRules()
  /// Most turns that the caller takes; the caller then hangs up.
  public var turnsMax = 20
  /// How likely the caller talks over an utterance of the agent, in per cent. Drawn from the seed.
  public var interruptionPercent = 0
  /// How far into the utterance that is.
  public var interruptsAfter = CallDuration.milliseconds(1500)

  /// A caller who knows nothing.
  public init(goal: String) { self.goal = goal }

  /// The fact with this id.
  public func fact(_ id: String) -> CallerFact? { facts.first { $0.id == id } }
}

/// Something that a caller knows. The model names it by its id, and the value is put into the words here: it cannot be said wrong.
public struct CallerFact: Sendable, Equatable {
  /// Letters, digits, `-` and `_`.
  public var id: String
  /// As it is said, such as `555 0147`.
  public var value: String
  /// Whether the caller keeps it back until the agent asks for it.
  public var isKeptBack: Bool
  /// Words or phrases of which the agent says one when it asks for this.
  public var askedBy: [String]

  /// - Parameter askedBy: `nil`: the words of the id.
  public init(_ id: String, _ value: String, isKeptBack: Bool = false, askedBy: [String]? = nil) {
    (self.id, self.value, self.isKeptBack) = (id, value, isKeptBack)
    self.askedBy = askedBy ?? id.split { $0 == "-" || $0 == "_" }.map(String.init)
  }
}

/// What a caller decides by.
public struct CallerRules: Sendable, Equatable {
  /// What the result has to be.
  public var must: [String] = []
  /// What is taken, too.
  public var accept: [String] = []
  /// Words of an offer that is refused, such as `Monday`.
  public var never: [String] = []

  /// None.
  public init() {}
}

/// How far a caller with a goal has come, by the caller's own account. The raw values stand in case files and reports.
public enum GoalState: String, Sendable, Equatable, CaseIterable {
  /// Not there yet.
  case open
  /// The agent has done what the caller wanted.
  case reached
  /// The agent cannot or will not.
  case impossible
}
