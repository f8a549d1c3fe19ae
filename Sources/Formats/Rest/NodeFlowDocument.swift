public import CallCore
public import JSON

extension JSONObject {
  /// A flow of nodes as REST shows it, without its nodes and edges.
  /// - Parameter faults: why it cannot be called; empty: it can be.
  package static func nodeFlow(_ flow: NodeFlow, faults: [NodeFlowFault]) -> JSONObject {
    JSONObject { writer in
      writer.field("id", flow.id)
      writer.field("apiKeyId", flow.owner)
      writer.field("name", flow.name)
      writer.field("description", flow.description)
      writer.field("configuration", keptObject: flow.configuration)
      writer.field("callable", faults.isEmpty)
      writer.objects("faults", faults) { writer, fault in
        writer.field("nodeId", fault.node)
        writer.field("message", fault.message)
      }
      writer.field("createdAt", instant: flow.createdAtUnixMicroseconds)
      writer.field("updatedAt", instant: flow.updatedAtUnixMicroseconds)
    }
  }

  /// A flow of nodes that a language model wrote, with all that is drawn; nothing of it is kept.
  package static func generatedNodeFlow(_ flow: NodeFlow) -> JSONObject {
    JSONObject { writer in
      writer.field("name", flow.name)
      writer.field("description", flow.description)
      writer.field("configuration", keptObject: flow.configuration)
      writer.list("nodes", flow.nodes.map { JSONObject.node($0, of: flow) })
      writer.list("edges", flow.edges.map { JSONObject.edge($0, of: flow) })
    }
  }

  /// A node as REST shows it.
  package static func node(_ node: NodeFlow.Node, of flow: NodeFlow) -> JSONObject {
    JSONObject { writer in
      writer.field("id", node.id)
      if !flow.id.isEmpty { writer.field("flowId", flow.id) }
      writer.field("type", node.kind.rawValue)
      writer.field("position", keptObject: node.position)
      writer.field("data", keptObject: node.data)
    }
  }

  /// An edge as REST shows it; `source` and `target` are what pages that draw it call its ends.
  package static func edge(_ edge: NodeFlow.Edge, of flow: NodeFlow) -> JSONObject {
    JSONObject { writer in
      writer.field("id", edge.id)
      if !flow.id.isEmpty { writer.field("flowId", flow.id) }
      writer.field("sourceNodeId", edge.source)
      writer.field("targetNodeId", edge.target)
      writer.field("source", edge.source)
      writer.field("target", edge.target)
      writer.field("label", edge.label)
      writer.field("type", edge.type)
    }
  }
}

/// What `POST /api/agent-flows` and `PATCH` of one ask for.
public struct NodeFlowRequest: Sendable, Equatable {
  /// 1 … `NodeFlow.nameMax` characters; `POST` needs it.
  public var name: String?
  /// At most `NodeFlow.descriptionMax` characters.
  public var description: String?
  /// An object as its JSON.
  public var configuration: String?

  /// Largest body: the largest configuration and the rest.
  public static let bytesMax = 32_768

  /// - Parameters:
  ///   - bytes: JSON, UTF-8.
  ///   - isNew: whether it is a `POST`.
  /// - Throws: what is wrong, with the member's name.
  public init(parsing bytes: [UInt8], isNew: Bool) throws(WireFault) {
    let fields = try JSONFields(parsing: bytes, place: "flow", bytesMax: Self.bytesMax)
    let name = try fields.optionalText("name", 1...NodeFlow.nameMax)
    if isNew, name == nil { throw fields.missing("name", "a text") }
    self.name = name
    description = try fields.optionalText("description", 0...NodeFlow.descriptionMax)
    configuration = try fields.keptObject("configuration", bytesMax: NodeFlow.configurationBytesMax)
  }
}

/// What `POST /api/agent-flows/{id}/nodes` asks for: all nodes that the flow is to have.
public struct NodeListRequest: Sendable, Equatable {
  /// In order.
  public var nodes: [NodeFlow.Node]

  /// Largest body.
  public static let bytesMax = 128 << 10

  /// - Parameter bytes: JSON, UTF-8.
  /// - Throws: what is wrong, with the member's name.
  public init(parsing bytes: [UInt8]) throws(WireFault) {
    try self.init(JSONFields(parsing: bytes, place: "flow", bytesMax: Self.bytesMax))
  }

  init(_ fields: JSONFields) throws(WireFault) {
    guard fields["nodes"] != nil else { throw fields.missing("nodes", "a list of nodes") }
    var written: Set<String> = []
    let unnamed = try fields.list("nodes") { fields throws(WireFault) in
      let node = try UnnamedNode(fields)
      if let id = node.id, !written.insert(id).inserted {
        throw WireFault(.outOfRange, "\(fields.place).id: another node is called \(id.quoted)")
      }
      return node
    }
    guard unnamed.count <= NodeFlow.nodesMax else {
      throw WireFault(.tooMany, "flow.nodes: expected at most \(NodeFlow.nodesMax) nodes, got \(unnamed.count)")
    }
    nodes = Self.named(unnamed, written)
  }

  /// A node that may have no id yet.
  private struct UnnamedNode {
    var id: String?
    var node: NodeFlow.Node

    init(_ fields: JSONFields) throws(WireFault) {
      id = try fields.optionalText("id", 1...NodeFlow.idMax)
      let kind = try fields.choice("type", of: NodeFlow.Kind.allCases)
      node = NodeFlow.Node(id: "", kind: kind)
      if let position = try fields.keptObject("position", bytesMax: NodeFlow.positionBytesMax) {
        node.position = position
      }
      if let data = try fields.keptObject("data", bytesMax: NodeFlow.dataBytesMax) {
        node.data = data
        // The predecessor's page sends ids there alone.
        if case .string(let text)? = try fields.object("data")["id"], id == nil, !text.unicodeScalars.contains("\0") {
          node.id = (1...NodeFlow.idMax).contains(text.unicodeScalars.count) ? text : ""
        }
      }
    }
  }

  /// Every node has an id of its own in the end.
  private static func named(_ unnamed: [UnnamedNode], _ written: Set<String>) -> [NodeFlow.Node] {
    var taken = written
    return unnamed.map { unnamed in
      var node = unnamed.node
      if let id = unnamed.id {
        node.id = id
      } else if node.id.isEmpty || !taken.insert(node.id).inserted {
        let word = node.kind.word
        node.id = (1...).lazy.map { "\(word)-\($0)" }.first { !taken.contains($0) } ?? word
        taken.insert(node.id)
      }
      return node
    }
  }
}

/// What `POST /api/agent-flows/{id}/edges` asks for: all edges that the flow is to have.
public struct EdgeListRequest: Sendable, Equatable {
  /// In order. Whether there are such nodes is not looked at here.
  public var edges: [NodeFlow.Edge]

  /// Largest body.
  public static let bytesMax = 128 << 10

  /// - Parameter bytes: JSON, UTF-8.
  /// - Throws: what is wrong, with the member's name.
  public init(parsing bytes: [UInt8]) throws(WireFault) {
    try self.init(JSONFields(parsing: bytes, place: "flow", bytesMax: Self.bytesMax))
  }

  init(_ fields: JSONFields) throws(WireFault) {
    guard fields["edges"] != nil else { throw fields.missing("edges", "a list of edges") }
    var edges = try fields.list("edges") { fields throws(WireFault) in
      NodeFlow.Edge(
        id: try fields.optionalText("id", 1...NodeFlow.idMax) ?? "", from: try Self.end("source", fields),
        to: try Self.end("target", fields), label: try fields.optionalText("label", 0...NodeFlow.labelMax),
        type: try fields.optionalText("type", 0...NodeFlow.idMax) ?? "default")
    }
    guard edges.count <= NodeFlow.edgesMax else {
      throw WireFault(.tooMany, "flow.edges: expected at most \(NodeFlow.edgesMax) edges, got \(edges.count)")
    }
    var taken: Set<String> = []
    for index in edges.indices where edges[index].id.isEmpty || !taken.insert(edges[index].id).inserted {
      let id = ((index + 1)...).lazy.map { "edge-\($0)" }.first { !taken.contains($0) } ?? ""
      edges[index].id = id
      taken.insert(id)
    }
    self.edges = edges
  }

  /// - Parameter name: as pages that draw edges have it.
  private static func end(_ name: String, _ fields: JSONFields) throws(WireFault) -> String {
    if let id = try fields.optionalText("\(name)NodeId", 1...NodeFlow.idMax) { return id }
    guard fields[name] != nil else { throw fields.missing("\(name)NodeId", "the id of a node") }
    return try fields.text(name, 1...NodeFlow.idMax)
  }

  /// The edges with the ids of the nodes that they mean. The predecessor's page names a node that it made itself `TYPE-N` in edges, and
  /// `node-N` in the node's own `data`.
  public func edges(among nodes: [NodeFlow.Node]) -> [NodeFlow.Edge] {
    let kinds = Dictionary(nodes.map { ($0.id, $0.kind) }, uniquingKeysWith: { first, _ in first })
    func meant(_ id: String) -> String {
      guard kinds[id] == nil, let dash = id.lastIndex(of: "-") else { return id }
      let other = "node" + id[dash...]
      return kinds[other].map { $0.rawValue == id[..<dash] } == true ? other : id
    }
    return edges.map { edge in
      var edge = edge
      (edge.source, edge.target) = (meant(edge.source), meant(edge.target))
      return edge
    }
  }
}
