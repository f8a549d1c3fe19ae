import ArgumentParser
import CallClient
import JSON
import RemoteServices

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "See what is installed, what is missing and how to fix it.",
    discussion: """
      EXAMPLES
        voiceforge doctor
        voiceforge doctor --json
        voiceforge doctor --target my-bot                          a silent call of two seconds to a bot of targets.yaml
        voiceforge doctor --target twilio+ws://127.0.0.1:7860/ws

      A bot's address begins with its wire: twilio+ws://, telnyx+ws://, plivo+ws://, exotel+ws://, vonage+ws://, realtime+ws://, rtvi+ws://, or \
      the same with wss.

      Exits 0 when everything needed is there, otherwise 1. ✓ is fine, ✗ is needed and missing, ! is worth knowing.
      """)

  @Flag(help: "Print JSON.")
  var json = false
  @Option(
    help: ArgumentHelp("Call this bot for two seconds, and say what was seen, and nothing else.", valueName: "url"))
  var target: String?
  @Option(help: ArgumentHelp("The file in which --target NAME stands (default: targets.yaml).", valueName: "file"))
  var targets: String?

  func run() throws {
    let settings = try Settings()
    try show(target.map { try DoctorReport(sections: [bot($0, settings)]) } ?? whole(settings))
  }

  private func bot(_ name: String, _ settings: Settings) throws -> DoctorSection {
    guard let bot = try BotTarget(named: name, in: targets, settings) ?? BotTarget(option: name) else {
      throw CommandFault("--target: expected a bot, such as \(BotParameters.example), got \"\(name)\"")
    }
    return try TargetChecks.section(name, bot, settings)
  }

  private func whole(_ settings: Settings) throws -> DoctorReport {
    let role = try settings.role()
    let (parts, service) = (role.engineParts, try settings.speechService(for: role))
    let model = try settings.modelService()
    let collector = try settings.spanCollector(node: "")
    return DoctorReport(
      sections: [
        LibraryChecks.section(), EngineChecks.files(in: settings.engineFolder, needed: parts),
      ] + EngineChecks.loading(parts, from: settings.engineFolder, try settings.modelFolder().read())
        + (service.map { [RemoteChecks.section($0, settings.engineFolder)] } ?? [])
        + (model.map { [ModelChecks.section($0)] } ?? [])
        + (collector.map { [SpanChecks.section($0)] } ?? []) + [ServerChecks.section(settings)] + (try stored(settings))
    )
  }

  private func show(_ report: DoctorReport) throws {
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
