public import CallCore
public import CallDriver
import CallWire

/// The flows of a server: their texts in a store, and what was read from them. A call takes the whole library along when it begins, so
/// that it ends on the versions it began with, whatever is changed meanwhile.
public final class FlowShelf: Sendable {
  private struct Current {
    var library = FlowLibrary()
    var versions: [String: Int] = [:]
  }

  /// `nil`: nothing can be changed.
  private let store: (any FlowStore)?
  private let current = Guarded(Current())
  /// Held while a change is checked and made, which may take the store's time; calls never wait for it.
  private let changing = Guarded(())

  /// Flows that stay as they are.
  public init(fixed library: FlowLibrary) {
    store = nil
    current.with { $0.library = library }
  }

  /// Adds `files` to the store where it has no flow of that name, and reads what is there then.
  /// - Parameters:
  ///   - files: of the server's own flows: each one's name and text.
  ///   - now: microseconds since 1970 UTC.
  /// - Throws: in words for people, what is wrong with the texts or with the store.
  public init(_ store: any FlowStore, files: [(name: String, text: String)], at now: Int64) throws(FlowShelfFault) {
    self.store = store
    do throws(FlowRefusal) {
      for file in files {
        let change = try Self.asked { () throws(StoreError) in try store.add(file.name, text: file.text, at: now) }
        if change != .taken { _ = try FlowRefusal.version(of: change) }
      }
      try take(Self.asked { () throws(StoreError) in try store.flows() })
    } catch {
      throw FlowShelfFault(error)
    }
  }

  /// What calls that begin now run by.
  public var library: FlowLibrary { current.with { $0.library } }

  /// The version of a flow that counts now; `nil` when there is no such flow, or flows are fixed.
  func version(of name: String) -> Int? { current.with { $0.versions[name] } }

  /// What a flow of that name would be; nothing is changed.
  func read(_ text: String, as name: String) throws(FlowRefusal) -> Flow {
    switch try reading(text, as: name).result {
    case .success(let flow): return flow
    case .failure(let faults): throw .faults(faults)
    }
  }

  /// The same for those who edit it: what is wrong is no refusal, unless the text calls its flow by another name.
  func reading(_ text: String, as name: String) throws(FlowRefusal) -> FlowReading {
    let reading = FlowReader.reading(text, file: "\(name).yaml", knownFlows: Set(library.names + [name]))
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
    try change(name, to: text) { store throws(StoreError) in try store.add(name, text: text, at: now) }
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
    return try changing.with { _ throws(FlowRefusal) in
      let now = try Self.asked { () throws(StoreError) in try store.flows() }
      if let text {
        _ = try read(text, as: name)
      } else if now.contains(where: { $0.name == name }) {
        _ = try Self.library(of: now.filter { $0.name != name })
      }
      let version = try FlowRefusal.version(of: Self.asked { () throws(StoreError) in try make(store) })
      try take(Self.asked { () throws(StoreError) in try store.flows() })
      return version
    }
  }

  private func take(_ flows: [FlowVersion]) throws(FlowRefusal) {
    let library = try Self.library(of: flows)
    let versions = Dictionary(flows.map { ($0.name, $0.version) }, uniquingKeysWith: { $1 })
    current.with { $0 = Current(library: library, versions: versions) }
  }

  private static func library(of flows: [FlowVersion]) throws(FlowRefusal) -> FlowLibrary {
    switch FlowReader.readLibrary(flows.map { (file: "\($0.name).yaml", text: $0.text) }) {
    case .success(let library): return library
    case .failure(let faults): throw .faults(faults)
    }
  }

  private static func asked<Answer>(_ ask: () throws(StoreError) -> Answer) throws(FlowRefusal) -> Answer {
    do throws(StoreError) { return try ask() } catch { throw .store(error) }
  }
}
