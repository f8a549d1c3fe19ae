import ArgumentParser
import CallClient
import CallCore
import CallDriver
import Engines
import FoundationEssentials
import JSON
import RemoteServices
import Simulation
import Wires

struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Run test cases: simulated callers against an agent.",
    discussion: """
      EXAMPLES
        voiceforge simulate                                    every case of Samples/testcases, in virtual time
        voiceforge simulate mycases/ --jobs 4 --report out     a folder, with reports
        voiceforge simulate cases.yaml --id book-tomorrow      one case
        voiceforge simulate cases.yaml --text                  without sound: a millisecond a case
        voiceforge simulate --filter smoke --repeat 20         a tag or a part of an id, 20 seeds each
        voiceforge simulate --target ws://desk.example:8080/v1/call
        voiceforge simulate bot.yaml --target twilio+ws://127.0.0.1:7860/ws --target-parameter customer=4711
        voiceforge simulate bot.yaml --target my-bot           a bot that stands in targets.yaml
        voiceforge simulate Samples/llm/cases.yaml --flows Samples/llm/flows --llm replay --recordings Samples/llm/recordings
        voiceforge simulate Samples/llm/callers.yaml --llm replay --recordings Samples/llm/recordings
        voiceforge simulate --explore 5 --flow appointment --llm record --recordings recordings
        voiceforge simulate cases.yaml --llm live --calibration kept.yaml   the model has to judge kept calls right first
        voiceforge simulate --live                             against a server on this machine, in real time
        voiceforge simulate mycases/ --shard 2/5 --report out/2   a fifth of the calls; put together by voiceforge merge
        voiceforge simulate mycases/ --queue --report out      the calls are held by voiceforge work, on any machines with one database

      In virtual time the built-in agent is called with the real codecs and speech engines, many times faster than real time; the same \
      seed gives the same call, byte for byte. A live run speaks to any server with our wire, and to \
      any bot behind a telephone provider's media stream: twilio+ws://, telnyx+ws://, plivo+ws://, exotel+ws://, vonage+ws://, and the same with \
      wss. What such a bot says is recognised from its voice, after the call; a case's flow goes to it as the parameter `flow`. \
      realtime+ws://HOST/v1/realtime calls an agent that speaks OpenAI's Realtime protocol; a case's flow is the model. \
      rtvi+ws://HOST/ws calls a Pipecat bot by its eval door, over RTVI.

      What agents with a language model say in virtual time comes from recordings: --llm record asks the model of ENABLE_LLM and \
      OPENAI_BASE_URL and keeps its answers, a file for each case, --llm replay plays them again without anybody being asked, and \
      --llm live asks and keeps nothing. With --mask a recording has no digits. A question that was never recorded makes the call invalid \
      and says what differs. The same model answers what a case has under `judged`, in every kind of run; --calibration tries it on kept calls first (see voiceforge judge).

      Callers with a goal find their words with a language model, live calls included; --llm says the same of theirs. --explore has such callers \
      invented for a flow, writes them into a file of test cases, and runs them. A call whose caller the model plays badly is invalid and held \
      again at most twice; over 20 % of such calls make the run unusable, and it exits with 3.

      --report writes report.json, junit.xml, index.html and for each call a stereo WAV and labels for Audacity. With --shard K/N it also \
      writes shard.json, of which voiceforge merge makes the reports of the whole run; the calls and their seeds are those of the run on one machine.

      With --queue the calls wait in the database of DATABASE_URL for workers of the very same program and engines. Ctrl-C cancels the run, and a \
      second one leaves at once. Sound is kept of calls that do not pass. A run whose reports could not be written stays in the queue for a day: the same \
      command with --collect RUN goes on with it.

      Exits 0 when every case passed, 1 when one failed, 2 for wrong input, 3 when one was invalid (and none failed), and 4 when the \
      target or the queue could not be reached.
      """)

  @Argument(help: "Files, folders, globs or ids of cases (default: the samples).")
  var cases: [String] = []
  @Flag(help: "Virtual time with sound (the default).")
  var virtual = false
  @Flag(help: "Virtual time without sound.")
  var text = false
  @Flag(help: "Real time against a server on this machine; one is started when none runs.")
  var live = false
  @Option(
    help: ArgumentHelp(
      "Real time against this server, such as ws://127.0.0.1:8080/v1/call, or this bot, by address or by its name in targets.yaml.",
      valueName: "url"))
  var target: String?
  @OptionGroup var bot: BotOptions
  @OptionGroup var access: KeyOption
  @Option(help: ArgumentHelp("Luck of the whole run.", valueName: "number"))
  var seed: UInt64 = 1
  @Option(help: ArgumentHelp("Luck of each call, as a replay gives it.", valueName: "number"))
  var caseSeed: UInt64?
  @Option(help: ArgumentHelp("Only the case with this id; repeatable.", valueName: "id"))
  var id: [String] = []
  @Option(help: ArgumentHelp("Only cases with this tag, or with this in their id; repeatable.", valueName: "text"))
  var filter: [String] = []
  @Option(help: ArgumentHelp("Run each case so often, each time with other luck.", valueName: "times"))
  var `repeat` = 1
  @Option(
    help: ArgumentHelp(
      "Only this attempt of those that --repeat makes, as a replay of a case that varies gives it.", valueName: "number"
    ))
  var attempt: Int?
  @Option(
    help: ArgumentHelp(
      "Only every Nth call, from the Kth on: one part of a run that several machines share.", valueName: "K/N"),
    transform: SimulateCommand.shard)
  var shard: RunShard?
  @Flag(help: "Have the calls held by voiceforge work, on other machines, by a queue in a database.")
  var queue = false
  @OptionGroup var queueDatabase: QueueDatabaseOption
  @Option(
    help: ArgumentHelp(
      "Calls that a worker takes at once, with --queue (default: \(ChunkQueueLimits.chunkCalls)).", valueName: "calls"))
  var chunk: Int?
  @Option(
    help: ArgumentHelp(
      "Go on with a run that was left in the queue, with the options it was submitted with.", valueName: "run"))
  var collect: String?
  @Flag(help: "Exit with 0 once every call was held, whatever came of them: the verdict is for voiceforge merge.")
  var exitZero = false
  @Flag(help: "Place repeated calls on another machine without being asked.")
  var yes = false
  @Option(help: ArgumentHelp("Calls at once (default: one for each core; 20 when live).", valueName: "calls"))
  var jobs: Int?
  @Flag(help: "Begin nothing more after the first case that does not pass.")
  var failFast = false
  @Option(help: ArgumentHelp("Write the reports into this folder.", valueName: "folder"))
  var report: String?
  @Option(help: ArgumentHelp("The agents' flows (default: the samples).", valueName: "folder"))
  var flows: String?
  @Option(
    help: ArgumentHelp(
      "Flow of cases that name none, those of the old JSON shape; who is called with --explore.", valueName: "flow"))
  var flow = Self.usualFlow
  @Option(
    help: ArgumentHelp(
      "What ends callers' turns: meaning where flows do not say, or silence whatever they say. In virtual time.",
      valueName: "rule"),
    transform: SimulateCommand.rule)
  var endOfTurn: EndOfTurnRule?
  @Option(help: ArgumentHelp("The day that flows take for today.", valueName: "day"))
  var today = BuiltInAgent.usualToday
  @Option(
    help: ArgumentHelp("What language models say in virtual time: \(ModelRecordings.Mode.words).", valueName: "mode"))
  var llm: ModelRecordings.Mode?
  @Option(help: ArgumentHelp("Folder of what language models said, a file for each case.", valueName: "folder"))
  var recordings = ModelRecordings.usualFolder
  @Flag(help: "With --llm record: keep every digit masked.")
  var mask = false
  @Option(
    help: ArgumentHelp(
      "Kept calls that the language model has to judge right before the first call.", valueName: "file"))
  var calibration: String?
  @Option(
    help: ArgumentHelp(
      "Have so many callers of --flow invented by the language model, and run them.", valueName: "callers"))
  var explore: Int?
  @Option(help: ArgumentHelp("File of test cases that --explore writes.", valueName: "file"))
  var explored = "explored.yaml"
  @Flag(help: "Print one JSON document at the end.")
  var json = false

  private static let usualFlow = "appointment"

  func validate() throws {
    guard [virtual, text, live, target != nil].count(where: \.self) <= 1 else {
      throw ValidationError("choose one of --virtual, --text, --live and --target")
    }
    guard (1...10_000).contains(`repeat`) else { throw ValidationError("--repeat takes 1 to 10000") }
    guard (1...10_000).contains(attempt ?? 1) else { throw ValidationError("--attempt takes 1 to 10000") }
    guard attempt == nil || `repeat` == 1 else { throw ValidationError("--attempt runs one call: leave out --repeat") }
    guard (1...1000).contains(jobs ?? 1) else { throw ValidationError("--jobs takes 1 to 1000") }
    guard endOfTurn == nil || !(text || live || target != nil) else {
      throw ValidationError("--end-of-turn is for virtual time with sound: leave out --text, --live or --target")
    }
    guard shard == nil || report != nil else {
      throw ValidationError("--shard is one part of a run: add --report, a folder that voiceforge merge is given")
    }
    guard shard == nil || (explore == nil && calibration == nil) else {
      throw ValidationError(
        "--explore and --calibration ask a language model before the first call, which one machine has to do: run them without --shard"
      )
    }
    try validateQueue()
    guard CalendarDate(today) != nil else { throw ValidationError("--today takes a day such as 2026-03-02") }
  }

  func run() throws {
    StopSignal.block()
    let settings = try Settings()
    let library = try FlowFolder.read(flows ?? settings.flowFolder)
    let invention = try invention(library)
    let inventing = try invention.flatMap { try invented($0, settings) }
    let cases = try CaseFiles(flow: flow, flows: target == nil ? library : nil, settings: settings)
      .cases(named: invention == nil ? cases : [explored], settings: settings)
    let plan = try plan(of: cases)
    try checkModel(for: plan)
    let bot = try self.bot.bot(target, settings)
    try self.bot.check(plan.cases, over: bot?.wire ?? .voiceforge)
    if let report { try ReportFolder.check(report) }
    if queue { return try runQueued(plan, library, settings) }
    if `repeat` > 1, let url = try bot?.url ?? target.map({ try CallTarget($0).url }) {
      try TargetConsent.ask(for: "\(plan.cases.count * `repeat`) calls", to: url, isGiven: yes)
    }
    let screen = RunScreen(isQuiet: json)
    let kept = try calibration.map(CalibrationFile.read)
    let models = try models(for: plan, kept, inventing, settings)
    let calibrated = try calibrated(kept, models, plan, screen)
    let callServer: CallServerChoice?
    do { callServer = bot == nil ? try self.callServer(settings) : nil } catch {
      guard let fault = error as? CommandFault, fault.exitCode == .unreachable else { throw error }
      try showResult(
        RunScreen(isQuiet: true).run(plan, callRunner: UnreachableCallRunner(why: fault.description), jobs: 1), nil)
      throw fault
    }
    defer { callServer?.close() }
    let meaning = try meaning(for: plan, library, settings)
    let callRunner = try callRunner(over: callServer, bot, library, models, meaning, settings)
    let sounds = report.map { CallSoundFolder("\($0)/\(ReportFolder.soundFolder)") }
    var run = screen.run(
      plan, callRunner: callRunner, judge: models.map { ModelJudge($0) }, meaning: meaning, sounds: sounds,
      jobs: jobs ?? (plan.mode == .live ? 20 : Processors.count))
    run.calibration = calibrated
    // What came of the calls is shown even where the reports cannot be written.
    show(run, screen)
    try sounds?.check()
    try writeReports(of: run)
    if let report { try ReportFolder.writeShard(of: run, plan, to: report) }
    for line in try models?.finish() ?? [] { Terminal.errorLine(line) }
    exitUnlessPassed(run)
  }

  /// Where live calls go; `nil` for the built-in agent.
  private func callServer(_ settings: Settings) throws -> CallServerChoice? {
    if live { return try CallServerChoice.openHere(settings, flows: flows) }
    return try target.map {
      CallServerChoice(try CallTarget.reached($0, otherwise: "leave out --target to test the built-in agent"))
    }
  }

  /// The result where it is wanted: on the screen or as JSON, and in the folder of reports.
  /// - Parameter screen: `nil` when there is nothing to see but why no call was placed.
  private func showResult(_ run: SimulationRun, _ screen: RunScreen?) throws(CommandFault) {
    show(run, screen)
    try writeReports(of: run)
  }

  private func show(_ run: SimulationRun, _ screen: RunScreen?) {
    if json { Terminal.line(String(decoding: JSONReport.bytes(of: run), as: UTF8.self)) } else { screen?.show(run) }
  }

  private func writeReports(of run: SimulationRun) throws(CommandFault) {
    guard let report else { return }
    try ReportFolder.write(run, to: report)
    if !json { Terminal.line("Reports: \(report)/index.html, report.json, junit.xml") }
  }

  private func plan(of cases: [TestCase]) throws(CommandFault) -> RunPlan {
    let chosen = cases.filter { testCase in
      (id.isEmpty || id.contains(testCase.id))
        && filter.allSatisfy { text in testCase.tags.contains(text) || testCase.id.contains(text) }
    }
    if let missing = id.first(where: { id in !cases.contains { $0.id == id } }) {
      throw CommandFault("there is no case \(missing); there are \(cases.map(\.id).prefix(40).joined(separator: ", "))")
    }
    guard !chosen.isEmpty else {
      throw CommandFault("no case matches --filter \(filter.joined(separator: " --filter ")); leave it out to run all")
    }
    guard chosen.count * `repeat` <= SimulationRunner.jobsMax else {
      throw CommandFault("\(chosen.count * `repeat`) calls are more than \(SimulationRunner.jobsMax): lower --repeat")
    }
    var plan = RunPlan(cases: chosen, mode: text ? .text : live || target != nil ? .live : .virtual, seed: seed)
    plan.repeats = `repeat`
    plan.caseSeed = caseSeed
    plan.attempt = attempt
    plan.shard = shard
    plan.stopsAtFirstFailure = failFast
    plan.keepsTracks = report != nil
    plan.target = target
    plan.replayOptions = replayOptions
    return plan
  }

  /// What a replay has to be told besides the case and its luck.
  private var replayOptions: [String] {
    var options = bot.words
    if let flows { options += ["--flows", flows] }
    if flow != Self.usualFlow { options += ["--flow", flow] }
    if today != BuiltInAgent.usualToday { options += ["--today", today] }
    if let endOfTurn { options += ["--end-of-turn", endOfTurn.rawValue] }
    if let llm { options += ["--llm", llm.rawValue] }
    if mask { options.append("--mask") }
    if recordings != ModelRecordings.usualFolder { options += ["--recordings", recordings] }
    return options
  }

  /// Finds out before the first call whether the language model of `--llm` has anything to say, or one is missing.
  private func checkModel(for plan: RunPlan) throws(CommandFault) {
    guard !mask || llm != nil else { throw CommandFault("--mask is for --llm record: add it, or leave --mask out") }
    let improvising = plan.cases.first { $0.caller.brief != nil }
    if let improvising, llm == nil {
      throw CommandFault(
        "the caller of \(improvising.id) has a goal, and a language model finds its words: add --llm replay and --recordings, or --llm live"
      )
    }
    let judged = plan.cases.first { !$0.judgedCriteria.isEmpty }
    if let judged, llm == nil {
      throw CommandFault(
        "case \(judged.id) has `judged`, which a language model decides: add --llm live, record or replay, "
          + "or leave such cases out with --id or --filter"
      )
    }
    guard llm == nil || plan.mode != .live || judged != nil || improvising != nil else {
      throw CommandFault(
        "--llm is for virtual time, for callers with a goal and for cases with `judged`: a server asks the model that it is set up with"
      )
    }
    guard calibration == nil || judged != nil else {
      throw CommandFault("--calibration is for cases with `judged`, and there is none: leave it out")
    }
  }

  /// What is to be invented before anything is run.
  private func invention(_ library: FlowLibrary) throws(CommandFault) -> CallerInvention? {
    guard let explore else { return nil }
    guard cases.isEmpty else { throw CommandFault("--explore invents the cases: leave out \(cases[0])") }
    guard llm != nil else {
      throw CommandFault("--explore asks a language model: add --llm record and --recordings, or --llm live")
    }
    guard let called = library[flow] else {
      throw CommandFault("there is no flow \(flow); there are \(library.names.joined(separator: ", "))")
    }
    let invention = CallerInvention(flow: called, count: explore, path: explored, isQuiet: json)
    try invention.check()
    return invention
  }

  /// Has the callers invented.
  /// - Returns: what the model said, for the run that comes.
  private func invented(_ invention: CallerInvention, _ settings: Settings) throws(CommandFault) -> ModelRecordings? {
    guard let llm else { return nil }
    let models = try ModelRecordings(
      llm, folder: recordings, masksDigits: mask, cases: [], settings: settings)
    try invention.invent(with: models, seed: seed)
    return models
  }

  /// - Parameter calibration: what the model has to judge right first.
  private func models(
    for plan: RunPlan, _ calibration: CalibrationSet?, _ inventing: ModelRecordings?, _ settings: Settings
  ) throws(CommandFault) -> ModelRecordings? {
    guard let llm else { return nil }
    let cases = plan.cases.map(\.id)
    if let calibration, cases.contains(calibration.id) {
      throw CommandFault("\(calibration.file) has the id of case \(calibration.id): write another `id` in it")
    }
    let asked = cases + (calibration.map { [$0.id] } ?? [])
    guard let inventing else {
      return try ModelRecordings(
        llm, folder: recordings, masksDigits: mask, cases: asked, settings: settings)
    }
    try inventing.open(asked)
    return inventing
  }

  /// Tries the judge on kept calls. One that errs there says nothing about others: no call is placed then.
  /// - Returns: what it made of them; `nil` where there are none.
  private func calibrated(
    _ set: CalibrationSet?, _ models: ModelRecordings?, _ plan: RunPlan, _ screen: RunScreen
  ) throws(CommandFault) -> CalibrationResult? {
    guard let set, let models else { return nil }
    let result = CalibrationScreen.run(set, with: ModelJudge(models))
    if result.isSound {
      if !json { Terminal.line("\(result.id): \(result.summary)") }
      return result
    }
    var run = SimulationRun(seed: plan.seed, mode: plan.mode, target: plan.target, repeats: plan.repeats)
    run.calibration = result
    run.notRun = plan.jobs.map(\.testCase.id)
    CalibrationScreen.show(result) { Terminal.errorLine($0) }
    try showResult(run, screen)
    for line in try models.finish() { Terminal.errorLine(line) }
    throw CommandFault("no call was placed: the language model does not judge the calls of \(set.file) right", .invalid)
  }

  /// Loads nothing yet.
  /// - Throws: when something asks for it and it is not installed.
  func meaning(
    for plan: RunPlan, _ library: FlowLibrary, _ settings: Settings
  ) throws(CommandFault) -> MiniLMComparer {
    let meaning = MiniLMComparer(folder: settings.engineFolder)
    let flows = target == nil ? Set(plan.cases.map(\.agent.flow)) : []
    let asking =
      plan.cases.first(where: \.asksForMeaning).map { "the case \($0.id) has `similar-in-meaning`" }
      ?? flows.sorted().first { library[$0]?.examples.isEmpty == false }.map { "the flow \($0) has `like`" }
    guard let asking, !meaning.isInstalled else { return meaning }
    throw CommandFault("\(asking), and the model for it is not installed: run `make setup`")
  }

  private func callRunner(
    over callServer: CallServerChoice?, _ bot: BotTarget?, _ library: FlowLibrary, _ models: ModelRecordings?,
    _ meaning: MiniLMComparer, _ settings: Settings
  ) throws -> any CallRunner {
    var agent = BuiltInAgent(flows: library, today: today)
    agent.model = models
    agent.meaning = meaning
    agent.endOfTurn = endOfTurn
    let players = models.map(CallerPlayers.init)
    if text { return VirtualCallRunner(textWith: agent, players: players) }
    let engines = try callServer?.engines ?? EngineCatalog.load("the speech engines", settings)
    if let trouble = engines.trouble { throw CommandFault(trouble, .failed) }
    try checkTurnDetector(engines, library)
    let shared = SharedSpeech(engines: engines)
    if let bot {
      let loop = CallerLoop(offersTLS: !bot.url.hasPrefix("ws:"))
      try loop.start()
      return BotCallRunner(
        bot.called(with: access.key), loop: loop, shared: shared, model: models, readSound: CaseFiles.sound)
    }
    guard let callServer else {
      return VirtualCallRunner(agent: agent, shared: shared, players: players, readSound: CaseFiles.sound)
    }
    let loop = CallerLoop(offersTLS: callServer.url.hasPrefix("wss:"), key: access.key(settings))
    try loop.start()
    return LiveCallRunner(
      url: callServer.url, loop: loop, shared: shared, today: today, model: models, readSound: CaseFiles.sound)
  }

  /// Without the turn detector every turn would end by silence, and the figures would say nothing of the rule that was asked for.
  func checkTurnDetector(_ engines: any SpeechEngines, _ library: FlowLibrary) throws(CommandFault) {
    guard !live, target == nil, endOfTurn != .silence, !engines.turnDetector.isInstalled else { return }
    let asking =
      endOfTurn == .meaning
      ? "--end-of-turn meaning" : library.flows.first(where: \.endsTurnsByMeaning).map { "the flow \($0.name)" }
    guard let asking else { return }
    throw CommandFault("\(asking) ends turns by meaning, and the model for it is not installed: run `make setup`")
  }

  private static func shard(_ text: String) throws -> RunShard {
    guard let shard = RunShard(text) else {
      throw ValidationError("--shard takes K/N, such as 2/5: part K of N, both from 1, at most \(RunShard.countMax)")
    }
    return shard
  }

  private static func rule(_ word: String) throws -> EndOfTurnRule {
    guard let rule = EndOfTurnRule(rawValue: word) else {
      throw ValidationError("--end-of-turn takes silence or meaning, not \(word)")
    }
    return rule
  }

  /// Ends the process with the code of the worst that happened; returns when every case passed.
  private func exitUnlessPassed(_ run: SimulationRun) {
    let failures = run.results.compactMap(\.evidence.failure)
    let unreachable = failures.contains { if case .unreachable = $0 { true } else { false } }
    if unreachable { ExitStatus.unreachable.exitProcess() }
    if exitZero, run.notRun.isEmpty { return }
    if !run.isUsable { ExitStatus.invalid.exitProcess() }
    if run.count(.failed) > 0 { ExitStatus.failed.exitProcess() }
    if run.count(.invalid) > 0 || !run.notRun.isEmpty { ExitStatus.invalid.exitProcess() }
  }
}

/// Stands in for a target at which nobody answers: no call comes about, and every case says why. So the reports of such a run are
/// written like those of any other.
struct UnreachableCallRunner: CallRunner {
  /// With what to do.
  let why: String

  func call(_ testCase: TestCase, seed: UInt64) -> CallEvidence {
    var evidence = CallEvidence(mode: .live)
    evidence.failure = .unreachable(why)
    return evidence
  }
}
