public import CallCore

/// Flows of nodes as the texts of flows, to be read together with those that were written as texts.
public struct NodeFlowLibrary: Sendable {
  /// Name, which is the id, and text of each that could be written as one.
  public private(set) var texts: [(name: String, text: String)] = []
  private var faults: [String: NodeFlowFaults] = [:]
  private let flows: [String: NodeFlow]

  /// Ids of all, whether they can be called or not.
  public var names: Set<String> { Set(flows.keys) }

  /// - Parameters:
  ///   - flows: each id once.
  ///   - names: of flows that were written as texts; a flow of nodes with such an id is not served.
  public init(_ flows: [NodeFlow], beside names: Set<String>) {
    self.flows = Dictionary(flows.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    for flow in flows where !names.contains(flow.id) {
      switch NodeFlowReader.text(of: flow) {
      case .success(let text): texts.append((flow.id, text))
      case .failure(let found): faults[flow.id] = found
      }
    }
  }

  /// Takes those that are flows of nodes out of what `FlowReader.readUsable` could not use.
  /// - Returns: why each flow of nodes that cannot be called cannot, by id.
  public func takeFaults(from unusable: inout [UnusableFlow]) -> [String: NodeFlowFaults] {
    var all = faults
    let texts = Dictionary(texts, uniquingKeysWith: { $1 })
    for flow in unusable {
      guard let text = texts[flow.name], let nodes = flows[flow.name] else { continue }
      all[flow.name] = NodeFlowReader.faults(flow.faults, in: text, of: nodes)
    }
    unusable.removeAll { texts[$0.name] != nil }
    return all
  }
}
