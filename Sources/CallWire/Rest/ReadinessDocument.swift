public import CallCore

/// What `GET /readyz` answers.
public struct ReadinessDocument: Sendable, Equatable, JSONDocument {
  private static let degraded = "degraded"

  /// The whole server, but for its history.
  public var state: EngineReadiness.State
  /// Each engine.
  public var parts: [EngineReadiness]
  /// Why the history cannot be read or written now; `nil` when it can. Calls are taken all the same.
  public var historyTrouble: String?
  /// Why this node takes no calls, whatever its engines do; `nil` where it takes them.
  public var callsOff: String?

  /// - Parameters:
  ///   - state: of the whole server.
  ///   - historyTrouble: see the property.
  ///   - callsOff: see the property.
  public init(
    state: EngineReadiness.State, parts: [EngineReadiness], historyTrouble: String? = nil, callsOff: String? = nil
  ) {
    self.state = state
    self.parts = parts
    self.historyTrouble = historyTrouble
    self.callsOff = callsOff
  }

  /// Writes the members of `Wire.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    let isDegraded = state == .ready && historyTrouble != nil
    writer.field("status", isDegraded ? Self.degraded : state.rawValue)
    var rows = parts.map { (name: $0.name, state: $0.state.rawValue, detail: $0.detail) }
    if let historyTrouble { rows.append(("history", Self.degraded, historyTrouble)) }
    if let callsOff { rows.append(("calls", "off", callsOff)) }
    writer.list("parts", rows) { writer, row in
      writer.object { writer in
        writer.field("name", row.name)
        writer.field("state", row.state)
        writer.field("detail", row.detail)
      }
    }
  }
}
