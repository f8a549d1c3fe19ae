import CallCore
import Formats
import JSON
import Testing

@Suite("Bodies of flows of nodes")
struct NodeFlowDocumentTests {
  private static func nodes(_ json: String) throws(WireFault) -> [NodeFlow.Node] {
    try NodeListRequest(parsing: Array(#"{"nodes":\#(json)}"#.utf8)).nodes
  }

  @Test("a node is called as it says, as its data say, or after its type")
  func ids() throws {
    let nodes = try Self.nodes(
      """
      [{"type":"subagent","data":{"id":"node-7"}},{"id":"mine","type":"tool"},{"type":"tool"},{"type":"tool","data":null},
      {"type":"subagent","data":{"id":"node-7"}},{"type":"end_call","position":{"x":1,"y":2},"data":{"id":"mine","label":"x"}},
      {"type":"tool","data":{"id":"a\\u0000"}}]
      """)
    #expect(nodes.map(\.id) == ["node-7", "mine", "tool-1", "tool-2", "subagent-1", "end-call-1", "tool-3"])
    #expect(nodes[5].position == #"{"x":1,"y":2}"# && nodes[1].data == "{}" && nodes[1].position == #"{"x":0,"y":0}"#)
  }

  @Test("edges name their ends in either way, and nodes that a page has just made")
  func edges() throws {
    let nodes = try Self.nodes(
      #"[{"type":"subagent","data":{"id":"node-7"}},{"type":"end_call","data":{"id":"node-8"}}]"#)
    let body = """
      {"edges":[{"sourceNodeId":"subagent-7","targetNodeId":"end_call-8","label":null,"type":"conditional"},
      {"id":"mine","source":"node-7","target":"tool-8","label":"x"}]}
      """
    let edges = try EdgeListRequest(parsing: Array(body.utf8)).edges(among: nodes)
    #expect(
      edges == [
        NodeFlow.Edge(id: "edge-1", from: "node-7", to: "node-8", type: "conditional"),
        NodeFlow.Edge(id: "mine", from: "node-7", to: "tool-8", label: "x"),
      ])
  }

  @Test(
    "what is wrong is named",
    arguments: [
      ("{", "malformed"), ("{}", "flow.nodes"), (#"{"nodes":{}}"#, "flow.nodes: expected a list"),
      (#"{"nodes":[{}]}"#, "type"), (#"{"nodes":[{"type":"menu"}]}"#, "\"subagent\", \"tool\""),
      (#"{"nodes":[{"type":"tool","data":[]}]}"#, "data: expected an object"),
      (#"{"nodes":[{"type":"tool","id":""}]}"#, "id"),
      (#"{"nodes":[{"type":"tool","id":"a"},{"type":"tool","id":"a"}]}"#, "another node is called \"a\""),
    ])
  func faults(body: String, says: String) {
    #expect { try NodeListRequest(parsing: Array(body.utf8)) } throws: { fault in
      let fault = fault as? WireFault
      return fault?.message.contains(says) == true || fault?.code == .malformedJSON && says == "malformed"
    }
  }

  @Test("more than fits is refused")
  func limits() {
    let node = #"{"type":"tool"},"#
    let edge = #"{"source":"a","target":"b"},"#
    let nodes = String(String(repeating: node, count: NodeFlow.nodesMax + 1).dropLast())
    let edges = String(String(repeating: edge, count: NodeFlow.edgesMax + 1).dropLast())
    #expect { try Self.nodes("[\(nodes)]") } throws: { ($0 as? WireFault)?.code == .tooMany }
    #expect {
      try EdgeListRequest(parsing: Array(#"{"edges":[\#(edges)]}"#.utf8))
    } throws: { ($0 as? WireFault)?.code == .tooMany }
    let data = #"[{"type":"tool","data":{"x":"\#(String(repeating: "a", count: NodeFlow.dataBytesMax))"}}]"#
    #expect { try Self.nodes(data) } throws: { ($0 as? WireFault)?.code == .tooLong }
  }
}
