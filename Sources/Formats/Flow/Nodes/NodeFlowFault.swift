/// Why a flow of nodes cannot be called: something that is missing, wrong, or has no counterpart here.
public struct NodeFlowFault: Sendable, Hashable {
  /// Id of the node; `nil`: it concerns the whole.
  public var node: String?
  /// What is wrong and what to do.
  public var message: String

  package init(_ message: String, at node: String? = nil) { (self.node, self.message) = (node, message) }
}

extension NodeFlowFault: CustomStringConvertible {
  /// One line.
  public var description: String { node.map { "node `\($0)`: \(message)" } ?? message }
}

/// All that is wrong with a flow of nodes.
public struct NodeFlowFaults: Error, Sendable, Hashable {
  /// Not empty; those of its nodes in their order.
  public var faults: [NodeFlowFault]

  /// - Parameter faults: not empty.
  package init(_ faults: [NodeFlowFault]) { self.faults = faults }
}

extension NodeFlowFaults: CustomStringConvertible {
  /// The first few, one behind the other.
  public var description: String {
    let more = faults.count - 3
    return faults.prefix(3).map(\.description).joined(separator: "; ") + (more > 0 ? "; and \(more) more" : "")
  }
}
