import CallWire
import Stores

/// What `voiceforge migrate --json` prints.
struct MigrationReport: JSONDocument {
  let before: SchemaStatus
  let after: SchemaStatus

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
  }
}
