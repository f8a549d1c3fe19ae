import CallCore
import JSON

/// Nodes in which a language model speaks.
extension NodeFlowWriter {
  /// Silence that ends a turn, in milliseconds, at eagerness 0, 0.5 and 1: as a Realtime session has them for `low`, `auto` and `high`.
  private static let silences = (patient: 1200.0, usual: 500.0, eager: 300.0)

  /// Seconds that a `timeout` may have to be looked at as one; a flow takes an hour at most.
  private static let timeoutMax = 86_400

  mutating func subagent(
    _ node: NodeFlow.Node, _ fields: JSONFields
  ) throws(WireFault) -> [(key: String, value: FlowFilePart)] {
    let prompt = try needed("systemPrompt", fields, "say what the agent is to be and to do")
    var state: [(key: String, value: FlowFilePart)] = [("llm", .text("\(prompt)\n\n{\(Self.handover)}"))]
    if let value = fields["knowledgeBase"], value != .string(""), value != .array([]) {
      fault(
        "`knowledgeBase` has no counterpart: write what the agent must know into `systemPrompt`, or let a tool look it up",
        at: node)
    }
    if let silence = try silence(fields) { state.append(("end-of-turn-silence", .text(silence))) }
    if let seconds = try fields.optionalNumber("timeout", 0...Self.timeoutMax), seconds > 0 {
      state.append(("limits", .mapping([("time", .text("\(seconds)s"))])))
    }
    let own = try ownTools(node, fields)
    let count = own.count + (edges[node.id]?.count ?? 0)
    // Before they are written: each way on may carry what a tool asks for.
    guard count <= FlowLimits.modelToolsMax else {
      fault("it has \(count) tools and edges; at most \(FlowLimits.modelToolsMax) are allowed", at: node)
      return state
    }
    let tools = own + waysOn(from: node)
    if !tools.isEmpty { state.append(("tools", .mapping(tools))) }
    return state
  }

  /// - Returns: `nil` in the middle, where the server's own counts.
  private func silence(_ fields: JSONFields) throws(WireFault) -> String? {
    guard let value = fields["turnEagerness"] else { return nil }
    let eagerness: Double
    switch value {
    case .integer(let whole): eagerness = Double(whole)
    case .number(let number): eagerness = number
    default: throw fields.wrongType("turnEagerness", "a number from 0 to 1", value)
    }
    guard (0...1).contains(eagerness) else { throw fields.outOfRange("turnEagerness", "a number from 0 to 1", value) }
    guard eagerness != 0.5 else { return nil }
    let (patient, usual, eager) = Self.silences
    let silence =
      eagerness < 0.5 ? patient + (usual - patient) * 2 * eagerness : usual + (eager - usual) * (2 * eagerness - 1)
    return "\(Int(nearest: silence))ms"
  }

  /// The tools that the node names: their requests are made while the agent speaks with the caller.
  private mutating func ownTools(
    _ node: NodeFlow.Node, _ fields: JSONFields
  ) throws(WireFault) -> [(key: String, value: FlowFilePart)] {
    guard let value = fields["tools"] else { return [] }
    guard case .array(let elements) = value else { throw fields.wrongType("tools", "a list of names", value) }
    var tools: [(key: String, value: FlowFilePart)] = []
    for element in elements {
      guard case .string(let name) = element else { throw fields.wrongType("tools", "a list of names", element) }
      // The page makes an empty name of an empty field.
      guard !name.isEmpty, !tools.contains(where: { $0.key == name }) else { continue }
      guard let request = self.tools[name] else {
        fault(noRequest(name), at: node)
        continue
      }
      let about = request["about"].map { FlowFilePart($0) } ?? .text("Uses \(name).")
      var tool: [(key: String, value: FlowFilePart)] = [("about", about)]
      if let arguments = request["arguments"] { tool.append(("arguments", FlowFilePart(arguments))) }
      tools.append((name, .mapping(tool + [("call", .text(requestState(name, request, from: node)))])))
    }
    return tools
  }

  /// The state that makes a tool's request, one for all nodes that name it.
  private mutating func requestState(
    _ name: String, _ request: [String: JSONValue], from node: NodeFlow.Node
  ) -> String {
    if let state = requestStates[name] { return state }
    let state = names.add("request-\(Self.word(name))")
    requestStates[name] = state
    // It is called and never gone to; a state must lead somewhere all the same.
    let next = names.state(of: node.id) ?? ""
    extraStates.append((state, .mapping(Self.request(request, parameters: []) + [("next", .text(next))])))
    return state
  }

  /// A tool for each way on, with which the model takes it.
  private mutating func waysOn(from node: NodeFlow.Node) -> [(key: String, value: FlowFilePart)] {
    var ways: [(key: String, value: FlowFilePart)] = []
    for edge in edges[node.id] ?? [] {
      guard let kind = kinds[edge.target], let state = names.state(of: edge.target) else { continue }
      let label = edge.label.flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
      if label == nil, edge.type == "conditional" {
        fault("the edge `\(edge.id)` is conditional and says no condition: write it as `label`", at: node)
      }
      let wish = label.map { Self.word($0) } ?? "go-to-\(state)".lowercased()
      let name = Self.unused(wish == LanguageModelTool.save ? "go-save" : wish, among: ways.map(\.key))
      var tool: [(key: String, value: FlowFilePart)] = [("about", .text(label.map { "When: \($0)" } ?? kind.about))]
      if let arguments = arguments(of: edge.target) { tool.append(("arguments", arguments)) }
      ways.append((name, .mapping(tool + [("go", .text(state))])))
    }
    if ways.isEmpty { ways.append(("end-call", .mapping([("about", .text(Self.hangUp)), ("go", .text(ended()))]))) }
    return ways
  }

  private static let hangUp = "Ends the call. Call it once the caller needs nothing more and you have said goodbye."

  /// What a model must give for the request of a tool node; what the node sets itself is not asked for.
  private func arguments(of node: String) -> FlowFilePart? {
    guard let node = flow.nodes.first(where: { $0.id == node }), node.kind == .tool else { return nil }
    let data = members(of: node.data)
    guard case .string(let name)? = data["toolName"], case .object(var arguments)? = tools[name]?["arguments"] else {
      return nil
    }
    if case .object(let parameters)? = data["parameters"] { for key in parameters.keys { arguments[key] = nil } }
    return arguments.isEmpty ? nil : FlowFilePart(.object(arguments))
  }

  private mutating func ended() -> String {
    if let endedState { return endedState }
    let name = names.add("ended")
    endedState = name
    extraStates.append((name, .mapping([("end", .nothing)])))
    return name
  }

  func noRequest(_ name: String) -> String {
    "nothing says which request the tool `\(name)` makes: describe it in the flow's `configuration.tools.\(name)`, such as "
      + "{\"tool\": \"GET https://example.com/\", \"about\": \"What it is for.\"}"
  }

  /// A text as a name.
  private static func word(_ text: String) -> String {
    let pieces = text.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    let word = pieces.joined(separator: "-").prefix(40)
    guard let first = word.first else { return "go-on" }
    return first.isLetter ? String(word) : "go-\(word)"
  }

  private static func unused(_ wish: String, among names: [String]) -> String {
    guard names.contains(wish) else { return wish }
    return (2...).lazy.map { "\(wish)-\($0)" }.first { !names.contains($0) } ?? wish
  }
}

extension NodeFlow.Kind {
  /// When a model leads on to a node of this kind, in words for the model.
  fileprivate var about: String {
    switch self {
    case .subagent: "Leads the caller on. Call it once you have done what you are here for."
    case .tool: "Goes on with what comes next. Call it once you know everything that it takes."
    case .agentTransfer: "Hands the caller over to another agent."
    case .phoneTransfer: "Hands the caller over to a person on the telephone."
    case .endCall: "Ends the call. Call it once the caller needs nothing more."
    }
  }
}
