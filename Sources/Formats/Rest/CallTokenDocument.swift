public import JSON

/// What `POST /api/call-tokens` answers; `Rest.md` lists the members.
public struct CallTokenDocument: Sendable, JSONDocument {
  private let token: String
  private let expiresInSeconds: Int

  /// - Parameters:
  ///   - token: goes into the query of the call's address, once.
  ///   - expiresInSeconds: how long it is good.
  public init(token: String, expiresInSeconds: Int) {
    self.token = token
    self.expiresInSeconds = expiresInSeconds
  }

  /// Writes the members of `Rest.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("token", token)
    writer.field("expiresInSeconds", expiresInSeconds)
  }
}
