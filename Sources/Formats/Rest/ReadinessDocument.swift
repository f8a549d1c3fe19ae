public import CallCore
public import JSON

/// What `GET /readyz` answers.
public struct ReadinessDocument: Sendable, Equatable, JSONDocument {
  private static let degraded = "degraded"

  /// The whole server, but for its stores.
  public var state: EngineReadiness.State
  /// Each engine.
  public var parts: [EngineReadiness]
  /// Why the history cannot be read or written now; `nil` when it can. Calls are taken all the same.
  public var historyTrouble: String?
  /// Why this node takes no calls, whatever its engines do; `nil` where it takes them.
  public var callsOff: String?
  /// Why what the server knows by heart of a store may be out of date, such as its `keys`: by the store's name.
  public var storeTroubles: [String: String]

  /// Threads that do not go on with their work, with what they do: by their names.
  public var standingThreads: [String: String]

  /// - Parameters:
  ///   - state: of the whole server.
  public init(
    state: EngineReadiness.State, parts: [EngineReadiness], historyTrouble: String? = nil,
    storeTroubles: [String: String] = [:], callsOff: String? = nil, standingThreads: [String: String] = [:]
  ) {
    self.standingThreads = standingThreads
    self.storeTroubles = storeTroubles
    self.state = state
    self.parts = parts
    self.historyTrouble = historyTrouble
    self.callsOff = callsOff
  }

  /// Writes the members of `Wire.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    let isDegraded = state == .ready && (historyTrouble != nil || !storeTroubles.isEmpty)
    writer.field("status", isDegraded ? Self.degraded : state.rawValue)
    var rows = parts.map { (name: $0.name, state: $0.state.rawValue, detail: $0.detail) }
    if let historyTrouble { rows.append(("history", Self.degraded, historyTrouble)) }
    if let callsOff { rows.append(("calls", "off", callsOff)) }
    rows += storeTroubles.sorted { $0.key < $1.key }.map { ($0.key, Self.degraded, $0.value) }
    rows += standingThreads.sorted { $0.key < $1.key }.map {
      ("thread \($0.key)", EngineReadiness.State.failed.rawValue, $0.value)
    }
    writer.list("parts", rows) { writer, row in
      writer.object { writer in
        writer.field("name", row.name)
        writer.field("state", row.state)
        writer.field("detail", row.detail)
      }
    }
  }
}

/// What `GET /healthz` answers: the process serves.
public struct Health: Sendable, Equatable, JSONDocument {
  /// The server's version.
  public var version: String

  /// - Parameter version: the server's.
  public init(version: String) { self.version = version }

  /// Writes the members of `Wire.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("status", "ok")
    writer.field("version", version)
  }
}
