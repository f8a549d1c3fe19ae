public import CallCore

/// A flow as states and the ways between them, in the shape of `/api/flows` (see `Wire.md`), for pages and pictures.
public struct FlowGraph: Sendable, Hashable {
  /// One state.
  public struct State: Sendable, Hashable, Codable {
    /// Unique in the graph.
    public var name: String
    /// One of `FlowStateKind.words`.
    public var kind: String
    /// What it says or does, in its own words.
    public var text: String

    /// See the properties.
    public init(name: String, kind: String, text: String) {
      self.name = name
      self.kind = kind
      self.text = text
    }
  }

  /// Of the flow.
  public var name: String
  /// Of the flow.
  public var title: String
  /// Of the flow.
  public var description: String
  /// Name of the first state.
  public var start: String
  /// In the order of the file.
  public var states: [State]
  /// What each state says of itself, in the order of the file.
  public var ownTransitions: [FlowTransition]
  /// The intents that count in every state that waits for the caller: name and target.
  public var everywhere: [FlowTransition]
  /// The states that wait for the caller.
  public var questions: [String]

  /// - Parameter flow: any that `FlowReader` accepted.
  public init(_ flow: Flow) {
    name = flow.name
    title = flow.title
    description = flow.description
    start = flow.start
    states = flow.states.map { State(name: $0.name, kind: $0.kind.word, text: $0.kind.summary) }
    ownTransitions = flow.states.flatMap(\.transitions)
    questions = flow.states.filter { $0.kind.question != nil }.map(\.name)
    everywhere = flow.everywhere.compactMap { intent in
      if case .go(let next) = intent.then { FlowTransition(from: "", to: next, label: intent.name) } else { nil }
    }
  }

  /// Every way between two states, with those of the intents that count everywhere.
  public var transitions: [FlowTransition] {
    ownTransitions
      + questions.flatMap { question in
        everywhere.map { FlowTransition(from: question, to: $0.to, label: $0.label) }
      }
  }
}

extension FlowGraph: Encodable {
  private enum CodingKeys: String, CodingKey {
    case name, title, description, start, states, transitions
  }

  /// The `Flow` of `Wire.md`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(title, forKey: .title)
    try container.encode(description, forKey: .description)
    try container.encode(start, forKey: .start)
    try container.encode(states, forKey: .states)
    try container.encode(transitions, forKey: .transitions)
  }
}
