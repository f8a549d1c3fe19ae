public import JSON

/// What `GET /api/flows/{name}/versions` answers; `Rest.md` lists the members.
public struct FlowVersionList: Sendable, JSONDocument {
  /// One version.
  public struct Entry: Sendable {
    /// Its number.
    public var version: Int
    /// When it was saved, in microseconds since 1970 UTC.
    public var savedAtUnixMicroseconds: Int64
    /// Length of its text.
    public var bytes: Int

    /// See the properties.
    public init(version: Int, savedAtUnixMicroseconds: Int64, bytes: Int) {
      self.version = version
      self.savedAtUnixMicroseconds = savedAtUnixMicroseconds
      self.bytes = bytes
    }
  }

  /// The flow.
  public var name: String
  /// The newest first.
  public var versions: [Entry]

  /// See the properties.
  public init(name: String, versions: [Entry]) {
    self.name = name
    self.versions = versions
  }

  /// Writes the members of `Rest.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("name", name)
    writer.list("versions", versions) { writer, entry in
      writer.object { writer in
        writer.field("version", entry.version)
        writer.field("savedAt", UTCTime.text(unixMicroseconds: entry.savedAtUnixMicroseconds))
        writer.field("bytes", entry.bytes)
      }
    }
  }
}
