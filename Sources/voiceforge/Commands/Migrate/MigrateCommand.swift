import ArgumentParser
import Formats
import JSON
import Stores
import Wires

struct MigrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate",
    abstract: "Bring the tables of a database to this version, and what a server keeps into it.",
    discussion: """
      EXAMPLES
        voiceforge migrate --status           see how the tables stand, and change nothing
        voiceforge migrate                    apply the steps that are missing, each in a transaction
        voiceforge migrate --json             the same, for programs
        voiceforge migrate --database postgres://me:secret@127.0.0.1/calls
        voiceforge migrate --from http://127.0.0.1:8080
                                              copy everything that the server there keeps in memory into the database

      `voiceforge serve` does this by itself when it starts; of several that start together one does it and the others wait. The \
      database is that of DATABASE_URL. Tables of a newer version are refused: exit code 2. No database answers: 4. --status ends \
      with 1 when steps are missing.

      --from copies calls with their recordings, test cases, runs, flows with their versions, flows of nodes, matched voices, and keys without their \
      secrets, exactly. The server goes on meanwhile; its key needs the scope manage. What is in the database already is left as it \
      is, so --from may be repeated, as after an interruption or for the last calls. The log of loads and reports of runs are not kept \
      anywhere and not copied. No server answers: 4. The key is refused: 2. The database could not take everything: 1.
      """)

  @Option(
    help:
      "Address of the database (default: DATABASE_URL). Everybody on this machine can see a password that stands here.")
  var database: String?
  @Option(
    help: ArgumentHelp("Address of a running server, such as http://127.0.0.1:8080, to copy from.", valueName: "url"))
  var from: String?
  @OptionGroup var access: KeyOption
  @Flag(help: "Look only.")
  var status = false
  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard !status || from == nil else { throw ValidationError("--status and --from exclude each other") }
  }

  func run() throws {
    let environment = try Settings()
    guard let url = database ?? environment["DATABASE_URL"] else {
      throw CommandFault(
        "there is no database: name one with --database or DATABASE_URL, such as postgres://user:password@host:port/database"
      )
    }
    // Asked first, so that a wrong address changes nothing.
    let node = try from.map { try ServerArchive(at: $0, key: access.key(environment)) }
    let summary = try node?.summary()
    let (before, after) = try inspect(url)
    let isDone = after.isCurrent && !after.isNewer
    if !json { show(before, after) }
    var copy: CopyReport?
    if let node, let summary, isDone {
      copy = try ServerCopy(from: node, summary, to: url, settings: try environment.database()).run()
    }
    if json {
      Terminal.line(MigrationReport(before: before, after: after, copy: copy).jsonText)
    } else if let copy {
      Terminal.line(copy.text)
    }
    if after.isNewer { throw ExitCode(ExitStatus.wrongInput.rawValue) }
    if !after.isCurrent || copy?.isWhole == false { throw ExitCode(ExitStatus.failed.rawValue) }
  }

  private func inspect(_ url: String) throws(CommandFault) -> (before: SchemaStatus, after: SchemaStatus) {
    do throws(DatabaseFault) {
      guard status else { return try SchemaMigrator.migrate(url) }
      let found = try SchemaMigrator.status(of: url)
      return (found, found)
    } catch {
      throw CommandFault(database: error)
    }
  }

  private func show(_ before: SchemaStatus, _ after: SchemaStatus) {
    Terminal.line("\(after.database): version \(after.version) of \(after.newest)")
    for (old, new) in zip(before.steps, after.steps) {
      let sign = !new.isApplied ? "missing" : old.isApplied ? "there   " : "applied "
      Terminal.line("  \(sign)  \(new.version)  \(new.title)")
    }
    if after.isNewer {
      Terminal.errorLine(
        "voiceforge: the tables belong to a newer version of this program; use that, or another database")
    } else if !after.isCurrent {
      Terminal.errorLine(
        "voiceforge: steps are missing; `voiceforge migrate` applies them, and `voiceforge serve` does so too")
    }
  }
}

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
    writer.objects("steps", after.steps) { writer, step in
      writer.field("version", step.version)
      writer.field("title", step.title)
      writer.field("applied", step.isApplied)
    }
    if let copy { writer.object("copy", copy.writeMembers) }
  }
}

/// What came of copying a server's data into a database.
struct CopyReport: JSONDocument {
  /// What became of one thing; the raw values stand in the JSON.
  enum Outcome: String, CaseIterable {
    case copied
    /// It was there already, and the same.
    case there
    case different
    /// It went away at the server while it was read: newer ones pushed it out.
    case gone
    /// A run that goes on still; copied when it is over and this is done again.
    case unfinished
    /// The database refused its values.
    case lost
    /// It is not in the database because newer ones pushed it out, now or when it was copied before; others that were there before may be
    /// among these.
    case evicted
    case withoutRecording

    /// For people, behind a number.
    var words: String {
      switch self {
      case .copied: "copied"
      case .there: "there already"
      case .different: "there already and different; those of the database stay"
      case .gone: "no longer at the server"
      case .unfinished: "not over yet"
      case .lost: "refused by the database and lost"
      case .evicted: "pushed out by newer ones, for the database keeps no more (VOICEFORGE_HISTORY_CALLS)"
      case .withoutRecording: "without their recording, which is larger than VOICEFORGE_HISTORY_MEGABYTES"
      }
    }
  }

  /// How many things of a kind came to what.
  typealias Counts = [Outcome: Int]

  /// Address of the server.
  let server: String
  let version: String
  /// By kind, in the order in which they were copied.
  var kinds: [(name: String, counts: Counts)] = []

  /// Whether the database has everything that the server had to give.
  var isWhole: Bool {
    kinds.allSatisfy { kind in [.lost, .evicted, .withoutRecording].allSatisfy { kind.counts[$0, default: 0] == 0 } }
  }

  func writeMembers(to writer: inout JSONWriter) {
    writer.field("from", server)
    writer.field("serverVersion", version)
    writer.field("whole", isWhole)
    for (name, counts) in kinds {
      writer.object(name) { writer in
        for outcome in Outcome.allCases { writer.field(outcome.rawValue, counts[outcome, default: 0]) }
      }
    }
  }

  /// For people: a line for each kind.
  var text: String {
    let lines = kinds.map { name, counts in
      let parts = Outcome.allCases.compactMap { outcome in
        counts[outcome].flatMap { $0 > 0 ? "\($0) \(outcome.words)" : nil }
      }
      return "  \(name): \(parts.isEmpty ? "none" : parts.joined(separator: ", "))"
    }
    return (["copied from \(server), version \(version):"] + lines).joined(separator: "\n")
  }
}
