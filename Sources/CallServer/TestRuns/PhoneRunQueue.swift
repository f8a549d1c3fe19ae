import CallCore
import CallDriver
import Logging
import Simulation
import Threads
import Wires

/// Runs test cases over the telephone: dials, holds the case as the caller on the media stream that comes back, and judges it by ear. Each run
/// has a thread of its own for as long as its call lasts.
final class PhoneRunQueue: Sendable {
  /// What is to be run, and whom to call.
  struct Order: Sendable {
    var run: TestRun
    var testCase: TestCase
    var seed: UInt64
    var to: PhoneNumber
    var from: PhoneNumber
    /// Id of the key that asked for it; empty where there are no keys.
    var key: String
    /// Whether the report keeps the sound of the call.
    var keepsSound = false
    /// What caller and judge may ask; `nil`: nothing is asked.
    var model: TestRunModel?
    /// Called with what the provider tells, on the run's own thread.
    var tell: @Sendable (DialProgress) -> Void = { _ in }
  }

  /// How much longer than the case a call may last before the provider ends it by itself.
  private static let limitSlack = CallDuration.seconds(60)
  /// Longest wait for the evidence of a stream whose call is over.
  private static let evidenceWithin = Duration.seconds(15)

  private let queue: TestRunQueue
  private let dials: DialService
  private let streams: CallerStreams
  private let limits: TestRunLimits
  private let log: Logger
  /// The threads that wait for calls.
  let workers: WorkerPool
  /// The threads on which callers with a goal find their lines, one for each call at most.
  private let thinkers: WorkerPool

  init(_ queue: TestRunQueue, dials: DialService, streams: CallerStreams, limits: TestRunLimits, log: Logger) {
    (self.queue, self.dials, self.streams, self.limits, self.log) = (queue, dials, streams, limits, log)
    workers = WorkerPool(threadCount: dials.settings.limits.atOnce)
    thinkers = WorkerPool(threadCount: dials.settings.limits.atOnce)
  }

  /// Keeps the run and begins it.
  /// - Parameters:
  ///   - whenPlaced: called once the provider has taken the request, on a thread of the run's own.
  ///   - whenOver: called there with the run as it was kept last.
  /// - Throws: why nothing is dialed; nothing is kept then.
  func begin(
    _ order: Order, whenPlaced: @escaping @Sendable (TestRun) -> Void, whenOver: @escaping @Sendable (TestRun) -> Void
  ) throws(PhoneRunRefusal) {
    let events = Monitor<[DialEvent]>([])
    let evidence = Promise<CallEvidence>()
    let dialed = DialOrder(
      id: order.run.id, to: order.to, from: order.from, key: order.key,
      limits: dials.limits(for: order.testCase.durationMax + Self.limitSlack))
    do throws(DialRefusal) {
      try dials.reserve(dialed) { event in events.withLock { $0.append(event) } }
    } catch {
      throw .dialing(error)
    }
    do throws(StoreError) { try queue.stores.runs.save(order.run) } catch {
      dials.release(order.run.id)
      throw .store(error)
    }
    let isQueued = workers.submit(.waitedFor) { [self] in
      whenOver(perform(order, events, evidence, whenPlaced))
    }
    guard isQueued else {
      dials.release(order.run.id)
      throw .dialing(.stopped("the server is going down"))
    }
  }

  /// Waits for the runs that are under way, but not for the language model; their calls are to be ended before.
  func stop() {
    queue.questions.close()
    workers.stop()
    thinkers.stop()
  }

  // MARK: - One run

  private func perform(
    _ order: Order, _ events: Monitor<[DialEvent]>, _ evidence: Promise<CallEvidence>,
    _ whenPlaced: (TestRun) -> Void
  ) -> TestRun {
    var run = order.run
    run.status = .running
    run.updatedAtUnixMicroseconds = max(TestRunQueue.now, run.createdAtUnixMicroseconds)
    queue.save(run)
    let startedAt = run.updatedAtUnixMicroseconds
    var found: CallEvidence
    do throws(CallFailure) {
      try place(order, evidence)
      let (outcome, hadStream) = follow(&run, events) { progress, run in
        order.tell(progress)
        if case .created = progress { whenPlaced(run) }
      }
      streams.forget(run.id)
      found = self.evidence(of: outcome, hadStream: hadStream, evidence)
      found.concludeImprovising()
      found.hearAgent(with: queue.sharedSpeech(), pause: CallerSocket.agentPause)
    } catch {
      streams.forget(run.id)
      found = CallEvidence(mode: .live)
      found.failure = error
      found.wire = .twilio
    }
    return finish(run, order, found, startedAt: startedAt)
  }

  /// Plans the caller before anybody's telephone rings, then has the call placed.
  private func place(_ order: Order, _ evidence: Promise<CallEvidence>) throws(CallFailure) {
    let id = order.run.id
    do throws(CallFailure) {
      let shared = queue.sharedSpeech()
      let planner = CallerPlanner(
        engines: shared.engines, cache: shared.callerSpeech,
        players: order.model.map { .whileCallsGoOn($0, on: thinkers) }, readSound: queue.stores.readSound)
      let plan = try planner.plan(for: order.testCase.checkedForServers(), seed: order.seed)
      let codecs = shared.engines.codecs
      let seat = CallerStreams.Seat(id: id, order: SimulatedOrder(plan)) { () throws(EngineError) in
        try SimulatedCaller(
          plan: plan, codecs: codecs, format: AudioFormat(codec: .mulaw, sampleRate: 8000),
          agentPause: CallerSocket.agentPause)
      } done: {
        evidence.fulfill($0)
      }
      guard let secret = streams.expect(seat), let base = dials.streamBase else {
        throw .unreachable("too many telephone calls wait for their streams")
      }
      let url = "\(base)\(RouteTable.callerStreamPath)/\(id)/\(secret)"
      dials.place(id, twiML: TwiML(streamURL: url))
    } catch {
      dials.release(id)
      throw error
    }
  }

  /// Writes down what the provider says, until the call is over.
  private func follow(
    _ run: inout TestRun, _ events: Monitor<[DialEvent]>, _ tell: (DialProgress, TestRun) -> Void
  ) -> (DialOutcome, hadStream: Bool) {
    var hadStream = false
    while true {
      let event = events.wait { $0.isEmpty ? nil : $0.removeFirst() }
      defer { if case .progress(let progress) = event { tell(progress, run) } }
      switch event {
      case .progress(.created(let id)):
        run.providerCallID = id
        run.updatedAtUnixMicroseconds = max(TestRunQueue.now, run.updatedAtUnixMicroseconds)
        queue.save(run)
      case .progress(.notHungUp(let why)):
        log.error("the call \(run.providerCallID ?? "") of run \(run.id) may go on: \(why)")
      case .progress(.connected): hadStream = true
      case .progress(.ringing), .progress(.answered): break
      case .ended(let outcome): return (outcome, hadStream)
      }
    }
  }

  /// What is known of the call, and why it was none or not a whole one.
  private func evidence(
    of outcome: DialOutcome, hadStream: Bool, _ evidence: Promise<CallEvidence>
  ) -> CallEvidence {
    // A stream that was still open when its call ended closes a moment later.
    var found = hadStream ? evidence.wait(within: Self.evidenceWithin) : evidence.value
    if found == nil {
      found = CallEvidence(mode: .live)
      found?.wire = .twilio
      found?.failure = .unreachable("\(outcome)")
    } else if case .stopped(let why) = outcome {
      found?.failure = .brokenOff(why)
    }
    return found ?? CallEvidence(mode: .live)
  }

  private func finish(_ run: TestRun, _ order: Order, _ evidence: CallEvidence, startedAt: Int64) -> TestRun {
    var (run, evidence) = (run, evidence)
    let endedAt = max(TestRunQueue.now, startedAt)
    var result = Judge(meaning: queue.meaning).result(
      of: order.testCase, attempt: 1, seed: order.seed, evidence: evidence,
      replay: "voiceforge call --phone \(order.to.masked) --case \(order.testCase.id)")
    if let model = order.model { result = ModelJudge(model).judge(result) }
    if !order.keepsSound { result.evidence.tracks = nil }
    evidence.tracks = nil
    var simulation = SimulationRun(seed: order.seed, mode: .live)
    simulation.results = [result]
    simulation.startedAtUnixMicroseconds = startedAt
    simulation.wallMicroseconds = endedAt - startedAt
    queue.results.insert(simulation, id: run.id)
    run.finish(with: result, startedAt: startedAt, transcriptEntriesMax: limits.transcriptEntriesMax)
    run.updatedAtUnixMicroseconds = endedAt
    queue.save(run)
    return run
  }
}

/// Why a run over the telephone does not begin.
enum PhoneRunRefusal: Error {
  /// Nothing is dialed.
  case dialing(DialRefusal)
  /// The run cannot be kept.
  case store(StoreError)
}
