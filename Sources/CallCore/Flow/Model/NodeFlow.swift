/// An agent flow as the predecessor's page draws it: nodes with edges between them. It runs as the `Flow` that `Formats` makes of it, as soon
/// as that is one.
public struct NodeFlow: Sendable, Equatable {
  /// What a node does. The raw values stand in REST and in databases.
  public enum Kind: String, CaseIterable, Sendable {
    /// A language model speaks for the agent.
    case subagent
    /// A request is made.
    case tool
    /// Another flow goes on.
    case agentTransfer = "agent_transfer"
    /// The caller is handed to a telephone number.
    case phoneTransfer = "phone_transfer"
    /// The call ends.
    case endCall = "end_call"
  }

  /// One box.
  public struct Node: Sendable, Equatable {
    /// Unique in its flow, 1 … `idMax` characters.
    public var id: String
    /// What it does.
    public var kind: Kind
    /// Where a page draws it: an object in JSON, as it was given.
    public var position: String
    /// What is set of it: an object in JSON, as it was given.
    public var data: String

    package init(id: String, kind: Kind, position: String = "{\"x\":0,\"y\":0}", data: String = "{}") {
      (self.id, self.kind, self.position, self.data) = (id, kind, position, data)
    }
  }

  /// One arrow.
  public struct Edge: Sendable, Equatable {
    /// Unique in its flow, 1 … `idMax` characters.
    public var id: String
    /// Id of the node that it leads on from.
    public var source: String
    /// Id of the node that it leads to.
    public var target: String
    /// When it is gone along, in words; `nil`: nothing is said of that.
    public var label: String?
    /// `default`, `conditional`, or how a page draws it.
    public var type: String

    package init(id: String, from source: String, to target: String, label: String? = nil, type: String = "default") {
      (self.id, self.source, self.target, self.label, self.type) = (id, source, target, label, type)
    }
  }

  /// Given by the server, and the name of the flow that calls run by: lower-case letters, digits and `-`, a letter first.
  public var id: String
  /// Id of the API key that it belongs to; empty where the server has none.
  public var owner: String
  /// What people call it, 1 … `nameMax` characters.
  public var name: String
  /// At most `descriptionMax` characters.
  public var description: String
  /// An object in JSON, as it was given: variables, voice, language, and the requests of tools. At most `configurationBytesMax`.
  public var configuration: String
  /// At most `nodesMax`; calls begin at the first one to which no edge leads.
  public var nodes: [Node]
  /// At most `edgesMax`.
  public var edges: [Edge]
  /// Microseconds since 1970 UTC.
  public var createdAtUnixMicroseconds: Int64
  /// When it was last changed, microseconds since 1970 UTC.
  public var updatedAtUnixMicroseconds: Int64

  /// Characters of a name.
  public static let nameMax = 100
  /// Characters of a description.
  public static let descriptionMax = 2000
  /// Bytes of `configuration`: the requests of some twenty tools.
  public static let configurationBytesMax = 16_384
  /// Characters of the id of a node or an edge.
  public static let idMax = 60
  /// Nodes: with the states that are made beside them they stay within a flow's 200.
  public static let nodesMax = 150
  /// Edges: some three from each node.
  public static let edgesMax = 450
  /// Bytes of a node's `data`: twice the longest prompt of a flow.
  public static let dataBytesMax = 8192
  /// Bytes of a node's `position`.
  public static let positionBytesMax = 200
  /// Characters of an edge's label.
  public static let labelMax = 200

  package init(id: String, owner: String, name: String, createdAtUnixMicroseconds: Int64) {
    self.id = id
    self.owner = owner
    self.name = name
    description = ""
    configuration = "{}"
    nodes = []
    edges = []
    self.createdAtUnixMicroseconds = createdAtUnixMicroseconds
    updatedAtUnixMicroseconds = createdAtUnixMicroseconds
  }
}

extension NodeFlow: TelephonyResource {}
