public import CallCore
import JSON

/// A flow as states and the ways between them, in the shape of `/api/flows` (see `Wire.md`), for pages and pictures.
public struct FlowGraph: Sendable, Hashable {
  /// One state.
  public struct State: Sendable, Hashable, Encodable {
    /// Unique in the graph.
    public var name: String
    /// One of `FlowStateKind.words`.
    public var kind: String
    /// What it says or does, in its own words.
    public var text: String
    /// What a language model may do in it; `nil` where none talks.
    public var tools: [Tool]?
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
    states = flow.states.map {
      State(name: $0.name, kind: $0.kind.word, text: $0.kind.summary, tools: Self.tools(of: $0, in: flow))
    }
    ownTransitions = flow.states.flatMap(\.transitions)
    questions = flow.states.filter { $0.kind.question != nil }.map(\.name)
    everywhere = flow.everywhere.compactMap { intent in
      if case .go(let next) = intent.then {
        FlowTransition(from: "", to: next, label: intent.name, kind: .intent)
      } else {
        nil
      }
    }
  }

  /// Every way between two states, with those of the intents that count everywhere.
  public var transitions: [FlowTransition] {
    ownTransitions
      + questions.flatMap { question in
        everywhere.map { FlowTransition(from: question, to: $0.to, label: $0.label, kind: $0.kind) }
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

extension FlowGraph {
  /// Stands for every state that waits for the caller, so that intents that count everywhere are drawn once.
  static let everywhereName = "(any question)"

  /// The states as they are drawn: with the flows that are transferred to, and one box for every question.
  var drawnStates: [State] {
    let others = ownTransitions.map(\.to).filter { $0.hasPrefix("flow:") }.reduce(into: [String]()) { names, name in
      if !names.contains(name) { names.append(name) }
    }
    let pseudo = everywhere.isEmpty ? [] : [State(name: FlowGraph.everywhereName, kind: "everywhere", text: "")]
    return states + others.map { State(name: $0, kind: "flow", text: "") } + pseudo
  }

  /// The ways as they are drawn: those between the same two states are one, with all its labels.
  var drawnTransitions: [FlowTransition] {
    let all =
      ownTransitions
      + everywhere.map { FlowTransition(from: FlowGraph.everywhereName, to: $0.to, label: $0.label, kind: $0.kind) }
    var merged: [FlowTransition] = []
    var places: [[String]: Int] = [:]
    for way in all {
      if let place = places[[way.from, way.to]] {
        merged[place].label += way.label.isEmpty ? "" : ", \(way.label)"
        // The way is a common one when one of its reasons is.
        if merged[place].kind.isAside { merged[place].kind = way.kind }
      } else {
        places[[way.from, way.to]] = merged.count
        merged.append(way)
      }
    }
    return merged
  }
}

extension FlowTransition.Kind {
  /// Whether it is drawn aside, because a call seldom goes there.
  var isAside: Bool { self == .otherwise || self == .noInput || self == .noMatch }
}

extension FlowGraph {
  /// The flow as a Mermaid flowchart, for Markdown files and wikis.
  public var mermaid: String {
    var lines = ["---", "title: \(FlowGraph.quoted(title))", "---", "flowchart TD"]
    let drawn = drawnStates
    let ids = Dictionary(uniqueKeysWithValues: drawn.enumerated().map { ($1.name, "s\($0)") })
    for state in drawn {
      let about = [state.text].filter { !$0.isEmpty } + (state.tools ?? []).map(\.line)
      let text = about.map { "<br/>\(FlowGraph.mermaidText($0))" }.joined()
      let label = "\"<b>\(FlowGraph.mermaidText(state.name))</b>\(text)\""
      let (open, close) = FlowGraph.mermaidShape(of: state.kind)
      lines.append("  \(ids[state.name] ?? "")\(open)\(label)\(close)")
    }
    for way in drawnTransitions {
      guard let from = ids[way.from], let to = ids[way.to] else { continue }
      let label = way.label.isEmpty ? "" : "|\"\(FlowGraph.mermaidText(way.label))\"|"
      lines.append("  \(from) -->\(label) \(to)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func mermaidShape(of kind: String) -> (String, String) {
    switch kind {
    case "listen", "collect", "everywhere": ("(", ")")
    case "decide": ("{", "}")
    case "tool": ("[[", "]]")
    case "end", "phone-transfer", "flow", "transfer": ("([", "])")
    default: ("[", "]")
    }
  }

  /// For the YAML above the chart.
  private static func quoted(_ text: String) -> String {
    let escaped = text.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0.isNewline ? " " : $0] }
    return "\"\(String(escaped))\""
  }

  /// Mermaid's own entities; whatever it might read as syntax becomes one.
  private static func mermaidText(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { escaped, scalar in
      switch scalar {
      case "\"", "<", ">", "&", "#", "|", "{", "}", "[", "]", "(", ")", ";", ":", "`", "\\":
        escaped += "#\(scalar.value);"
      case _ where scalar.value < 0x20: escaped += " "
      default: escaped.unicodeScalars.append(scalar)
      }
    }
  }
}
