/// The flows of a server by name, for transfers from one to another.
public struct FlowLibrary: Sendable, Equatable {
  private let byName: [String: Flow]

  /// - Parameter flows: of two with one name, the later one counts.
  public init(_ flows: [Flow] = []) {
    byName = Dictionary(flows.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
  }

  /// Every flow, sorted by name.
  public var flows: [Flow] { byName.values.sorted { $0.name < $1.name } }
  /// Every name, sorted.
  public var names: [String] { byName.keys.sorted() }
  /// The flow of that name.
  public subscript(name: String) -> Flow? { byName[name] }
}
