import CallCore
import JSON

/// Nodes that make a request.
extension NodeFlowWriter {
  static let success = "success"
  static let failure = "failure"

  mutating func tool(
    _ node: NodeFlow.Node, _ fields: JSONFields
  ) throws(WireFault) -> [(key: String, value: FlowFilePart)] {
    let name = try needed("toolName", fields, "name a tool of the flow's `configuration.tools`")
    var parameters: [String: JSONValue] = [:]
    if let value = fields["parameters"] {
      guard case .object(let given) = value else { throw fields.wrongType("parameters", "an object", value) }
      parameters = given
    }
    var request = tools[name]
    if request == nil, case .string(let url)? = parameters["url"] {
      request = Self.request(at: url, &parameters)
    }
    guard let request else { throw WireFault(.outOfRange, noRequest(name)) }
    for (key, value) in parameters.sorted(by: { $0.key < $1.key }) where value.isCompound {
      throw WireFault(
        .wrongType, "the parameter `\(key)` is \(value.summary): only texts, numbers and true or false can be handed on"
      )
    }
    var state: [(key: String, value: FlowFilePart)] = []
    state += Self.request(request, parameters: parameters.keys.sorted())
    if !parameters.isEmpty { state.append(("set", FlowFilePart(.object(parameters)))) }
    return state + waysOn(fromTool: node)
  }

  /// What a node of the tool `api_call` sets by itself.
  static func request(at url: String, _ parameters: inout [String: JSONValue]) -> [String: JSONValue] {
    var request: [String: JSONValue] = [:]
    let method = parameters["method"]?.scalarText ?? "GET"
    request["tool"] = .string("\(method) \(url)")
    for member in ["headers", "body"] { request[member] = parameters[member] }
    for member in ["url", "method", "headers", "body"] { parameters[member] = nil }
    return request
  }

  /// The members of a tool state that a description gives. Values that are handed on and named nowhere go into the body.
  static func request(
    _ request: [String: JSONValue], parameters: [String]
  ) -> [(key: String, value: FlowFilePart)] {
    var members = request
    var values = parameters
    if case .object(let arguments)? = request["arguments"] { values += arguments.keys.filter { !values.contains($0) } }
    let takesBody = ["POST ", "PUT ", "PATCH "].contains { request["tool"]?.scalarText?.hasPrefix($0) == true }
    if takesBody, members["body"] == nil, !values.isEmpty {
      let pairs = values.sorted().map { "\"\($0)\": \"{\($0)}\"" }
      members["body"] = .string("{\(pairs.joined(separator: ", "))}")
      if members["headers"] == nil { members["headers"] = .object(["Content-Type": .string("application/json")]) }
    }
    for member in ["about", "arguments"] { members[member] = nil }
    return members.sorted { ($0.key != "tool" ? 1 : 0, $0.key) < ($1.key != "tool" ? 1 : 0, $1.key) }
      .map { ($0.key, FlowFilePart($0.value)) }
  }

  private mutating func waysOn(fromTool node: NodeFlow.Node) -> [(key: String, value: FlowFilePart)] {
    var (next, failed): (String?, String?)
    for edge in edges[node.id] ?? [] {
      let state = names.state(of: edge.target)
      switch edge.label?.lowercased() ?? "" {
      case "", Self.success:
        if next != nil, next != state { fault("more than one way leads on after success: keep one", at: node) }
        next = state
      case Self.failure:
        if failed != nil, failed != state { fault("more than one way leads on after failure: keep one", at: node) }
        failed = state
      case let label:
        fault(
          "the edge `\(edge.id)` has the condition `\(label)`: a tool leads on by `success` or `failure`; let a subagent decide",
          at: node)
      }
    }
    guard let next else {
      fault("nothing follows the tool: set `onSuccess`, or draw an edge", at: node)
      return []
    }
    return [("next", .text(next))] + (failed.map { [("failed", .text($0))] } ?? [])
  }
}

extension JSONValue {
  fileprivate var isCompound: Bool {
    switch self {
    case .array, .object: true
    case .null, .bool, .integer, .number, .string: false
    }
  }
}
