public import CallCore

/// Makes flows that calls run by out of nodes and edges. `Flows of nodes` in `Rest.md` says what becomes of what.
public enum NodeFlowReader {
  /// The flow as a flow file, which `FlowReader` may still find wrong.
  /// - Returns: the text, or everything that is missing or has no counterpart.
  public static func text(of flow: NodeFlow) -> Result<String, NodeFlowFaults> {
    var writer = NodeFlowWriter(flow)
    let root = writer.file()
    guard writer.faults.isEmpty else { return .failure(NodeFlowFaults(writer.faults)) }
    guard let text = root.text(bytesMax: FlowLimits.fileBytesMax) else {
      let message = "as a flow file it has more than \(FlowLimits.fileBytesMax) bytes: shorten prompts and `arguments`"
      return .failure(NodeFlowFaults([NodeFlowFault(message)]))
    }
    return .success(text)
  }

  /// The flow that calls run by.
  /// - Parameter knownFlows: every flow that may be transferred to; `nil`: transfers are not checked.
  /// - Returns: the flow, or all that is wrong.
  public static func read(_ flow: NodeFlow, knownFlows: Set<String>? = nil) -> Result<Flow, NodeFlowFaults> {
    switch text(of: flow) {
    case .failure(let faults): return .failure(faults)
    case .success(let text):
      return FlowReader.read(text, file: "\(flow.id).yaml", knownFlows: knownFlows)
        .mapError { faults($0, in: text, of: flow) }
    }
  }

  /// What is wrong with the text of a flow, by node.
  static func faults(_ found: FileFaults, in text: String, of flow: NodeFlow) -> NodeFlowFaults {
    let names = NodeFlowNames(flow)
    let lines = FlowReader.reading(text, file: flow.id).stateLines
    return NodeFlowFaults(
      found.faults.map { fault in
        let state = lines.last { $0.line <= fault.line }?.state
        return NodeFlowFault(fault.message, at: state.flatMap { names.node(of: $0) })
      })
  }
}

/// What the states of a flow of nodes are called.
struct NodeFlowNames {
  private var states: [String: String] = [:]
  private var nodes: [String: String] = [:]
  private var taken: Set<String> = []

  init(_ flow: NodeFlow) {
    // Ids that can be names are; the others follow the kind of their nodes.
    for node in flow.nodes where FlowText.isName(node.id) && node.id.unicodeScalars.count <= FlowLimits.nameMax {
      name(node, node.id)
    }
    for node in flow.nodes where states[node.id] == nil { name(node, unused(node.kind.word)) }
  }

  /// The state of a node; `nil`: there is no such node.
  func state(of node: String) -> String? { states[node] }

  /// The node of a state; `nil`: it is a state beside the nodes.
  func node(of state: String) -> String? { nodes[state] }

  /// A name for a state beside the nodes.
  mutating func add(_ wish: String) -> String {
    let name = taken.contains(wish) ? unused(wish) : wish
    taken.insert(name)
    return name
  }

  private mutating func name(_ node: NodeFlow.Node, _ name: String) {
    guard states[node.id] == nil else { return }
    states[node.id] = name
    nodes[name] = node.id
    taken.insert(name)
  }

  private func unused(_ word: String) -> String {
    (1...).lazy.map { "\(word)-\($0)" }.first { !taken.contains($0) } ?? word
  }
}

extension NodeFlow.Kind {
  /// As a part of a name.
  var word: String { rawValue.replacing("_", with: "-") }
}
