public import CallCore
public import CallDriver
public import Formats
import JSON
public import Logging
import Threads
import Wires

/// The flows of a server: their texts in a store, and what was read from them. A call takes the whole library along when it begins, so
/// that it ends on the versions it began with, whatever is changed meanwhile. Another server may change the store; `refresh` sees it.
public final class FlowService: Sendable {
  private struct Current {
    var library = FlowLibrary()
    var versions: [String: Int] = [:]
    /// Of the store, and of that of flows of nodes; `nil` as long as nothing was read there.
    var revision: [Int]?
    /// Flows of the store that no call can run by.
    var unusable: [UnusableFlow] = []
    /// Ids of flows of nodes, whether they can be called or not.
    var nodeNames: Set<String> = []
    /// To which key each belongs.
    var nodeOwners: [String: String] = [:]
    /// As they were read last.
    var drawn: [NodeFlow] = []
    /// Why those that cannot be called cannot, by id.
    var nodeFaults: [String: NodeFlowFaults] = [:]
    /// Whether intents can be known by their meaning here.
    var hasMeaning = true
  }

  /// `nil`: nothing can be changed.
  let store: (any FlowStore)?
  /// Flows of nodes, which keys draw; `nil`: none are kept.
  let nodeFlows: (any TelephonyResourceStore<NodeFlow>)?
  private let log: Logger?
  private let current = Locked(Current())
  /// Held while a change is checked and made, which may take the store's time; calls never wait for it. What it guards are the files
  /// of the folder that the store has not got yet.
  private let changing: Locked<[(name: String, text: String)]>

  /// Flows that stay as they are.
  public init(fixed library: FlowLibrary) {
    store = nil
    nodeFlows = nil
    log = nil
    changing = Locked([])
    current.withLock { $0.library = library }
  }

  /// Brings `files` into the store, and reads what is there then. While the store does not answer, calls run by `files` alone.
  /// - Parameters:
  ///   - files: the server's own flows.
  ///   - now: microseconds since 1970 UTC.
  ///   - nodeFlows: flows of nodes, which are served beside the others.
  ///   - log: told when a file takes the place of a version in the store, and of a store that cannot be used.
  /// - Throws: in words for people, that there is no room for the files.
  public init(
    _ store: any FlowStore, files: FlowSources, at now: Int64,
    nodeFlows: (any TelephonyResourceStore<NodeFlow>)? = nil, log: Logger? = nil
  ) throws(FlowServiceError) {
    self.store = store
    self.nodeFlows = nodeFlows
    self.log = log
    changing = Locked(files.texts)
    current.withLock { $0.library = files.library }
    do throws(FlowRefusal) {
      _ = try read(at: now)
    } catch {
      switch error {
      case .store(let trouble):
        log?.warning("calls run by the flows of the folder alone until the store answers: \(trouble)")
      default: throw FlowServiceError(error)
      }
    }
  }

  /// What calls that begin now run by.
  public var library: FlowLibrary { current.withLock { $0.library } }

  /// The version of a flow that counts now; `nil` when there is no such flow, or flows are fixed.
  func version(of name: String) -> Int? { current.withLock { $0.versions[name] } }

  /// Flows of the store that were saved by an earlier version and cannot be used by this one. The others are served.
  var unusable: [UnusableFlow] { current.withLock { $0.unusable } }

  /// Why a flow of nodes cannot be called; empty: it can be, or there is none of that id.
  func nodeFaults(of id: String) -> [NodeFlowFault] { current.withLock { $0.nodeFaults[id]?.faults ?? [] } }

  /// Whether a flow that is served is one of nodes, which has neither text nor versions of its own.
  func isOfNodes(_ name: String) -> Bool {
    current.withLock { $0.nodeNames.contains(name) && $0.library[name] != nil && $0.versions[name] == nil }
  }

  /// The flow file that a flow of nodes is; `nil`: the key has none of that id, or it cannot be written as one. Asks the store.
  /// - Parameter owner: id of the key, whose requests may hold secrets.
  func nodeText(of id: String, for owner: String) throws(FlowRefusal) -> String? {
    guard let nodeFlows, isOfNodes(id) else { return nil }
    let flow = try Self.asked { () throws(StoreError) in try nodeFlows.one(id: id) }
    guard let flow, isVisible(id, to: owner), case .success(let text) = NodeFlowReader.text(of: flow) else {
      return nil
    }
    return text
  }

  /// Whether a key may look into a flow. One of nodes may hold its key's secrets; one that was drawn while the server had no keys is
  /// everybody's.
  func isVisible(_ name: String, to owner: String) -> Bool {
    let found = current.withLock { $0.nodeOwners[name] }
    return found.map { $0.isEmpty || $0 == owner } ?? true
  }

  /// What is said of a flow that calls cannot run by.
  /// - Parameter owner: who is told; what is wrong with a flow of nodes is told to its key alone.
  func absence(of name: String, to owner: String) -> String {
    guard isVisible(name, to: owner), let faults = current.withLock({ $0.nodeFaults[name] }) else {
      return "there is no flow \(name.quoted)"
    }
    return "the flow \(name) cannot be called yet: \(faults)"
  }

  /// Flows that transfer to one of nodes and would lose it.
  func flows(transferringTo name: String) -> [String] {
    library.flows.filter { flow in
      flow.name != name
        && flow.states.contains { state in
          if case .transfer(let target, _) = state.kind { target == name } else { false }
        }
    }.map(\.name)
  }

  /// Takes over what another server changed in the store, and brings there what it could not be brought before. Blocks.
  /// - Returns: whether anything is different.
  func refresh() throws(StoreError) -> Bool {
    do throws(FlowRefusal) {
      return try read(at: APIKeyService.now.unixMicroseconds)
    } catch {
      if case .store(let trouble) = error { throw trouble }
      throw .unavailable("the flows there are wrong; the log says how")
    }
  }

  /// Says whether flows that are sent may know intents by their meaning. Those that are kept stay: words are understood all the same.
  func setMeaning(isInstalled: Bool) { current.withLock { $0.hasMeaning = isInstalled } }

  /// What a flow of that name would be; nothing is changed.
  func read(_ text: String, as name: String) throws(FlowRefusal) -> Flow {
    switch try reading(text, as: name).result {
    case .success(let flow): return flow
    case .failure(let faults): throw .faults(faults)
    }
  }

  /// The same for those who edit it: what is wrong is no refusal, unless the text calls its flow by another name.
  func reading(_ text: String, as name: String) throws(FlowRefusal) -> FlowReading {
    let reading = FlowReader.reading(
      text, file: "\(name).yaml", knownFlows: Set(library.names + [name]),
      hasMeaning: current.withLock { $0.hasMeaning })
    if case .success(let flow) = reading.result, flow.name != name { throw .otherName(flow.name) }
    return reading
  }

  /// The versions that are kept, the newest first.
  func versions(of name: String) throws(FlowRefusal) -> [FlowVersion] {
    guard let store else { throw .fixed }
    let versions = try Self.asked { () throws(StoreError) in try store.versions(of: name) }
    guard !versions.isEmpty else { throw .missing }
    return versions
  }

  /// Adds a flow.
  /// - Parameter now: microseconds since 1970 UTC.
  func add(_ name: String, text: String, at now: Int64) throws(FlowRefusal) -> FlowVersion {
    if current.withLock({ $0.nodeNames.contains(name) }) { throw .taken }
    return try change(name, to: text) { store throws(StoreError) in try store.add(name, text: text, at: now) }
  }

  /// Saves a new version, if `version` is still the newest.
  /// - Parameter now: microseconds since 1970 UTC.
  func save(_ name: String, text: String, after version: Int, at now: Int64) throws(FlowRefusal) -> FlowVersion {
    try change(name, to: text) { store throws(StoreError) in
      try store.save(name, text: text, after: version, at: now)
    }
  }

  /// Saves an old version as the newest one.
  func rollBack(_ name: String, to old: Int, after version: Int, at now: Int64) throws(FlowRefusal) -> FlowVersion {
    guard let found = try versions(of: name).first(where: { $0.version == old }) else { throw .forgotten }
    return try save(name, text: found.text, after: version, at: now)
  }

  /// Removes a flow with all its versions. Refused when another flow transfers to it.
  func remove(_ name: String, at version: Int) throws(FlowRefusal) -> FlowVersion {
    try change(name, to: nil) { store throws(StoreError) in try store.remove(name, at: version) }
  }

  /// Checks all flows as they would be, makes the change, and lets new calls have it.
  /// - Parameter text: `nil` when the flow goes.
  private func change(
    _ name: String, to text: String?, _ make: (any FlowStore) throws(StoreError) -> FlowChange
  ) throws(FlowRefusal) -> FlowVersion {
    guard let store else { throw .fixed }
    return try changing.withLock { _ throws(FlowRefusal) in
      let now = try Self.asked { () throws(StoreError) in try store.flows() }
      if let text {
        _ = try read(text, as: name)
      } else if now.contains(where: { $0.name == name }) {
        try checkRemoval(of: name, from: now)
      }
      let version = try FlowRefusal.version(of: Self.asked { () throws(StoreError) in try make(store) })
      _ = try reload(from: store)
      return version
    }
  }

  /// Refused when another flow transfers to it; one that cannot be used anyway is no reason.
  private func checkRemoval(of name: String, from flows: [FlowVersion]) throws(FlowRefusal) {
    let known = Set(unusable.map(\.name))
    let left = FlowReader.readUsable(
      flows.filter { $0.name != name }.map { ($0.name, $0.text) }, beside: current.withLock { $0.nodeNames })
    let faults = left.unusable.filter { !known.contains($0.name) }.flatMap(\.faults.faults)
    if !faults.isEmpty { throw .faults(FileFaults(faults)) }
  }

  private func read(at now: Int64) throws(FlowRefusal) -> Bool {
    guard let store else { return false }
    return try changing.withLock { files throws(FlowRefusal) in
      while let file = files.first {
        try importFile(file, to: store, at: now)
        files.removeFirst()
      }
      return try reload(from: store)
    }
  }

  private func importFile(
    _ file: (name: String, text: String), to store: any FlowStore, at now: Int64
  ) throws(FlowRefusal) {
    let change = try Self.asked { () throws(StoreError) in try store.importFile(file.name, text: file.text, at: now) }
    guard change != .taken else { return }
    let version = try FlowRefusal.version(of: change).version
    if version > 1 {
      log?.notice(
        "the flow \(file.name) of the folder counts now, as version \(version); version \(version - 1) is kept before it"
      )
    }
  }

  /// Reads the store when it has changed since.
  private func reload(from store: any FlowStore) throws(FlowRefusal) -> Bool {
    // Before the flows, so that what is changed in between is seen the next time.
    let revision = try Self.asked { () throws(StoreError) in
      [try store.revision(), try nodeFlows?.revision() ?? 0]
    }
    guard current.withLock({ $0.revision != revision }) else { return false }
    let flows = try Self.asked { () throws(StoreError) in try store.flows() }
    let drawn = drawnFlows()
    let nodes = NodeFlowLibrary(drawn, beside: Set(flows.map(\.name)))
    var (library, unusable) = FlowReader.readUsable(
      flows.map { ($0.name, $0.text) } + nodes.texts, beside: nodes.names)
    let nodeFaults = nodes.takeFaults(from: &unusable)
    let known = Set(self.unusable)
    for flow in unusable where !known.contains(flow) {
      log?.error(
        "the flow \(flow.name) in the store cannot be used, and no call runs by it until it is mended: \(flow.faults)")
    }
    let versions = Dictionary(flows.map { ($0.name, $0.version) }, uniquingKeysWith: { $1 })
    current.withLock { current in
      (current.library, current.versions) = (library, versions)
      (current.revision, current.unusable) = (revision, unusable)
      (current.nodeNames, current.nodeFaults, current.drawn) = (nodes.names, nodeFaults, drawn)
      current.nodeOwners = Dictionary(drawn.map { ($0.id, $0.owner) }, uniquingKeysWith: { $1 })
    }
    return true
  }

  /// One that cannot be read takes nothing from the other flows: those that were read last stay.
  private func drawnFlows() -> [NodeFlow] {
    do throws(StoreError) { return try nodeFlows?.all(of: nil) ?? [] } catch {
      log?.error("flows of nodes cannot be read from the store, and stay as they were: \(error)")
      return current.withLock { $0.drawn }
    }
  }

  private static func asked<Answer>(_ ask: () throws(StoreError) -> Answer) throws(FlowRefusal) -> Answer {
    do throws(StoreError) { return try ask() } catch { throw .store(error) }
  }
}

/// Why a change to the flows was not made.
package enum FlowRefusal: Error {
  /// The text is wrong, or another flow needs what would be gone.
  case faults(FileFaults)
  /// The file calls its flow by another name.
  case otherName(String)
  /// What came is no UTF-8 text.
  case notText
  /// There is a flow of this name already.
  case taken
  /// There is no such flow.
  case missing
  /// There is no such version any more.
  case forgotten
  /// Somebody else has changed the flow meanwhile.
  case outdated(current: Int)
  /// There is no room; the limit in words.
  case full(limit: String)
  /// The store does not answer.
  case store(StoreError)
  /// The server was started with flows that stay as they are.
  case fixed

  /// - Returns: the version that was made.
  static func version(of change: FlowChange) throws(FlowRefusal) -> FlowVersion {
    switch change {
    case .done(let version): return version
    case .taken: throw .taken
    case .missing: throw .missing
    case .outdated(let current): throw .outdated(current: current)
    case .full(let limit): throw .full(limit: limit)
    }
  }
}

/// Why a server cannot begin with its flows, in words for people.
public struct FlowServiceError: Error, Sendable, CustomStringConvertible {
  /// What is wrong and what to do.
  public let description: String

  init(_ refusal: FlowRefusal) {
    description =
      switch refusal {
      case .full(let limit): "there is room for \(limit); name a folder with fewer"
      case .store(let error): "the store of flows does not answer: \(error)"
      case .faults, .otherName, .notText, .taken, .missing, .forgotten, .outdated, .fixed: "\(refusal)"
      }
  }
}
