import Bounds
import CallCore
public import CallDriver
import FoundationEssentials
import Logging
public import Simulation
import Threads

/// Runs test cases against the built-in agent in virtual time, one after the other, on threads of its own.
final class TestRunQueue: Sendable {
  /// What is to be run.
  struct Order: Sendable {
    var run: TestRun
    var testCase: TestCase
    var hasSound: Bool
    var seed: UInt64
    /// What agent, caller and judge may ask; `nil`: nothing is asked, and the run is the same whenever it is held.
    var model: TestRunModel?
  }

  let stores: TestStores
  let results: TestResultCache
  private let limits: TestRunLimits
  private let flows: FlowService
  private let defaultVoice: Voice.ID
  private let engines: any SpeechEngines
  let meaning: any MeaningComparer
  private let log: Logger
  /// The threads that hold the calls.
  let workers: WorkerPool
  /// What runs ask the language model.
  let questions = ModelQuestions()
  private let waiting = Locked(0)
  /// Made with the first call that has sound: its memories take room.
  private let speech = Locked<SharedSpeech?>(nil)

  /// Yields to everything that people wait for: the speech threads have 5.
  private static let niceness: Int32 = 15

  /// - Parameter server: whose flows and engines are used.
  init(stores: TestStores, server: ServerContext) {
    self.stores = stores
    engines = server.engines
    meaning = server.meaning
    log = server.log
    limits = server.settings.testRuns
    flows = server.flowService
    defaultVoice = server.settings.defaultVoice
    results = TestResultCache(entriesMax: limits.reportsMax, bytesMax: limits.reportBytesMax)
    workers = WorkerPool(threadCount: limits.threads, niceness: Self.niceness)
  }

  /// Microseconds since 1970 UTC.
  static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1_000_000) }

  /// Keeps the run and queues it.
  /// - Parameter whenOver: called on one of the queue's threads with the run as it was kept last.
  /// - Returns: false when too many wait; nothing is kept then.
  func enqueue(_ order: Order, whenOver: @escaping @Sendable (TestRun) -> Void) throws(StoreError) -> Bool {
    let hasRoom = waiting.withLock { waiting in
      guard waiting < limits.waitingMax else { return false }
      waiting += 1
      return true
    }
    guard hasRoom else { return false }
    do throws(StoreError) {
      try stores.runs.save(order.run)
    } catch {
      waiting.withLock { $0 -= 1 }
      throw error
    }
    let isQueued = workers.submit(.waitedFor) { [self] in
      waiting.withLock { $0 -= 1 }
      whenOver(perform(order))
    }
    if !isQueued { waiting.withLock { $0 -= 1 } }
    return isQueued
  }

  /// Finishes the call that is going on and drops those that wait. Nobody waits for the language model.
  func stop() {
    questions.close()
    workers.stop()
  }

  private func perform(_ order: Order) -> TestRun {
    var run = order.run
    run.status = .running
    run.updatedAtUnixMicroseconds = max(Self.now, run.createdAtUnixMicroseconds)
    save(run)
    let startedAt = run.updatedAtUnixMicroseconds
    var simulation = simulation(of: order) { turn in
      run.turnsDone = turn - 1
      run.updatedAtUnixMicroseconds = max(Self.now, startedAt)
      save(run)
    }
    let endedAt = max(Self.now, startedAt)
    simulation.startedAtUnixMicroseconds = startedAt
    simulation.wallMicroseconds = endedAt - startedAt
    results.insert(simulation, id: run.id)
    if let result = simulation.results.first {
      run.finish(with: result, startedAt: startedAt, transcriptEntriesMax: limits.transcriptEntriesMax)
    }
    run.updatedAtUnixMicroseconds = endedAt
    save(run)
    return run
  }

  /// Holds the call and judges it.
  /// - Parameter tell: called whenever the caller comes to a turn, with its number: at most `CaseLimits.turnsMax` times.
  private func simulation(of order: Order, tell: (_ turn: Int) -> Void) -> SimulationRun {
    var plan = RunPlan(cases: [order.testCase], mode: order.hasSound ? .virtual : .text, seed: order.seed)
    plan.keepsTracks = true
    if order.model != nil { plan.replayOptions = ["--llm", "live"] }
    let caseRunner = CaseRunner(plan: plan, judge: order.model.map { ModelJudge($0) }, meaning: meaning)
    let callRunner = callRunner(hasSound: order.hasSound, order.model)
    var simulation = SimulationRun(seed: plan.seed, mode: plan.mode)
    simulation.results = plan.jobs.map { job in
      caseRunner.result(of: job) { callRunner.call($0, seed: $1, tell: tell) }
    }
    return simulation
  }

  private func callRunner(hasSound: Bool, _ model: TestRunModel?) -> VirtualCallRunner {
    var agent = BuiltInAgent(flows: flows.library, defaultVoice: defaultVoice)
    (agent.model, agent.meaning) = (model, meaning)
    let players = model.map { CallerPlayers($0) }
    guard hasSound else { return VirtualCallRunner(textWith: agent, players: players) }
    return VirtualCallRunner(agent: agent, shared: sharedSpeech(), players: players, readSound: stores.readSound)
  }

  /// What the callers of all runs share.
  func sharedSpeech() -> SharedSpeech {
    speech.withLock { speech in
      let shared = speech ?? SharedSpeech(engines: engines)
      speech = shared
      return shared
    }
  }

  /// Keeps a run as it is now.
  func save(_ run: TestRun) {
    do throws(StoreError) {
      try stores.runs.save(run)
    } catch {
      log.error("the run \(run.id) of \(run.testID) was lost: \(error)")
    }
  }
}

/// What bounds the runs of test cases on a server.
public struct TestRunLimits: Sendable {
  /// Threads that hold simulated calls. One: calls with people come first, and a run takes a second or two.
  public var threads = 1
  /// Runs that wait for a thread; further ones are answered 503. At two seconds each, the last of 64 waits two minutes, as long as
  /// clients usually wait for an answer.
  public var waitingMax = 64
  /// Entries of a run's transcript; the rest is counted. The predecessor's `MAX_TRANSCRIPT_SIZE`.
  public var transcriptEntriesMax = 1000
  /// Results whose reports can be asked for; the oldest make room.
  public var reportsMax = 100
  /// Longest time that a run waits for the language model, all its questions together; then it is invalid. Five minutes: a hundred answers of
  /// three seconds, and less than what a thread may stand for (`StallSettings`).
  public var modelTimeMax = Duration.seconds(300)
  /// Bytes of their tracks together: a minute of a call takes 5.8 MB.
  public var reportBytesMax = 64_000_000

  /// The defaults.
  public init() {}
}

/// Where a server's test cases and their runs are kept.
public struct TestStores: Sendable {
  /// The cases.
  public var cases: any TestCaseStore
  /// The runs.
  public var runs: any TestRunStore
  /// Reads the recordings that cases play. Cases that come in over REST can name none.
  public var readSound: CallerPlanner.SoundReader

  package init(
    cases: any TestCaseStore, runs: any TestRunStore, readSound: @escaping CallerPlanner.SoundReader
  ) {
    self.cases = cases
    self.runs = runs
    self.readSound = readSound
  }
}

/// The newest results with their tracks, for reports, bounded by entries and by bytes.
final class TestResultCache: Sendable {
  private let runs: Locked<BoundedStore<String, SimulationRun>>

  /// - Parameters:
  ///   - entriesMax: results kept, 1 and up.
  ///   - bytesMax: bytes of all tracks. Those of a result that is larger than all of it are dropped.
  init(entriesMax: Int, bytesMax: Int) {
    runs = Locked(BoundedStore(entriesMax: entriesMax, bytesMax: bytesMax))
  }

  func insert(_ run: SimulationRun, id: String) {
    var run = run
    var bytes = Self.bytes(of: run)
    runs.withLock { runs in
      if bytes > runs.bytesMax {
        for index in run.results.indices { run.results[index].evidence.tracks = nil }
        bytes = 0
      }
      runs.put(run, for: id, bytes: bytes)
    }
  }

  /// The result of the run `id`; `nil` when it had to make room.
  subscript(id: String) -> SimulationRun? { runs.withLock { $0[id] } }

  private static func bytes(of run: SimulationRun) -> Int {
    run.results.reduce(0) { sum, result in
      guard let tracks = result.evidence.tracks else { return sum }
      return sum + 2 * (tracks.voice.count + tracks.microphone.count + tracks.agent.count)
    }
  }
}
