public import CallCore
public import JSON

/// Flows of nodes as databases keep them: JSON without loss.
public enum NodeFlowArchive {
  /// The whole flow.
  public static func json(of flow: NodeFlow) -> [UInt8] { flow.archive }

  /// - Parameter json: as `json(of:)` wrote it.
  public static func flow(from json: [UInt8]) throws(WireFault) -> NodeFlow {
    try NodeFlow(archive: json, place: "node flow")
  }
}

extension NodeFlow: Archived {
  static let blank = NodeFlow(id: "", owner: "", name: "", createdAtUnixMicroseconds: 0)
  static var members: [ArchiveMember<NodeFlow>] {
    [
      .text("id", \.id), .text("owner", \.owner), .text("name", \.name), .text("description", \.description),
      .text("configuration", \.configuration), .list("nodes", \.nodes), .list("edges", \.edges),
      .instant("createdAtUs", \.createdAtUnixMicroseconds), .instant("updatedAtUs", \.updatedAtUnixMicroseconds),
    ]
  }
}

extension NodeFlow.Node: Archived {
  static let blank = NodeFlow.Node(id: "", kind: .endCall)
  static var members: [ArchiveMember<NodeFlow.Node>] {
    [
      .text("id", \.id), .choice("type", \.kind, of: NodeFlow.Kind.allCases), .text("position", \.position),
      .text("data", \.data),
    ]
  }
}

extension NodeFlow.Edge: Archived {
  static let blank = NodeFlow.Edge(id: "", from: "", to: "")
  static var members: [ArchiveMember<NodeFlow.Edge>] {
    [
      .text("id", \.id), .text("source", \.source), .text("target", \.target), .text("label", \.label),
      .text("type", \.type),
    ]
  }
}
