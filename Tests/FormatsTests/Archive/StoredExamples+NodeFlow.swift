import CallCore

/// A flow of nodes.
extension StoredExamples {
  /// A node of each kind, and something in every member.
  static let nodeFlow: NodeFlow = {
    var flow = NodeFlow(
      id: "a-1", owner: "0123456789ab", name: "Desk \"1\"", createdAtUnixMicroseconds: 1_763_696_700_123_456)
    flow.description = "Books.\n"
    flow.configuration = #"{"voice":"heart"}"#
    flow.nodes = NodeFlow.Kind.allCases.map {
      NodeFlow.Node(id: "n-\($0)", kind: $0, position: #"{"x":1.5,"y":-2}"#, data: #"{"label":"\#($0)"}"#)
    }
    flow.edges = [
      NodeFlow.Edge(id: "e-1", from: "n-subagent", to: "n-tool", label: "wants it", type: "conditional"),
      NodeFlow.Edge(id: "e-2", from: "n-tool", to: "n-endCall"),
    ]
    flow.updatedAtUnixMicroseconds += 1
    return flow
  }()

  /// Without the members that have defaults.
  static let oldNodeFlow = NodeFlow(id: "a-1", owner: "", name: "old", createdAtUnixMicroseconds: 0)
}
