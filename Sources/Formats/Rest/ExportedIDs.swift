public import JSON

/// What `GET /api/export/calls` and `GET /api/export/runs` answer.
public struct ExportedIDs: Sendable, Equatable, JSONDocument {
  /// Of calls, the newest first; of runs, the oldest first.
  public var ids: [String]
  /// Where the next page begins; `nil` behind the last one.
  public var nextCursor: String?

  /// See the properties.
  public init(ids: [String], nextCursor: String? = nil) {
    self.ids = ids
    self.nextCursor = nextCursor
  }

  /// - Parameter json: as a server answered it.
  public init(parsing json: [UInt8]) throws(WireFault) {
    let fields = try JSONFields(archived: json, place: "export")
    ids = try fields.textList("ids")
    nextCursor = try fields.optionalText("nextCursor")
  }

  /// Writes the members of `Rest.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.list("ids", ids) { $0.value($1) }
    writer.field("nextCursor", nextCursor)
  }
}
