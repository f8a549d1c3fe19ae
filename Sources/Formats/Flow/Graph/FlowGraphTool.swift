import CallCore

extension FlowGraph {
  /// Something that a language model may do in its state.
  public struct Tool: Sendable, Hashable, Encodable {
    /// What comes of it. The raw values stand in REST.
    public enum Effect: String, Sendable, Encodable, CaseIterable {
      /// The request of the state is made, and the conversation stays where it is.
      case call
      /// The flow goes to the state.
      case go
      /// Values are kept; once all are there, the flow goes to the state, if there is one.
      case save
    }

    /// Unique in its state.
    public var name: String
    /// What the model is told of it; empty for `save`.
    public var about: String
    /// Names of what it takes.
    public var arguments: [String]
    /// What comes of it.
    public var effect: Effect
    /// The state; `nil` where values are kept and nothing follows.
    public var state: String?
    /// The method of a request, or what a state does that ends the flow; else empty.
    var note: String

    private enum CodingKeys: String, CodingKey { case name, about, arguments, effect, state }

    /// What the model may do, as it is shown: `book → booked, ends`, `find-times: GET times`, `save day, time`.
    public var line: String {
      switch effect {
      case .call: "\(name): \(note.isEmpty ? "" : "\(note) ")\(state ?? "")"
      case .go: "\(name) → \(state ?? "")\(note.isEmpty ? "" : ", \(note)")"
      case .save: "\(name) \(arguments.joined(separator: ", "))\(state.map { " → \($0)" } ?? "")"
      }
    }
  }

  /// The tools of a state; `nil` where no language model talks.
  static func tools(of state: FlowState, in flow: Flow) -> [Tool]? {
    guard case .llm(let model) = state.kind else { return nil }
    let tools = model.tools.map { Tool($0, in: flow) }
    guard !model.slots.isEmpty else { return tools }
    let names = model.slots.map(\.name)
    return tools + [
      Tool(name: LanguageModelTool.save, about: "", arguments: names, effect: .save, state: model.next, note: "")
    ]
  }
}

extension FlowGraph.Tool {
  fileprivate init(_ tool: LanguageModelTool, in flow: Flow) {
    let arguments = tool.arguments.map(\.name)
    switch tool.effect {
    case .call(let name):
      let method = if case .tool(let request)? = flow.state(named: name)?.kind { request.method } else { "" }
      self.init(
        name: tool.name, about: tool.about, arguments: arguments, effect: .call, state: name, note: method)
    case .go(let name):
      let end =
        switch flow.state(named: name)?.kind {
        case .end: "ends"
        case .phoneTransfer: "transfers"
        case .transfer: "other flow"
        default: ""
        }
      self.init(name: tool.name, about: tool.about, arguments: arguments, effect: .go, state: name, note: end)
    }
  }
}
