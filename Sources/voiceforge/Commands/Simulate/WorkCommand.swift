import ArgumentParser
import CallCore
import CallDriver
import Cluster
import Engines
import JSON
import LoadTest
import Simulation

struct WorkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "work",
    abstract: "Hold the calls of runs that wait in a queue: a worker of simulate --queue.",
    discussion: """
      EXAMPLES
        voiceforge work                                        with the database of DATABASE_URL
        voiceforge work --jobs 2                               two calls at once
        voiceforge simulate mycases/ --queue --report out      on any machine: submits, and shows what came of it

      Takes chunks of calls until Ctrl-C or SIGTERM, which give back the chunk that is under way. A worker says every few seconds that it is \
      there; the chunk of one that is lost is taken again after --lease. A call that was lost with two workers is set aside, and its run says so.

      Only runs of the very same program, engines and models are taken, so that what comes of a call does not depend on who held it; others \
      are refused with the reason. Workers of several versions may wait at one queue. The program and the files of the models are compared by their \
      bytes, eSpeak NG by its version; other libraries of the machine (Opus, RE2) are not compared, so use one image for all workers.

      Exits 0 when it was stopped, 1 when an engine cannot be used, and 2 for wrong input.
      """)

  @OptionGroup var queueDatabase: QueueDatabaseOption
  @Option(help: ArgumentHelp("Calls at once (default: one for each core).", valueName: "calls"))
  var jobs: Int?
  @Option(
    help: ArgumentHelp(
      "After how long without a sign this worker counts as lost, 1s to 1h.", valueName: "time"),
    transform: WorkCommand.lease)
  var lease = CallDuration.seconds(30)

  func validate() throws {
    guard (1...1000).contains(jobs ?? 1) else { throw ValidationError("--jobs takes 1 to 1000") }
  }

  func run() throws {
    StopSignal.block()
    let settings = try Settings()
    let catalog = try EngineCatalog.load("the speech engines", settings)
    if let trouble = catalog.trouble { throw CommandFault(trouble, .failed) }
    let program = try ProgramIdentity(settings)
    let queue = try queueDatabase.open(settings)
    defer { queue.close() }
    let (shared, meaning) = (SharedSpeech(engines: catalog), MiniLMComparer(folder: settings.engineFolder))
    let name = RunQueue.name()
    let worker = ChunkWorker(
      queue: queue.chunks, name: name, program: "\(program)", lease: lease, jobs: jobs ?? Processors.count
    ) { run, files in
      var agent = BuiltInAgent(flows: run.library, today: run.today)
      (agent.meaning, agent.endOfTurn) = (meaning, run.endOfTurn)
      let runner = VirtualCallRunner(agent: agent, shared: shared, players: nil) { path throws(CallFailure) in
        try SentSounds.sound(path, of: files)
      }
      return ChunkWorker.Engines(runner: runner, meaning: meaning)
    } tell: { news in
      Self.show(news, program: program)
    }
    Terminal.line("worker \(name) waits for calls")
    StopSignal.whileWorking({ worker.work() }) { worker.stop() }
  }

  private static func show(_ news: ChunkWorker.News, program: ProgramIdentity) {
    switch news {
    case .finished(let chunk, let failed, let invalid):
      let troubles = (failed > 0 ? ", \(failed) failed" : "") + (invalid > 0 ? ", \(invalid) invalid" : "")
      Terminal.line("\(calls(chunk)) held\(troubles)")
    case .lost(let chunk): Terminal.errorLine("\(calls(chunk)) lost: the lease was over, or the run is")
    case .givenBack(let chunk): Terminal.line("\(calls(chunk)) given back")
    case .refused(let run, let other):
      Terminal.errorLine("run \(run) is refused: it was submitted by \(other), and this is \(program)")
    case .unreadable(let run, let why):
      Terminal.errorLine("run \(run) cannot be read and is passed over: \(why); its submitter has to submit it again")
    case .away(let why): Terminal.errorLine("waiting for the queue: \(why)")
    case .unkept(let chunk, let why):
      Terminal.errorLine("\(calls(chunk)) lost: the queue did not take what came of it: \(why)")
    }
  }

  private static func calls(_ chunk: TakenChunk) -> String {
    let (first, last) = (chunk.places.lowerBound + 1, chunk.places.upperBound)
    return "run \(chunk.run): " + (first == last ? "call \(first)" : "calls \(first) to \(last)")
  }

  private static func lease(_ text: String) throws -> CallDuration {
    guard let time = WrittenTime.parse(text), time >= .seconds(1), time <= .seconds(3600) else {
      throw ValidationError("--lease takes 1s to 1h, not \(text)")
    }
    return time
  }
}
