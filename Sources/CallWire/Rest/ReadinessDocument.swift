public import CallCore

/// What `GET /readyz` answers.
public struct ReadinessDocument: Sendable, Equatable, JSONDocument {
  /// The whole server.
  public var state: EngineReadiness.State
  /// Each engine.
  public var parts: [EngineReadiness]

  /// - Parameter state: of the whole server.
  public init(state: EngineReadiness.State, parts: [EngineReadiness]) {
    self.state = state
    self.parts = parts
  }

  /// Writes the members of `Wire.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("status", state.rawValue)
    writer.list("parts", parts) { writer, part in
      writer.object { writer in
        writer.field("name", part.name)
        writer.field("state", part.state.rawValue)
        writer.field("detail", part.detail)
      }
    }
  }
}
