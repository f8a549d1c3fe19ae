import ArgumentParser
import CallCore
import CallDriver
import Cluster
import Engines
import LoadTest
import Simulation
import WebSockets
import Wires

struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Place a part of the calls of load tests: a generator of load --generators.",
    discussion: """
      EXAMPLES
        voiceforge generate --target ws://lb.example:8080/v1/call            on each of three machines, with the database of DATABASE_URL
        voiceforge load --generators 3 --target ws://lb.example:8080/v1/call --calls 3000 --yes --report out     on any machine

      Waits for load tests until Ctrl-C or SIGTERM, and takes a part of one after the other. Only calls to --target are placed, with the key of \
      this machine, so that nobody who can write to the database has them go elsewhere. A load that is under way and loses a generator is invalid.

      Only loads of the very same program, engines and models are joined; others are refused with the reason.

      Exits 0 when it was stopped, 1 when an engine cannot be used, and 2 for wrong input.
      """)

  @Option(help: ArgumentHelp("Address of the server that may be called.", valueName: "url"))
  var target: String
  @OptionGroup var access: KeyOption
  @OptionGroup var queueDatabase: QueueDatabaseOption

  func run() throws {
    StopSignal.block()
    let settings = try Settings()
    let allowed = try CallTarget(target)
    let catalog = try EngineCatalog.load("the voices", settings)
    if let trouble = catalog.trouble { throw CommandFault(trouble, .failed) }
    let program = try ProgramIdentity(settings).name(forTarget: allowed.url)
    let key = access.key(settings)
    let queue = try queueDatabase.open(settings, readTime: RunQueue.reportReadTime)
    defer { queue.close() }
    let name = RunQueue.name()
    let worker = LoadGeneratorWorker(store: queue.loads, name: name, program: program) {
      plan, files, segment throws(LoadGeneratorWorker.PreparationFault) in
      do {
        return try Self.prepare(plan, files, segment, over: LoadTarget(allowed, key: key, nodes: []), settings)
      } catch { throw LoadGeneratorWorker.PreparationFault("\(error)") }
    } tell: { news in
      Self.show(news, program: program)
    }
    Terminal.line("generator \(name) waits for load tests of \(allowed.url)")
    StopSignal.whileWorking({ worker.work() }) { worker.stop() }
  }

  private static func prepare(
    _ plan: SharedLoadPlan, _ files: [String: [UInt8]], _ segment: LoadSegment, over line: LoadTarget,
    _ settings: Settings
  ) throws -> LoadGeneratorWorker.PreparedLoad {
    guard plan.target == line.url else {
      throw CommandFault("it calls \(line.url) only, and the load is for \(plan.target)")
    }
    let arrivals = try plan.arrivals()
    var setup = try LoadTestSetup(
      mix: LoadCases(plan.cases, weights: plan.weights), over: .voiceforge, settings: settings, today: plan.today,
      seed: plan.seed
    ) { path throws(CallFailure) in try SentSounds.sound(path, of: files) }
    setup.canaryEvery = plan.canaryEvery
    let run = setup.make(arrivals, [], part: segment, over: line)
    return { instant, isStopped, tell throws(LoadGeneratorWorker.PreparationFault) in
      do throws(WebSocketError) { return try run.run(at: instant, isStopped: isStopped, tell: tell) } catch {
        throw LoadGeneratorWorker.PreparationFault("\(error)")
      }
    }
  }

  private static func show(_ news: LoadGeneratorWorker.News, program: String) {
    switch news {
    case .joined(let part): Terminal.line("\(text(part)) joined")
    case .ready(let part, let error):
      Terminal.line("\(text(part)) ready, clock set to \(error.microseconds) µs")
    case .starting(let part, let time): Terminal.line("\(text(part)) starts in \(max(time.milliseconds, 0)) ms")
    case .finished(let part, let calls):
      Terminal.line("\(text(part)) over, \(calls) call\(calls == 1 ? "" : "s") begun")
    case .stopped(let part, let why): Terminal.errorLine("\(text(part)) stopped: \(why)")
    case .refused(let load, let other):
      Terminal.errorLine("load \(load) is refused: it is of \(other), and this is \(program)")
    case .away(let why): Terminal.errorLine("waiting for the database: \(why)")
    }
  }

  private static func text(_ part: SharedLoadPart) -> String {
    "load \(part.load): part \(part.index + 1) of \(part.count)"
  }
}

extension SharedLoadPlan {
  /// When all of its calls begin.
  func arrivals() throws(CommandFault) -> ArrivalPlan {
    try LoadPlanReader(kind: kind, calls: calls, rate: rate, hold: hold, seed: seed).plan()
  }
}
