import CallCore
import Formats
import JSON
import Testing

@Suite("Flows of nodes as flows")
struct NodeFlowTests {
  typealias Node = (id: String, type: String, data: String)
  typealias Edge = (from: String, to: String, label: String?)

  /// As its routes would keep it.
  private static func flow(
    _ nodes: [Node], _ edges: [Edge] = [], configuration: String = "{}"
  ) throws -> NodeFlow {
    var flow = NodeFlow(id: "desk", owner: "", name: "The desk", createdAtUnixMicroseconds: 0)
    flow.configuration = configuration
    flow.nodes = try nodes.map { node in
      NodeFlow.Node(id: node.id, kind: try #require(NodeFlow.Kind(rawValue: node.type)), data: node.data)
    }
    flow.edges = edges.enumerated().map { index, edge in
      NodeFlow.Edge(
        id: "e\(index)", from: edge.from, to: edge.to, label: edge.label,
        type: edge.label == nil ? "default" : "conditional")
    }
    return flow
  }

  private static func faults(_ flow: NodeFlow, knownFlows: Set<String>? = nil) -> [String] {
    guard case .failure(let faults) = NodeFlowReader.read(flow, knownFlows: knownFlows) else { return [] }
    return faults.faults.map(\.description)
  }

  private static let agent: Node = ("a", "subagent", #"{"systemPrompt":"Be kind."}"#)
  private static let end: Node = ("bye", "end_call", #"{"message":"Goodbye.","saveTranscript":true}"#)
  private static let tools = """
    {"tools":{"times":{"tool":"GET https://x.example/{day}","about":"Free times","arguments":{"day":"date"},
    "save":{"free":"times.0"}},"book":{"tool":"POST https://x.example/book","arguments":{"day":"date","who":"name"}}}}
    """

  @Test("what would be much longer as a flow is told in one fault, and not written")
  func bounds() throws {
    let depth = 50
    let deep =
      String(repeating: "[", count: depth) + "1" + String(repeating: ",1", count: 2000)
      + String(repeating: "]", count: depth)
    let tools = #"{"tools":{"t":{"tool":"GET https://x.example/","arguments":{"x":\#(deep)}}}}"#
    let nodes: [Node] = [Self.agent, ("t", "tool", #"{"toolName":"t"}"#), Self.end]
    let ways = (0..<449).map { _ -> Edge in ("a", "t", "go") }
    #expect(
      Self.faults(try Self.flow(nodes, ways + [("t", "bye", nil)], configuration: tools))
        == ["node `a`: it has 449 tools and edges; at most 20 are allowed"])
    let few = Array(ways.prefix(20)) + [("t", "bye", nil)]
    let found = Self.faults(try Self.flow(nodes, few, configuration: tools))
    #expect(found.count == 1 && found[0].contains("as a flow file it has more than"), "\(found)")
  }

  @Test("a subagent is a state with a language model, and edges are tools that lead on")
  func subagent() throws {
    let data = #"{"systemPrompt":"Be \"kind\": yes.\nAlways.","turnEagerness":1,"timeout":60,"label":"Desk"}"#
    let flow = try NodeFlowReader.read(
      Self.flow(
        [
          ("a", "subagent", data), ("p", "phone_transfer", #"{"phoneNumber":"+15550100","message":"One moment."}"#),
          Self.end,
        ],
        [("a", "p", "The caller wants a person!"), ("a", "bye", nil)], configuration: #"{"voice":"heart","other":1}"#)
    ).get()
    #expect(flow.name == "desk" && flow.title == "The desk" && flow.voice == "heart" && flow.start == "a")
    guard case .llm(let state) = flow.states[0].kind else { return #expect(Bool(false), "\(flow.states[0])") }
    #expect(state.prompt.source == "Be \"kind\": yes.\nAlways.\n\n{handover}")
    #expect(
      state.question.listening.endOfTurnSilence == CallDuration.milliseconds(300) && state.timeMax == .seconds(60))
    #expect(state.tools.map(\.name) == ["the-caller-wants-a-person", "go-to-bye"])
    #expect(state.tools.map(\.effect) == [.go("p"), .go("bye")])
    #expect(state.tools[0].about == "When: The caller wants a person!")
    #expect(flow.states[1].kind == .phoneTransfer(number: FlowText("+15550100"), says: FlowText("One moment.")))
    #expect(flow.states[2].kind == .end(outcome: FlowText("{state}"), says: FlowText("Goodbye.")))
  }

  @Test(
    "eagerness shortens the silence that ends a turn",
    arguments: [("0", 1200), ("0.25", 850), ("0.75", 400), ("1", 300)])
  func eagerness(value: String, milliseconds: Int) throws {
    let data = #"{"systemPrompt":"Be kind.","turnEagerness":\#(value)}"#
    let flow = try NodeFlowReader.read(Self.flow([("a", "subagent", data)])).get()
    #expect(flow.states[0].kind.question?.listening.endOfTurnSilence == CallDuration.milliseconds(milliseconds))
    let usual = try NodeFlowReader.read(Self.flow([("a", "subagent", data.replacing(value, with: "0.5"))])).get()
    #expect(usual.states[0].kind.question?.listening.endOfTurnSilence == nil)
  }

  @Test("a subagent with nothing behind it ends the call itself")
  func alone() throws {
    let flow = try NodeFlowReader.read(Self.flow([Self.agent])).get()
    #expect(flow.states.map(\.name) == ["a", "ended"])
    #expect(flow.states[0].transitions.map { "\($0.label) \($0.to)" } == ["end-call ended"])
  }

  @Test("a subagent's tools make the requests of the configuration")
  func requests() throws {
    let data = #"{"systemPrompt":"Be kind.","tools":["times","","times"]}"#
    let flow = try NodeFlowReader.read(
      Self.flow([("a", "subagent", data), ("b", "subagent", data)], [("a", "b", nil)], configuration: Self.tools)
    ).get()
    guard case .llm(let state) = flow.states[0].kind else { return #expect(Bool(false), "\(flow.states[0])") }
    #expect(state.tools.map(\.name) == ["times", "go-to-b"] && state.tools[0].effect == .call("request-times"))
    #expect(state.tools[0].about == "Free times")
    #expect(state.tools[0].arguments == [LanguageModelSlot("day", kind: .date)])
    #expect(flow.states.map(\.name) == ["a", "b", "request-times", "ended"])
    guard case .tool(let tool)? = flow.state(named: "request-times")?.kind else { return #expect(Bool(false)) }
    #expect(tool.method == "GET" && tool.url.source == "https://x.example/{day}")
    #expect(tool.saves == [ToolSave("free", path: "times.0")])
  }

  @Test("a tool node is a tool state; what it does not set itself, the model that leads there is asked for")
  func toolNode() throws {
    let data = #"{"toolName":"book","parameters":{"who":"nobody"},"onSuccess":"bye","onFailure":"a"}"#
    let flow = try NodeFlowReader.read(
      Self.flow([Self.agent, ("t", "tool", data), Self.end], [("a", "t", nil)], configuration: Self.tools)
    ).get()
    guard case .llm(let state) = flow.states[0].kind, case .tool(let tool) = flow.states[1].kind else {
      return #expect(Bool(false), "\(flow.states)")
    }
    #expect(state.tools[0].arguments == [LanguageModelSlot("day", kind: .date)] && state.tools[0].effect == .go("t"))
    #expect(tool.body?.source == #"{"day": "{day}", "who": "{who}"}"# && tool.headers.map(\.name) == ["Content-Type"])
    #expect(tool.next == "bye" && tool.failed == "a")
    #expect(flow.states[1].sets == [FlowAssignment(name: "who", value: FlowText("nobody"))])
    #expect(flow.start == "a")
  }

  @Test("a tool node that names an address needs no configuration, and edges say where it leads")
  func address() throws {
    let data = #"{"toolName":"api_call","parameters":{"url":"https://x.example/{n}","method":"put","n":4}}"#
    let flow = try NodeFlowReader.read(
      Self.flow(
        [("t", "tool", data), Self.end, ("lost", "end_call", "{}")], [("t", "bye", nil), ("t", "lost", "Failure")])
    ).get()
    guard case .tool(let tool) = flow.states[0].kind else { return #expect(Bool(false), "\(flow.states)") }
    #expect(tool.method == "PUT" && tool.url.source == "https://x.example/{n}" && tool.next == "bye")
    #expect(tool.failed == "lost" && flow.states[0].sets.map(\.name) == ["n"])
  }

  @Test("another agent goes on, and is told what this one says")
  func transfer() throws {
    let flow = try NodeFlowReader.read(
      Self.flow(
        [Self.agent, ("t", "agent_transfer", #"{"targetAgentId":"other","context":"Wants a refund."}"#)],
        [("a", "t", nil)]), knownFlows: ["desk", "other"]
    ).get()
    #expect(flow.states[1].kind == .transfer(flow: "other", says: nil))
    #expect(
      flow.states[1].sets == [
        FlowAssignment(name: "handover", value: FlowText("What the agent before you says: Wants a refund."))
      ])
    #expect(flow.variables == ["handover": ""])
    let missing = Self.faults(try Self.flow([("t", "agent_transfer", #"{"targetAgentId":"other"}"#)]), knownFlows: [])
    #expect(missing.count == 1 && missing[0].contains("node `t`: there is no flow `other`"))
  }

  @Test("ids that cannot be names of states are replaced by the type of the node")
  func names() throws {
    let flow = try NodeFlowReader.read(
      Self.flow(
        [
          ("11111111-2222", "subagent", #"{"systemPrompt":"Be kind."}"#), ("end-call-1", "end_call", "{}"),
          ("12", "end_call", "{}"),
        ],
        [("11111111-2222", "end-call-1", "one"), ("11111111-2222", "12", "one")])
    ).get()
    #expect(flow.states.map(\.name) == ["subagent-1", "end-call-1", "end-call-2"])
    #expect(flow.states[0].transitions.map(\.label) == ["one", "one-2"])
  }

  @Test("calls begin where nothing leads to, or at the first node")
  func start() throws {
    let nodes = [Self.end, Self.agent, ("b", "subagent", Self.agent.data)]
    #expect(try NodeFlowReader.read(Self.flow(nodes, [("b", "a", nil), ("a", "bye", nil)])).get().start == "b")
    let ring: [Edge] = [("b", "a", nil), ("a", "b", nil), ("a", "bye", nil)]
    #expect(try NodeFlowReader.read(Self.flow([nodes[1], nodes[2], nodes[0]], ring)).get().start == "a")
  }

  @Test("texts with everything in them are written so that they are read as they were")
  func texts() throws {
    let nasty = "a: b #c\t\"'\\ {today} \u{1F600}\u{85}\u{2028}- [x]\r\n  two\n"
    var flow = try Self.flow([("a", "subagent", #"{"systemPrompt":"x"}"#)])
    flow.description = nasty
    flow.nodes[0].data = String(decoding: JSONObject { $0.field("systemPrompt", nasty) }.json, as: UTF8.self)
    let read = try NodeFlowReader.read(flow).get()
    guard case .llm(let state) = read.states[0].kind else { return #expect(Bool(false)) }
    #expect(state.prompt.source == nasty + "\n\n{handover}")
  }

  struct Fault: CustomTestStringConvertible, Sendable {
    var says: String
    var nodes: [Node]
    var edges: [Edge] = []
    var configuration = "{}"
    var testDescription: String { says }
  }

  @Test(
    "what is missing, wrong or has no counterpart is named",
    arguments: [
      Fault(says: "the flow has no nodes: save some", nodes: []),
      Fault(
        says: "node `a`: `systemPrompt` is missing: say what", nodes: [("a", "subagent", #"{"systemPrompt":" "}"#)]),
      Fault(
        says: "node `a`: subagent.systemPrompt: expected a text", nodes: [("a", "subagent", #"{"systemPrompt":1}"#)]),
      Fault(
        says: "node `a`: `knowledgeBase` has no counterpart: write",
        nodes: [("a", "subagent", #"{"systemPrompt":"x","knowledgeBase":"kb-1"}"#)]),
      Fault(
        says: "node `a`: subagent.turnEagerness: expected a number from 0 to 1",
        nodes: [("a", "subagent", #"{"systemPrompt":"x","turnEagerness":1.5}"#)]),
      Fault(
        says: "node `a`: `time` of `limits` of state `a`",
        nodes: [("a", "subagent", #"{"systemPrompt":"x","timeout":5}"#)]),
      Fault(
        says:
          "node `a`: nothing says which request the tool `crm` makes: describe it in the flow's `configuration.tools.crm`",
        nodes: [("a", "subagent", #"{"systemPrompt":"x","tools":["crm"]}"#)]),
      Fault(
        says: "node `a`: nothing gives `who` a value", nodes: [("a", "subagent", #"{"systemPrompt":"Ask {who}."}"#)]),
      Fault(says: "node `t`: `toolName` is missing", nodes: [("t", "tool", "{}"), end], edges: [("t", "bye", nil)]),
      Fault(
        says: "node `t`: nothing says which request the tool `send_sms` makes",
        nodes: [("t", "tool", #"{"toolName":"send_sms"}"#), end], edges: [("t", "bye", nil)]),
      Fault(
        says: "node `t`: the parameter `p` is an object of 0: only texts",
        nodes: [("t", "tool", #"{"toolName":"times","parameters":{"p":{}}}"#), end], edges: [("t", "bye", nil)],
        configuration: tools),
      Fault(
        says: "node `t`: nothing follows the tool: set `onSuccess`",
        nodes: [("t", "tool", #"{"toolName":"times"}"#), end], configuration: tools),
      Fault(
        says: "node `t`: `onFailure` names the node `gone`, which there is not",
        nodes: [("t", "tool", #"{"toolName":"times","onFailure":"gone"}"#), end], edges: [("t", "bye", nil)],
        configuration: tools),
      Fault(
        says: "node `t`: the edge `e1` has the condition `maybe`: a tool leads on by `success` or `failure`",
        nodes: [("t", "tool", #"{"toolName":"times"}"#), end], edges: [("t", "bye", nil), ("t", "bye", "maybe")],
        configuration: tools),
      Fault(
        says: "node `t`: more than one way leads on after success",
        nodes: [("t", "tool", #"{"toolName":"times"}"#), end, ("x", "end_call", "{}")],
        edges: [("t", "bye", nil), ("t", "x", nil)], configuration: tools),
      Fault(says: "node `t`: `targetAgentId` is missing", nodes: [("t", "agent_transfer", "{}")]),
      Fault(says: "node `p`: `phoneNumber` is missing", nodes: [("p", "phone_transfer", "{}")]),
      Fault(
        says: "node `p`: `phone-transfer` of state `p` must be a telephone number",
        nodes: [("p", "phone_transfer", #"{"phoneNumber":"the desk"}"#)]),
      Fault(
        says: "node `bye`: `saveTranscript: false` has no counterpart",
        nodes: [("bye", "end_call", #"{"saveTranscript":false}"#)]),
      Fault(
        says: "node `bye`: nothing follows a node of this type: remove the edge `e0`",
        nodes: [end, agent], edges: [("bye", "a", nil)]),
      Fault(
        says: "the edge `e0` names the node `gone`, which there is not", nodes: [agent], edges: [("a", "gone", nil)]),
      Fault(says: "node `bye`: state `bye` is never reached", nodes: [agent, end]),
      Fault(
        says: "`configuration.tools`: expected an object of requests", nodes: [agent], configuration: #"{"tools":[1]}"#),
      Fault(
        says: "`configuration.tools.x`: expected an object as of", nodes: [agent], configuration: #"{"tools":{"x":1}}"#),
      Fault(
        says: "`url` means nothing in state `request-x`",
        nodes: [("a", "subagent", #"{"systemPrompt":"x","tools":["x"]}"#)],
        configuration: #"{"tools":{"x":{"tool":"http://x.example","url":1}}}"#),
    ])
  func fault(_ fault: Fault) throws {
    let faults = Self.faults(try Self.flow(fault.nodes, fault.edges, configuration: fault.configuration))
    #expect(faults.contains { $0.hasPrefix(fault.says) }, "\(faults)")
  }

  @Test("a condition that is none is named")
  func condition() throws {
    var flow = try Self.flow([Self.agent, Self.end], [("a", "bye", nil)])
    flow.edges[0].type = "conditional"
    #expect(Self.faults(flow) == ["node `a`: the edge `e0` is conditional and says no condition: write it as `label`"])
  }
}
