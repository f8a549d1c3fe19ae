public import CallCore
public import JSON

/// What a language model is asked for a flow of nodes, and how its answer is read. `POST /api/agent-flows/generate` asks for it.
public struct NodeFlowQuestion: Sendable {
  /// What the agent is for, in somebody's words; 1 … `descriptionMax` characters.
  public var description: String
  /// An object as its JSON: what the flow is to have as its configuration. The model may use the tools in it, and no others.
  public var configuration: String
  private let tools: [(name: String, about: String)]

  /// Characters of a description.
  public static let descriptionMax = 4000
  /// Largest body: the largest configuration, and a description with every character escaped.
  public static let bytesMax = 65_536
  /// Tokens of an answer: the longest prompts of some ten nodes.
  static let tokensMax = 4096
  /// Characters of an answer that goes back to the model with what is wrong with it.
  private static let answerMax = 20_000

  /// - Parameter bytes: JSON, UTF-8: `{description, configuration?}`.
  /// - Throws: what is wrong, with the member's name.
  public init(parsing bytes: [UInt8]) throws(WireFault) {
    let fields = try JSONFields(parsing: bytes, place: "flow", bytesMax: Self.bytesMax)
    description = try fields.text("description", 1...Self.descriptionMax)
    guard !description.allSatisfy(\.isWhitespace) else {
      throw WireFault(.outOfRange, "flow.description: expected what the agent is for, got blanks")
    }
    configuration = try fields.keptObject("configuration", bytesMax: NodeFlow.configurationBytesMax) ?? "{}"
    tools = Self.tools(in: fields["configuration"])
  }

  private static func tools(in configuration: JSONValue?) -> [(name: String, about: String)] {
    guard case .object(let tools)? = configuration?["tools"] else { return [] }
    return tools.sorted { $0.key < $1.key }.map { ($0.key, $0.value.text(at: "about") ?? "") }
  }

  // MARK: - Asking

  /// The question.
  public var request: ModelRequest {
    var request = ModelRequest([.system(prompt), .user(description)])
    request.answerForm = ModelAnswerForm(name: "agent_flow", schema: String(decoding: schema, as: UTF8.self))
    request.tokensMax = Self.tokensMax
    return request
  }

  /// The question again, with an answer that cannot be used and what is wrong with it.
  public func request(correcting answer: String, _ faults: NodeFlowFaults) -> ModelRequest {
    var request = request
    request.messages += [
      .assistant(answer.bounded(to: Self.answerMax), calls: []),
      .user("This cannot be used: \(faults). Write the whole flow again, without that."),
    ]
    return request
  }

  private var prompt: String {
    var prompt = """
      You design agents that speak with callers on the telephone. Write the agent that is described as a JSON object with the members name, \
      description, nodes and edges.
      A node has a unique id, a type and data. Calls begin at the first node. The types:
      - subagent: a language model speaks with the caller. data.systemPrompt says whom it speaks for, what it is to find out and when it is done. \
      It speaks in short sentences, and says nothing that it was not told.
      - phone_transfer: the caller is handed to data.phoneNumber, after data.message is said. Use it only with a number of the description.
      - end_call: data.message is said, and the call ends. Nothing follows it.

      """
    if tools.isEmpty {
      prompt += "There are no tools: what would need one, a subagent says it cannot do.\n"
    } else {
      prompt += "- tool: a request is made. data.toolName is one of these:\n"
      prompt += tools.map { "  - \($0.name): \($0.about)\n" }.joined()
      prompt += "  From it one edge with the label success leads on, and one with the label failure.\n"
    }
    return prompt + """
      An edge leads from the node source to the node target. Its label says when, in a few words; from a node with one way on, it may be null. \
      Every node can be reached, and from every subagent some way leads to an end. Members of data that a type has no use for are null. Write no \
      braces into texts.
      """
  }

  /// As strict servers want it: every member named, and none besides.
  private var schema: [UInt8] {
    func object(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
      .object([
        "type": .string("object"), "additionalProperties": .bool(false),
        "properties": .object(Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.value) })),
        "required": .array(members.map { .string($0.key) }),
      ])
    }
    func list(_ element: JSONValue) -> JSONValue { .object(["type": .string("array"), "items": element]) }
    let text = JSONValue.object(["type": .string("string")])
    let textOrNull = JSONValue.object(["type": .array([.string("string"), .string("null")])])
    let kinds = kinds.map { JSONValue.string($0.rawValue) }
    let data = object([
      "systemPrompt": textOrNull, "toolName": textOrNull, "phoneNumber": textOrNull, "message": textOrNull,
    ])
    let node = object(["id": text, "type": .object(["type": .string("string"), "enum": .array(kinds)]), "data": data])
    let edge = object(["source": text, "target": text, "label": textOrNull])
    let root = object(["name": text, "description": text, "nodes": list(node), "edges": list(edge)])
    var writer = JSONWriter()
    writer.value(root)
    return writer.bytes
  }

  private var kinds: [NodeFlow.Kind] { [.subagent, .phoneTransfer, .endCall] + (tools.isEmpty ? [] : [.tool]) }

  // MARK: - Reading

  /// The flow that an answer is; without id and owner.
  /// - Throws: why it is none that could be called.
  public func flow(from answer: String) throws(NodeFlowFaults) -> NodeFlow {
    var flow: NodeFlow
    do throws(WireFault) { flow = try draft(from: answer) } catch {
      throw NodeFlowFaults([NodeFlowFault("the answer is no flow: \(error.message)")])
    }
    let unknown = flow.nodes.filter { !kinds.contains($0.kind) || !isTold($0) }
    guard unknown.isEmpty else {
      throw NodeFlowFaults(
        unknown.map { node in
          let isNumber = node.kind == .phoneTransfer
          let why = isNumber ? "its number is not in the description" : "there is no such type"
          return NodeFlowFault("\(why): leave the node out", at: node.id)
        })
    }
    if case .failure(let faults) = NodeFlowReader.read(flow, knownFlows: []) { throw faults }
    flow.id = ""
    flow.arrange()
    return flow
  }

  /// Whether its number stands in the description: a model that lacks one makes one up.
  private func isTold(_ node: NodeFlow.Node) -> Bool {
    guard node.kind == .phoneTransfer else { return true }
    do throws(JSONFault) {
      let number = try JSONValue(parsing: node.data).text(at: "phoneNumber") ?? ""
      let wanted = Self.numbers(in: number).joined()
      return number.isEmpty || Self.numbers(in: description).contains(wanted)
    } catch { return true }  // what was kept is JSON
  }

  /// The digits of each number in a text; blanks, dashes, dots and brackets may stand within one.
  private static func numbers(in text: String) -> [String] {
    var numbers: [String] = []
    var isWithin = false
    for character in text {
      if character.isASCII, character.isNumber {
        if !isWithin { numbers.append("") }
        isWithin = true
        numbers[numbers.count - 1].append(character)
      } else if !" -.()/".contains(character) {
        isWithin = false
      }
    }
    return numbers
  }

  private func draft(from answer: String) throws(WireFault) -> NodeFlow {
    let value: JSONValue
    do throws(ModelJSONFault) { value = try JSONValue(inWords: answer, nestingMax: 64) } catch {
      switch error {
      case .noObject: throw WireFault(.malformedJSON, "it has no JSON object")
      case .notJSON(let fault): throw WireFault(.malformedJSON, "it is not JSON: \(fault)")
      }
    }
    let fields = try JSONFields(value.withoutNulls, place: "flow")
    var flow = NodeFlow(id: "generated", owner: "", name: "", createdAtUnixMicroseconds: 0)
    flow.name = try fields.text("name", 1...NodeFlow.nameMax)
    flow.description = try fields.optionalText("description", 0...NodeFlow.descriptionMax) ?? ""
    flow.configuration = configuration
    flow.nodes = try NodeListRequest(fields).nodes
    flow.edges = try EdgeListRequest(fields).edges
    return flow
  }
}

extension NodeFlow {
  /// Puts the nodes into rows, each below those that lead there.
  fileprivate mutating func arrange() {
    var rows: [String: Int] = [:]
    var open = nodes.first.map { [$0.id] } ?? []
    if let first = open.first { rows[first] = 0 }
    while !open.isEmpty {
      let id = open.removeFirst()
      for edge in edges where edge.source == id && rows[edge.target] == nil {
        rows[edge.target] = (rows[id] ?? 0) + 1
        open.append(edge.target)
      }
    }
    var counts: [Int: Int] = [:]
    for index in nodes.indices {
      let row = rows[nodes[index].id] ?? 0
      let column = counts[row, default: 0]
      counts[row] = column + 1
      nodes[index].position = #"{"x":\#(column * 280),"y":\#(row * 160)}"#
    }
  }
}

extension JSONValue {
  /// Without members that are null, at any depth.
  fileprivate var withoutNulls: JSONValue {
    switch self {
    case .array(let elements): .array(elements.map(\.withoutNulls))
    case .object(let members): .object(members.filter { $0.value != .null }.mapValues(\.withoutNulls))
    case .null, .bool, .integer, .number, .string: self
    }
  }
}
