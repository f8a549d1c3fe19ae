package import CallCore
package import CallDriver
import Threads

/// Flows in memory, bounded by flows, versions and bytes. Full is full, but of a flow with too many versions the oldest one goes.
package final class MemoryFlowStore: FlowStore {
  private struct State {
    /// Versions by name, the newest last.
    var flows: [String: [FlowVersion]] = [:]
    var bytes = 0
    /// What the server's folder gave last, by name.
    var brought: [String: String] = [:]
    var revision = 0
  }

  private let entriesMax: Int
  private let versionsMax: Int
  private let bytesMax: Int
  private let state = Locked(State())

  /// - Parameters:
  ///   - entriesMax: flows kept, 1 and up.
  ///   - versionsMax: versions kept of each, 1 and up.
  ///   - bytesMax: bytes kept, all versions together: a sample flow takes 3 KB, so 32 MB hold 50 versions of 200 of them.
  package init(entriesMax: Int = 200, versionsMax: Int = 50, bytesMax: Int = 32_000_000) {
    precondition(entriesMax > 0 && versionsMax > 0, "a store keeps at least one version of one flow")
    self.entriesMax = entriesMax
    self.versionsMax = versionsMax
    self.bytesMax = bytesMax
  }

  package func flows() throws(StoreError) -> [FlowVersion] {
    state.withLock { $0.flows.values.compactMap(\.last).sorted { $0.name < $1.name } }
  }

  package func versions(of name: String) throws(StoreError) -> [FlowVersion] {
    state.withLock { ($0.flows[name] ?? []).reversed() }
  }

  package func add(_ name: String, text: String, at now: Int64) throws(StoreError) -> FlowChange {
    let first = FlowVersion(name: name, version: 1, text: text, savedAtUnixMicroseconds: now)
    return state.withLock { state in
      guard state.flows[name] == nil else { return .taken }
      guard state.flows.count < entriesMax else { return .full(limit: "\(entriesMax) flows") }
      return replace([first], Self.bytes(of: first), of: name, in: &state)
    }
  }

  package func save(_ name: String, text: String, after version: Int, at now: Int64) throws(StoreError) -> FlowChange {
    state.withLock { state in
      guard let versions = state.flows[name], let newest = versions.last else { return .missing }
      guard newest.version == version else { return .outdated(current: newest.version) }
      let next = FlowVersion(name: name, version: version + 1, text: text, savedAtUnixMicroseconds: now)
      let forgotten = versions.dropLast(versionsMax - 1)
      let bytes = Self.bytes(of: next) - forgotten.reduce(0) { $0 + Self.bytes(of: $1) }
      return replace(versions.suffix(versionsMax - 1) + [next], bytes, of: name, in: &state)
    }
  }

  package func remove(_ name: String, at version: Int) throws(StoreError) -> FlowChange {
    state.withLock { state in
      guard let versions = state.flows[name], let newest = versions.last else { return .missing }
      guard newest.version == version else { return .outdated(current: newest.version) }
      state.flows[name] = nil
      state.brought[name] = nil
      state.revision += 1
      state.bytes -= versions.reduce(0) { $0 + Self.bytes(of: $1) }
      return .done(newest)
    }
  }

  package func importFile(_ name: String, text: String, at now: Int64) throws(StoreError) -> FlowChange {
    let known = state.withLock { state in (versions: state.flows[name] ?? [], text: state.brought[name]) }
    let change: FlowChange
    if let newest = known.versions.last {
      let isKnown = known.text.map { $0 == text } ?? known.versions.contains { $0.text == text }
      change = isKnown || newest.text == text ? .taken : try save(name, text: text, after: newest.version, at: now)
    } else {
      change = try add(name, text: text, at: now)
    }
    switch change {
    case .done, .taken: state.withLock { $0.brought[name] = text }
    case .missing, .outdated, .full: break
    }
    return change
  }

  /// See `FlowStore`.
  package func revision() throws(StoreError) -> Int { state.withLock { $0.revision } }

  /// How full the store is; only old versions are ever forgotten, and they are not counted.
  package var usage: StoreUsage { state.withLock { StoreUsage(entries: $0.flows.count, bytes: $0.bytes) } }

  /// - Parameter bytes: how much more is kept then.
  private func replace(_ versions: [FlowVersion], _ bytes: Int, of name: String, in state: inout State) -> FlowChange {
    guard state.bytes + bytes <= bytesMax, let newest = versions.last else {
      return .full(limit: "\(bytesMax) bytes of flows")
    }
    state.flows[name] = versions
    state.revision += 1
    state.bytes += bytes
    return .done(newest)
  }

  private static func bytes(of version: FlowVersion) -> Int { version.text.utf8.count + version.name.utf8.count + 64 }
}
