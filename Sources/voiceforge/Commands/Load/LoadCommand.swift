import ArgumentParser
import CallClient
import CallCore
import LoadTest
import Simulation
import Wires

struct LoadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load",
    abstract: "Load a server with calls and measure how it holds.",
    discussion: """
      EXAMPLES
        voiceforge load                                        10 calls at once for a minute, to a server of its own
        voiceforge load --calls 200 --ramp 20/s --hold 5m      200 at once, 20 more each second
        voiceforge load --find-capacity --report out           the most calls that hold, with a page of charts
        voiceforge load --target ws://desk.example:8080/v1/call --threshold 'turn_latency.p95<900ms'
        voiceforge load --target twilio+ws://127.0.0.1:7860/ws --calls 20    20 calls to a bot behind Twilio's media stream
        voiceforge load book/tomorrow=3 opening-hours=1        a mix of test cases with weights
        voiceforge load --plan poisson --ramp 5/s --calls 300  calls that come at random, at most 300 at once
        voiceforge load --generators 3 --calls 3000 --target ws://lb.example:8080/v1/call --node 10.0.0.1:8080 --node 10.0.0.2:8080
                                                               one load from three machines, to two servers behind a balancer

      The callers' speech is made and encoded once and played to every call; of the agent's audio only the headers are read. One call in \
      --canaries is a simulated caller with ears, and is scored as `voiceforge simulate` does. A bot behind a telephone provider's media stream \
      (twilio+ws://, telnyx+ws://, plivo+ws://, exotel+ws://, vonage+ws://, and the same with wss), of OpenAI's Realtime protocol \
      (realtime+ws://), or of Pipecat's eval door (rtvi+ws://), is called without canaries: when it \
      speaks is heard, and what it says is not. Ctrl-C ends the run and tells what was \
      found so far.

      PLANS
        ramp         up to --calls at once, --ramp more each second, then held for --hold; a call that ends makes room for another
        steps:A,B,C  the same for several numbers of calls, one after the other, each held for --hold
        soak         as ramp, held for 10 minutes unless --hold says otherwise
        constant     --ramp calls each second for --hold, whether others have ended or not; at most --calls at once
        poisson      the same at random

      THRESHOLDS
        \(Threshold.usual.map(\.text).joined(separator: ", ")), unless others are given. With ' abort' behind it, the run ends as soon \
      as the threshold is hopeless. Figures: \(ThresholdFigure.known).

      --find-capacity begins with --calls, raises the load by half until a threshold breaks, halves the gap, and has the highest load \
      that held run once more.

      --generators have a load placed by several machines, where one cannot make it: each runs `voiceforge generate`, and they meet in a \
      PostgreSQL database. All together place the calls that one would; figures and thresholds are those of the whole. A generator that is lost \
      or late makes the load invalid, and is named.

      --report writes load.json, load.csv (a line for each second), junit.xml and index.html.

      --progress json prints for other programs: a line of JSON for each second, {"type":"second",…}, at the end {"type":"result",…} with \
      what --json prints but the seconds, and {"type":"page","html":…} with the page of charts.

      Exits 0 when every threshold was kept, 1 when one was not, 2 for wrong input, 3 when the load itself was late so that nothing was \
      measured, and 4 when the target could not be reached.
      """)

  @Argument(help: "Test cases: files, folders or ids, with a weight behind = (default: the sample bookings).")
  var cases: [String] = []
  @Option(help: ArgumentHelp("Calls at once.", valueName: "calls"))
  var calls = 10
  @Option(help: ArgumentHelp("How fast calls begin (default: a tenth of --calls a second).", valueName: "rate"))
  var ramp: String?
  @Option(help: ArgumentHelp("How long the load is held (default: 60s; soak: 10m).", valueName: "time"))
  var hold: String?
  @Option(help: ArgumentHelp("ramp, steps:A,B,C, soak, constant or poisson.", valueName: "plan"))
  var plan = "ramp"
  @Option(
    help: ArgumentHelp("Address of the server or bot (default: a server is started for the load).", valueName: "url"))
  var target: String?
  @OptionGroup var bot: BotParameters
  @Option(help: ArgumentHelp("Process of the bot on this machine, so that what it uses is measured.", valueName: "pid"))
  var targetProcess: Int32?
  @Option(
    help: ArgumentHelp(
      "How the server that is started is called: \(CallWire.loadableNames) (default: voiceforge).", valueName: "wire"),
    transform: CallWire.loadable(_:))
  var wire: CallWire?
  @OptionGroup var access: KeyOption
  @Option(help: ArgumentHelp("What must hold; repeatable.", valueName: "threshold"))
  var threshold: [String] = []
  @Flag(help: "Find the most calls that hold.")
  var findCapacity = false
  @Option(
    help: ArgumentHelp(
      "One call of so many is scored; 0: none (default: 50; over somebody else's wire: none).", valueName: "calls"))
  var canaries: Int?
  @Option(help: ArgumentHelp("Luck of the whole run.", valueName: "number"))
  var seed: UInt64 = 1
  @Option(help: ArgumentHelp("Flow files of the server that is started.", valueName: "folder"))
  var flows: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Further options of that server, such as '--loops 1'.", valueName: "options"))
  var serve = ""
  @Option(help: ArgumentHelp("The day that flows take for today.", valueName: "day"))
  var today = BuiltInAgent.usualToday
  @Option(help: ArgumentHelp("Write the reports into this folder.", valueName: "folder"))
  var report: String?
  @Flag(help: "Print one JSON document at the end.")
  var json = false
  @Option(help: ArgumentHelp("json: print a line of JSON for each second, then the result.", valueName: "form"))
  var progress: LoadProgress?
  @Flag(help: "Place the calls on another machine without being asked.")
  var yes = false
  @Option(
    help: ArgumentHelp(
      "Have so many generators place the calls together, each a voiceforge generate on a machine of its own.",
      valueName: "number"))
  var generators: Int?
  @OptionGroup var queueDatabase: QueueDatabaseOption
  @Option(
    help: ArgumentHelp("How long generators are waited for (default: 10m).", valueName: "time"),
    transform: LoadCommand.wait)
  var wait: CallDuration?
  @Option(
    help: ArgumentHelp(
      "Address of a server behind the target, whose processor time and memory are read; repeatable (default: the target's).",
      valueName: "url"), transform: LoadCommand.node)
  var node: [CallTarget] = []
  @Flag(help: "Stop when standard input ends, as when the program that started this one is gone.")
  var stopWithInput = false

  func validate() throws {
    guard (1...LoadTestSetup.callsMax).contains(calls) else {
      throw ValidationError("--calls takes 1 to \(LoadTestSetup.callsMax)")
    }
    guard (0...1_000_000).contains(canaries ?? 0) else { throw ValidationError("--canaries takes 0 to 1000000") }
    guard CalendarDate(today) != nil else { throw ValidationError("--today takes a day such as 2026-03-02") }
    guard target == nil || (flows == nil && serve.isEmpty) else {
      throw ValidationError("--flows and --serve are for a server of one's own: leave out --target")
    }
    guard target == nil || wire == nil else {
      throw ValidationError("--wire is for a server of one's own; the address of a bot names its wire: twilio+ws://…")
    }
    guard progress == nil || !(json || findCapacity) else {
      throw ValidationError("--progress is for one run and prints its result: leave out --json and --find-capacity")
    }
    guard !findCapacity || plan == "ramp" else { throw ValidationError("--find-capacity takes no --plan") }
    guard target != nil || node.isEmpty else {
      throw ValidationError("--node is a server behind --target: add it, or leave --node out")
    }
    try validateGenerators()
  }

  func run() throws {
    StopSignal.block()
    if stopWithInput { StopSignal.raiseWhenInputEnds() }
    let settings = try Settings()
    if let generators { return try runShared(settings, generators: generators) }
    let thresholds = try readThresholds()
    let reader = LoadPlanReader(kind: plan, calls: calls, rate: ramp, hold: hold, seed: seed)
    let probe = try reader.probes()
    let arrivals = try findCapacity ? probe(calls) : reader.plan()
    let library = try FlowFolder.read(flows ?? settings.flowFolder)
    let files = try CaseFiles(flow: "appointment", flows: target == nil ? library : nil, settings: settings)
    let mix = try LoadCases(cases, files: files, settings: settings)
    if let report { try ReportFolder.check(report) }
    let bot = try bot.bot(target, settings)
    guard bot?.hasFrontDoor != true else {
      throw CommandFault("--target: a load goes to the stream itself, such as \(BotParameters.example)")
    }
    let wire = bot?.wire ?? wire ?? .voiceforge
    guard wire == .voiceforge || (canaries ?? 0) == 0 else {
      throw CommandFault(
        "--canaries: none can be had over somebody else's wire; `voiceforge simulate` scores calls to a bot")
    }
    var setup = try LoadTestSetup(
      mix: mix, over: wire, bot?.format, settings: settings, today: today, seed: seed)
    setup.thresholds = thresholds
    setup.canaryEvery = wire == .voiceforge ? canaries ?? 50 : 0
    let most = findCapacity ? LoadTestSetup.callsMax : arrivals.callsMax
    if let url = try bot?.url ?? target.map({ try CallTarget($0).url }) {
      try TargetConsent.ask(for: "up to \(most) calls at once", to: url, isGiven: yes)
    }
    let line = try open(bot, settings, calls: most)
    defer { line.close() }
    if findCapacity { try search(setup, over: line, plan: probe) } else { try runPlan(arrivals, setup, over: line) }
  }

  private func open(_ bot: BotTarget?, _ settings: Settings, calls: Int) throws -> LoadTarget {
    if let bot { return LoadTarget(bot.called(with: access.key), process: targetProcess) }
    guard targetProcess == nil else {
      throw CommandFault("--target-process needs a bot, such as --target \(BotParameters.example)")
    }
    guard let target else {
      return try .start(calls: calls, over: wire ?? .voiceforge, flows: flows, options: serve)
    }
    return LoadTarget(
      try CallTarget.reached(target), key: access.key(settings), nodes: node.isEmpty ? nil : node.map(\.server))
  }

  private func runPlan(_ arrivals: ArrivalPlan, _ setup: LoadTestSetup, over line: LoadTarget) throws {
    var tell: ((LoadTotals) -> Void)?
    if progress != nil { tell = { LoadProgress.showSecond(of: $0) } }
    let result = try setup.run(arrivals, over: line, tell: tell)
    line.close()
    try show(result)
  }

  func show(_ result: LoadResult) throws(CommandFault) {
    if let report { try ReportFolder.write(result, to: report) }
    if progress != nil {
      LoadProgress.showEnd(result)
    } else if json {
      Terminal.line(String(decoding: LoadJSON.bytes(of: result), as: UTF8.self))
    } else {
      result.show(on: .output)
      if let report { Terminal.line("Reports: \(report)/index.html, load.json, load.csv, junit.xml") }
    }
    Self.exitUnlessPassed(result.verdict)
  }

  private func search(_ setup: LoadTestSetup, over line: LoadTarget, plan: (Int) -> ArrivalPlan) throws {
    let outcome = try setup.search(from: calls, over: line, isQuiet: json, plan: plan)
    line.close()
    if let report { try ReportFolder.write(outcome, to: report) }
    if json {
      Terminal.line(String(decoding: LoadJSON.bytes(of: outcome), as: UTF8.self))
    } else {
      Terminal.line("\n" + TerminalOutput.output.bold(outcome.verdictText))
      if let report { Terminal.line("Reports: \(report)/index.html, load.json, load.csv, junit.xml") }
    }
    guard outcome.capacity == nil else { return }
    // A search that was stopped has found nothing, however well its last run went.
    let last = outcome.decisive?.verdict ?? .failed
    Self.exitUnlessPassed(outcome.isBroken && last != .passed ? last : .failed)
  }

  func readThresholds() throws -> [Threshold] {
    if threshold.isEmpty { return Threshold.usual }
    return try threshold.map { text in
      do throws(ThresholdFault) { return try Threshold(text) } catch { throw CommandFault("--threshold: \(error)") }
    }
  }

  static func exitUnlessPassed(_ verdict: LoadResult.Verdict) {
    switch verdict {
    case .passed: break
    case .failed: ExitStatus.failed.exitProcess()
    case .invalid: ExitStatus.invalid.exitProcess()
    case .unreachable: ExitStatus.unreachable.exitProcess()
    }
  }
}

extension LoadCommand {
  /// Generators are waited for so long unless that is said.
  static let usualWait = CallDuration.seconds(600)

  fileprivate static func wait(_ text: String) throws -> CallDuration {
    guard let time = WrittenTime.parse(text), time >= .seconds(1), time <= .seconds(86_400) else {
      throw ValidationError("--wait takes 1s to 24h, not \(text)")
    }
    return time
  }

  fileprivate static func node(_ text: String) throws -> CallTarget {
    do throws(CommandFault) {
      return try CallTarget(text, option: "--node", example: "http://10.0.0.1:8080")
    } catch { throw ValidationError(error.description) }
  }
}

extension CallWire {
  /// Those that a server of ours answers, and over which callers of a load speak.
  fileprivate static let loadable = [.voiceforge] + telephony + [.realtime]
  fileprivate static var loadableNames: String { loadable.map(\.rawValue).joined(separator: ", ") }

  fileprivate static func loadable(_ name: String) throws -> CallWire {
    guard let wire = loadable.first(where: { $0.rawValue == name }) else {
      throw ValidationError("--wire takes one of \(loadableNames)")
    }
    return wire
  }
}
