public import JSON

/// What `GET /api/keys` answers; `Rest.md` lists the members.
public struct KeyList: Sendable, JSONDocument {
  private let isLasting: Bool
  private let keys: [KeyDocument]

  /// - Parameters:
  ///   - isLasting: whether the keys are there after a restart.
  ///   - keys: in the order in which they were made.
  public init(isLasting: Bool, keys: [KeyDocument]) {
    self.isLasting = isLasting
    self.keys = keys
  }

  /// Writes the members of `Rest.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("lasting", isLasting)
    writer.list("keys", keys) { writer, key in writer.object(key.writeMembers) }
  }
}
