import CallClient
import CallCore
import CallDriver
import Engines
import Simulation
import Wires

/// What a short silent call to a bot shows: whether it can be reached, whether it speaks, and what of it its wire does not allow.
enum TargetChecks {
  /// Long enough for a greeting to begin; a Realtime server has to be asked for it, after 2 s.
  private static func duration(_ bot: BotTarget) -> CallDuration { .seconds(bot.wire == .realtime ? 5 : 2) }

  /// Places the call, which takes as long, and a second or two for the engines.
  static func section(_ name: String, _ bot: BotTarget, _ settings: Settings) throws -> DoctorSection {
    let engines = ProgressLine.during("loading the speech engines …") { EngineCatalog(folder: settings.engineFolder) }
    if let trouble = engines.trouble { throw CommandFault(trouble, .failed) }
    let loop = CallerLoop(offersTLS: !bot.url.hasPrefix("ws:"))
    try loop.start()
    defer { loop.stop() }
    let callRunner = BotCallRunner(
      bot, loop: loop, shared: SharedSpeech(engines: engines), readSound: CaseFiles.sound)
    var call = TestCase(id: "doctor", agent: TestAgent(flow: ""), turns: [])
    call.caller.patience = .seconds(30)
    call.durationMax = duration(bot)
    let evidence = callRunner.call(call, seed: 1)
    return DoctorSection(title: "Target \(name)", checks: checks(of: evidence, bot))
  }

  private static func checks(of evidence: CallEvidence, _ target: BotTarget) -> [DoctorCheck] {
    var line = DoctorCheck(name: "Call", detail: "held over \(target.wire.rawValue)", path: target.url)
    if let failure = evidence.failure, !isOurs(failure) {
      line.state = .missing
      line.detail = "\(failure)"
      return [line]
    }
    return [line, voice(of: evidence, duration(target))]
      + evidence.findings.map { finding in
        DoctorCheck(name: "\(finding.code)", state: .note, detail: finding.text)
      }
  }

  private static func voice(of evidence: CallEvidence, _ duration: CallDuration) -> DoctorCheck {
    guard let first = evidence.agentSpeech.first else {
      return DoctorCheck(
        name: "Voice", state: .note, detail: "silent for \(SpokenFigures.seconds(duration))",
        remedy: "a bot that waits for the caller is silent; for one that greets, look at its log")
    }
    let words = evidence.notices.compactMap { notice -> String? in
      guard case .agent(let news) = notice.message, news.state.isEnd else { return nil }
      return news.playedText
    }
    return DoctorCheck(
      name: "Voice",
      detail: "audible after \(SpokenFigures.precise(first.start - .zero)): “\(words.joined(separator: " "))”")
  }

  /// Whether the call ended by the doctor's own time.
  private static func isOurs(_ failure: CallFailure) -> Bool { if case .tooLong = failure { true } else { false } }
}
