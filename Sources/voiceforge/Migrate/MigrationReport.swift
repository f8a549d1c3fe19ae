import JSON
import Wires
import Formats
import Stores

/// What `voiceforge migrate --json` prints.
struct MigrationReport: JSONDocument {
  let before: SchemaStatus
  let after: SchemaStatus
  /// What was copied from another server; `nil` where none was named.
  var copy: CopyReport?

  func writeMembers(to writer: inout JSONWriter) {
    writer.field("database", after.database)
    writer.field("version", after.version)
    writer.field("versionBefore", before.version)
    writer.field("newest", after.newest)
    writer.field("current", after.isCurrent)
    writer.list("steps", after.steps) { writer, step in
      writer.object { writer in
        writer.field("version", step.version)
        writer.field("title", step.title)
        writer.field("applied", step.isApplied)
      }
    }
    if let copy { writer.object("copy", copy.writeMembers) }
  }
}
