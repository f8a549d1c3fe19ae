import CallCore
import JSON

/// Writes the flow file that a flow of nodes is, and notes what cannot be written.
struct NodeFlowWriter {
  let flow: NodeFlow
  private(set) var faults: [NodeFlowFault] = []
  var names: NodeFlowNames
  let kinds: [String: NodeFlow.Kind]
  /// By the node that they lead on from; only those whose nodes there are.
  var edges: [String: [NodeFlow.Edge]] = [:]
  /// Requests by the name of their tool: members of a flow's `tool` state, and what a model is told.
  var tools: [String: [String: JSONValue]] = [:]
  private var configuration: [String: JSONValue] = [:]
  /// States beside those of the nodes.
  var extraStates: [(key: String, value: FlowFilePart)] = []
  /// States that make the request of a tool for a model, by the tool.
  var requestStates: [String: String] = [:]
  /// Behind which a call ends that nothing else ends.
  var endedState: String?

  /// The variable that holds what another agent said of the caller.
  static let handover = "handover"

  init(_ flow: NodeFlow) {
    self.flow = flow
    names = NodeFlowNames(flow)
    kinds = Dictionary(flow.nodes.map { ($0.id, $0.kind) }, uniquingKeysWith: { first, _ in first })
  }

  /// The whole file.
  mutating func file() -> FlowFilePart {
    readConfiguration()
    readEdges()
    guard let start else {
      fault("the flow has no nodes: save some with POST …/nodes")
      return .nothing
    }
    var states: [(key: String, value: FlowFilePart)] = []
    for node in flow.nodes {
      guard let name = names.state(of: node.id) else { continue }
      do throws(WireFault) {
        states.append((name, .mapping(try state(of: node))))
      } catch {
        fault(error.message, at: node)
      }
    }
    return .mapping(head(startingAt: start) + [("states", .mapping(states + extraStates))])
  }

  private func head(startingAt start: String) -> [(key: String, value: FlowFilePart)] {
    var variables = ["handover": JSONValue.string("")]
    if case .object(let own)? = configuration["variables"] { variables.merge(own) { $1 } }
    var head: [(key: String, value: FlowFilePart)] = [("flow", .text(flow.id)), ("title", .text(flow.name))]
    if !flow.description.allSatisfy(\.isWhitespace) { head.append(("description", .text(flow.description))) }
    for member in ["language", "voice"] {
      if let value = configuration[member] { head.append((member, FlowFilePart(value))) }
    }
    return head + [("start", .text(start)), ("variables", FlowFilePart(.object(variables)))]
  }

  /// The state of the first node to which nothing leads.
  private var start: String? {
    let reached = Set(edges.values.joined().filter { $0.source != $0.target }.map(\.target))
    let first = flow.nodes.first { !reached.contains($0.id) } ?? flow.nodes.first
    return first.flatMap { names.state(of: $0.id) }
  }

  // MARK: - What is given

  private mutating func readConfiguration() {
    configuration = members(of: flow.configuration)
    guard let value = configuration["tools"] else { return }
    guard case .object(let tools) = value else {
      return fault("`configuration.tools`: expected an object of requests by the names of tools, got \(value.summary)")
    }
    for (name, request) in tools.sorted(by: { $0.key < $1.key }) {
      guard case .object(let members) = request else {
        fault("`configuration.tools.\(name)`: expected an object as of a flow's tool state, got \(request.summary)")
        continue
      }
      self.tools[name] = members
    }
  }

  /// What a tool node names as its next ones counts as edges.
  private mutating func readEdges() {
    for node in flow.nodes where node.kind == .tool {
      let data = members(of: node.data)
      for (member, label) in [("onSuccess", Self.success), ("onFailure", Self.failure)] {
        guard case .string(let target)? = data[member], !target.isEmpty else { continue }
        guard kinds[target] != nil else {
          fault("`\(member)` names the node `\(target)`, which there is not", at: node)
          continue
        }
        edges[node.id, default: []].append(
          NodeFlow.Edge(id: member, from: node.id, to: target, label: label, type: "conditional"))
      }
    }
    for edge in flow.edges {
      for end in [edge.source, edge.target] where kinds[end] == nil {
        fault("the edge `\(edge.id)` names the node `\(end)`, which there is not")
      }
      if kinds[edge.source] != nil, kinds[edge.target] != nil { edges[edge.source, default: []].append(edge) }
    }
  }

  func members(of json: String) -> [String: JSONValue] {
    do throws(JSONFault) {
      if case .object(let members) = try JSONValue(parsing: json) { return members }
    } catch { return [:] }  // what is kept was an object when it came
    return [:]
  }

  mutating func fault(_ message: String, at node: NodeFlow.Node? = nil) {
    faults.append(NodeFlowFault(message, at: node?.id))
  }

  // MARK: - Nodes

  private mutating func state(of node: NodeFlow.Node) throws(WireFault) -> [(key: String, value: FlowFilePart)] {
    let fields = try JSONFields(.object(members(of: node.data)), place: node.kind.rawValue)
    switch node.kind {
    case .subagent: return try subagent(node, fields)
    case .tool: return try tool(node, fields)
    case .agentTransfer, .phoneTransfer, .endCall:
      for edge in edges[node.id] ?? [] {
        fault("nothing follows a node of this type: remove the edge `\(edge.id)`, or let it begin elsewhere", at: node)
      }
      return try last(node, fields)
    }
  }

  private mutating func last(
    _ node: NodeFlow.Node, _ fields: JSONFields
  ) throws(WireFault) -> [(key: String, value: FlowFilePart)] {
    if node.kind == .agentTransfer {
      let target = try needed("targetAgentId", fields, "name the flow that goes on, by its id")
      var state: [(key: String, value: FlowFilePart)] = [("transfer", .text(target))]
      if let context = try text("context", fields) {
        let told = "What the agent before you says: \(context)"
        state.append(("set", .mapping([(Self.handover, .text(told))])))
      }
      return state
    }
    var state: [(key: String, value: FlowFilePart)]
    if node.kind == .phoneTransfer {
      state = [("phone-transfer", .text(try needed("phoneNumber", fields, "give a number such as +15550100")))]
    } else {
      if fields["saveTranscript"] != nil, try !fields.flag("saveTranscript") {
        fault(
          "`saveTranscript: false` has no counterpart: every call's transcript is kept as long as the history goes",
          at: node)
      }
      state = [("end", .nothing)]
    }
    if let message = try text("message", fields) { state.append(("say", .text(message))) }
    return state
  }

  /// A text; `nil` where it is absent or blank.
  func text(_ name: String, _ fields: JSONFields) throws(WireFault) -> String? {
    try fields.optionalText(name).flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
  }

  func needed(_ name: String, _ fields: JSONFields, _ advice: String) throws(WireFault) -> String {
    guard let text = try text(name, fields) else {
      throw WireFault(.missingField, "`\(name)` is missing: \(advice)")
    }
    return text
  }
}
