import CallClient
import CallCore
import CallServer
import Formats
import Glibc
import Logging
import Simulation
import Threads
import Wires

/// Has a telephone called from the terminal.
struct PhoneCall {
  let options: PhoneOptions
  let number: String
  /// What the caller does, where no case is named.
  let steps: [CallStep]
  let voice: String?
  let isJSON: Bool

  /// Calls, shows how it goes and what came of it, and ends the process with the code of the verdict unless it passed.
  func run(_ settings: Settings) throws {
    let testCase = try chosenCase(settings)
    if let fault = testCase.unobservable(over: .twilio, skipsExpectations: options.skipUnobservable).first {
      throw CommandFault("\(testCase.source): \(fault.text)")
    }
    if let report = options.report { try ReportFolder.check(report) }
    let server = try serverSettings(settings)
    try ask(from: try shownNumber(server))
    let local = try LocalServer(
      settings: server, environment: settings, flowFolder: nil, hasTests: true, log: try settings.log(.error))
    let run: SimulationRun?
    do {
      try ProgressLine.during("loading the speech engines …") { try local.waitForEngines() }
      run = try hold(testCase, local)
    } catch {
      local.stop()
      throw error
    }
    local.stop()
    guard let run else { throw CommandFault("the result of the call was lost", .failed) }
    if let report = options.report { try ReportFolder.write(run, to: report) }
    if isJSON {
      Terminal.line(String(decoding: JSONReport.bytes(of: run), as: UTF8.self))
    } else {
      RunScreen(isQuiet: false).show(run)
    }
    try exitUnlessPassed(run)
  }

  private func chosenCase(_ settings: Settings) throws -> TestCase {
    guard let name = options.testCase else { return try spokenCase() }
    guard steps.isEmpty else {
      throw CommandFault("--case says what the caller does: leave out --say, --keys and --interrupt, or --case")
    }
    let cases = try CaseFiles(flow: ServerSettings().defaultFlow, flows: nil, settings: settings)
      .cases(named: [name], settings: settings)
    guard cases.count == 1 else {
      let ids = cases.map(\.id).prefix(40).joined(separator: ", ")
      throw CommandFault("--case: expected one case, got \(cases.count): \(ids)")
    }
    return cases[0]
  }

  /// A case without expectations, from `--say`, `--keys` and `--interrupt`.
  private func spokenCase() throws -> TestCase {
    let turns = try CallPlan(steps).turns.enumerated().map { index, turn in
      let cue: CallerCue =
        if case .overAgent(after: let delay) = turn.cue { .overAgent(after: delay) } else { .whenAsked }
      return TestTurn(number: index + 1, cue: cue, action: try action(of: turn))
    }
    guard !turns.isEmpty else {
      throw CommandFault("the caller has nothing to say: add --case CASE, --say TEXT or --keys 123#")
    }
    var testCase = TestCase(id: "phone", agent: TestAgent(flow: ""), turns: turns)
    testCase.caller.voice = voice ?? ScriptMaker.voice(besides: nil)
    return testCase
  }

  private func action(of turn: CallPlan.Turn) throws -> CallerAction {
    switch turn.action {
    case .say(let text): .say([.words(text)])
    case .press(let keys): .press(keys)
    case .play, .type:
      throw CommandFault("--phone takes --say, --keys and --interrupt, or --case: leave out --audio and --type")
    }
  }

  private func serverSettings(_ environment: Settings) throws -> ServerSettings {
    var settings = ServerSettings()
    settings.address = environment.host
    settings.port = try options.port ?? environment.port()
    settings.drainTime = .zero
    settings.twilio = try environment.twilio(publicURL: options.publicURL)
    settings.dialing = try environment.dialing()
    return settings
  }

  /// The number that is shown to the called.
  /// - Throws: what is missing, before anybody is asked and anything is loaded.
  private func shownNumber(_ settings: ServerSettings) throws(CommandFault) -> String {
    do throws(PhoneCallFault) {
      return try settings.dialing.numbers(to: number, from: options.from, publicURL: settings.twilio.publicURL).from
        .text
    } catch {
      throw CommandFault("--phone: \(error.text)")
    }
  }

  private func ask(from: String) throws(CommandFault) {
    if options.yes { return }
    try TargetConsent.ask(
      "Have \(number) called from \(from)? It costs money and reaches people.",
      otherwise: "a call to \(number) costs money and reaches people: add --yes to place it without being asked")
  }

  /// Holds the case; Ctrl-C ends the call.
  private func hold(_ testCase: TestCase, _ local: LocalServer) throws(CommandFault) -> SimulationRun? {
    let begun: (id: String, result: Promise<SimulationRun?>)
    do throws(PhoneCallFault) {
      begun = try local.server.beginPhoneCall(
        testCase, to: number, from: options.from, seed: 1, keepsSound: options.report != nil, tell: Self.tell)
    } catch {
      throw CommandFault("--phone: \(error.text)")
    }
    while begun.result.value == nil {
      if StopSignal.isReceived(within: 50) { local.server.stopPhoneCall(begun.id) }
    }
    return begun.result.wait()
  }

  private static func tell(_ progress: DialProgress) {
    switch progress {
    case .created(let id): Terminal.errorLine("Dialing; Twilio's name for the call is \(id). Ctrl-C hangs up.")
    case .ringing: Terminal.errorLine("It rings.")
    case .answered: Terminal.errorLine("Somebody has answered.")
    case .connected: Terminal.errorLine("The caller speaks.")
    case .notHungUp(let why): Terminal.errorLine("voiceforge: the call may go on: \(why)")
    }
  }

  private func exitUnlessPassed(_ run: SimulationRun) throws {
    let failures = run.results.compactMap(\.evidence.failure)
    if failures.contains(where: { if case .unreachable = $0 { true } else { false } }) {
      ExitStatus.unreachable.exitProcess()
    }
    if run.count(.failed) > 0 { ExitStatus.failed.exitProcess() }
    if run.count(.invalid) > 0 { ExitStatus.invalid.exitProcess() }
  }
}
