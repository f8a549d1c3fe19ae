import JSON
import Formats

/// What came of copying a server's data into a database.
struct CopyReport: JSONDocument {
  /// What came of one kind of thing.
  struct Counts {
    /// Were written.
    var copied = 0
    /// Were there already, and the same.
    var there = 0
    /// Were there already and otherwise; the database's stay.
    var different = 0
    /// Went away at the server while it was read: newer ones pushed them out.
    var gone = 0
    /// Runs that go on still; copied when they are over and this is done again.
    var unfinished = 0
    /// Could not be kept: the database refused their values.
    var lost = 0
    /// Are not in the database because newer ones pushed them out, now or when they were copied before; others that were there before
    /// may be among them.
    var evicted = 0
    /// Calls that were kept without their recording, because it is larger than the database may be.
    var withoutRecording = 0
  }

  /// Address of the server.
  let server: String
  /// Its version.
  let version: String
  /// By kind, in the order in which they were copied.
  var kinds: [(name: String, counts: Counts)] = []

  /// Whether the database has everything that the server had to give.
  var isWhole: Bool {
    kinds.allSatisfy { $0.counts.lost == 0 && $0.counts.evicted == 0 && $0.counts.withoutRecording == 0 }
  }

  func writeMembers(to writer: inout JSONWriter) {
    writer.field("from", server)
    writer.field("serverVersion", version)
    writer.field("whole", isWhole)
    for (name, counts) in kinds {
      writer.object(name) { writer in
        writer.field("copied", counts.copied)
        writer.field("there", counts.there)
        writer.field("different", counts.different)
        writer.field("gone", counts.gone)
        writer.field("unfinished", counts.unfinished)
        writer.field("lost", counts.lost)
        writer.field("evicted", counts.evicted)
        writer.field("withoutRecording", counts.withoutRecording)
      }
    }
  }

  /// For people: a line for each kind.
  var text: String {
    let lines = kinds.map { name, counts in
      let parts = [
        (counts.copied, "copied"), (counts.there, "there already"),
        (counts.different, "there already and different; those of the database stay"),
        (counts.gone, "no longer at the server"), (counts.unfinished, "not over yet"),
        (counts.lost, "refused by the database and lost"),
        (counts.evicted, "pushed out by newer ones, for the database keeps no more (VOICEFORGE_HISTORY_CALLS)"),
        (counts.withoutRecording, "without their recording, which is larger than VOICEFORGE_HISTORY_MEGABYTES"),
      ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
      return "  \(name): \(parts.isEmpty ? "none" : parts.joined(separator: ", "))"
    }
    return (["copied from \(server), version \(version):"] + lines).joined(separator: "\n")
  }
}
