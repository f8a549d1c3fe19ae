import ArgumentParser
import JSON
import RemoteSpeech

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "See what is installed, what is missing and how to fix it.",
    discussion: """
      EXAMPLES
        voiceforge doctor
        voiceforge doctor --json

      Exits 0 when everything needed is there, otherwise 1. ✓ is fine, ✗ is needed and missing, ! is worth knowing.
      """)

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let settings = try Settings()
    let role = try settings.role()
    let (parts, service) = (role.engineParts, try settings.speechService(for: role))
    let report = DoctorReport(
      sections: [
        LibraryChecks.section(), EngineChecks.files(in: settings.engineFolder, needed: parts),
        EngineChecks.loading(parts, from: settings.engineFolder),
      ] + (service.map { [RemoteChecks.section($0, settings.engineFolder)] } ?? []) + [ServerChecks.section(settings)]
        + (try stored(settings)))
    if json {
      Terminal.line(report.jsonText)
    } else {
      for section in report.sections {
        section.lines(in: .output).forEach(Terminal.line)
        Terminal.line("")
      }
      Terminal.line(report.verdict)
    }
    guard report.missing.isEmpty else { throw ExitCode(ExitStatus.failed.rawValue) }
  }

  /// What the database keeps, where there is one.
  private func stored(_ settings: Settings) throws(CommandFault) -> [DoctorSection] {
    guard let url = try settings.databaseURL() else { return [] }
    return [StoredChecks.section(url, try settings.database())]
  }
}
