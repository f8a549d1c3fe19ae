public import JSON

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
