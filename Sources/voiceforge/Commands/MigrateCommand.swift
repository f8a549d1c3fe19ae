import ArgumentParser
import CallWire
import Stores

/// `voiceforge migrate`.
struct MigrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate",
    abstract: "Bring the tables of a database to this version.",
    discussion: """
      EXAMPLES
        voiceforge migrate --status           see how the tables stand, and change nothing
        voiceforge migrate                    apply the steps that are missing, each in a transaction
        voiceforge migrate --json             the same, for programs
        voiceforge migrate --database postgres://me:secret@127.0.0.1/calls

      `voiceforge serve` does this by itself when it starts; of several that start together one does it and the others wait. The \
      database is that of DATABASE_URL. Tables of a newer version are refused: exit code 2. No database answers: 4. --status ends \
      with 1 when steps are missing.
      """)

  @Option(
    help:
      "Address of the database (default: DATABASE_URL). Everybody on this machine can see a password that stands here.")
  var database: String?
  @Flag(help: "Look only.")
  var status = false
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    guard let url = database ?? Settings()["DATABASE_URL"] else {
      throw CommandFault(
        "there is no database: name one with --database or DATABASE_URL, such as postgres://user:password@host:port/database"
      )
    }
    let (before, after) = try look(at: url)
    if json {
      Terminal.line(MigrationReport(before: before, after: after).jsonText)
    } else {
      show(before, after)
    }
    if after.isNewer { throw ExitCode(ExitStatus.wrongInput.rawValue) }
    if !after.isCurrent { throw ExitCode(ExitStatus.failed.rawValue) }
  }

  private func look(at url: String) throws(CommandFault) -> (before: SchemaStatus, after: SchemaStatus) {
    do throws(DatabaseFault) {
      guard status else { return try DatabaseSchema.migrate(url) }
      let found = try DatabaseSchema.status(of: url)
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
      Terminal.note("voiceforge: the tables belong to a newer version of this program; use that, or another database")
    } else if !after.isCurrent {
      Terminal.note(
        "voiceforge: steps are missing; `voiceforge migrate` applies them, and `voiceforge serve` does so too")
    }
  }
}
