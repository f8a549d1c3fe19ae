import CallClient
import CallCore
public import CallDriver
public import Simulation
import WebSockets
import Threads

/// Holds the canaries of a load test: simulated callers with ears, on a thread of their own, each scored by the judge. Blocking work, the
/// planning and the scoring, is done by one more thread of low priority.
public final class CanaryScheduler: Sendable {
  private struct State {
    var figures = CanaryFigures()
    var isCutOff = false
    var counters: LoadCounters?
  }

  private let callRunner: LiveCallRunner
  private let loop: CallerLoop
  private let seed: UInt64
  private let pool = WorkerPool(threadCount: 1, niceness: 10)
  private let judge: Judge
  private let state = Locked(State())

  /// - Parameters:
  ///   - url: where calls are placed.
  ///   - key: for the server; `nil`: none is sent.
  ///   - shared: the callers' voices and codecs.
  ///   - today: the day that the server's flows are to take for today.
  ///   - seed: of the run; each canary has a seed of its own drawn from it.
  ///   - meaning: for what is to be similar in meaning.
  ///   - readSound: for recordings.
  public init(
    url: String, key: String? = nil, shared: SharedSpeech, today: String, seed: UInt64,
    meaning: (any MeaningComparer)? = nil, readSound: @escaping CallerPlanner.SoundReader
  ) {
    judge = Judge(meaning: meaning)
    loop = CallerLoop(offersTLS: url.lowercased().hasPrefix("wss:"), key: key)
    callRunner = LiveCallRunner(url: url, loop: loop, shared: shared, today: today, readSound: readSound)
    self.seed = seed
  }

  func begin(reportingTo counters: LoadCounters) throws(WebSocketError) {
    state.withLock { $0.counters = counters }
    try loop.start()
  }

  var figures: CanaryFigures { state.withLock { $0.figures } }

  /// Begins a canary; it was counted as begun.
  func place(_ testCase: TestCase, call: Int) {
    let streams = SeededStream.seed(from: seed, "canary", call) % 1_000_000_000
    let accepted = Locked(false)
    let isTaken = pool.submit(.waitedFor) { [self] in
      callRunner.begin(testCase, seed: streams) { [self] in
        accepted.withLock { $0 = true }
        wasAccepted()
      } done: { [self] evidence in
        finish(testCase, streams, evidence, wasAccepted: accepted.withLock { $0 })
      }
    }
    if !isTaken { count(.failed("the canaries' queue is full"), wasAccepted: false) }
  }

  /// Ends every canary; those that are cut off so are not scored.
  func abort() {
    state.withLock { $0.isCutOff = true }
    loop.hangUp()
  }

  /// Waits until everything is scored.
  func finish() {
    loop.stop()
    pool.finish()
  }

  private func wasAccepted() {
    guard let counters = state.withLock({ $0.counters }) else { return }
    counters.countAccepted()
    counters.change { $0.accepted += 1 }
  }

  private func finish(_ testCase: TestCase, _ streams: UInt64, _ evidence: CallEvidence, wasAccepted: Bool) {
    let isCutOff = state.withLock { $0.isCutOff }
    count(isCutOff ? .cutOff : CallEnd(evidence.failure), wasAccepted: wasAccepted)
    guard !isCutOff, wasAccepted else { return }
    let isTaken = pool.submit(.soon) { [self] in score(testCase, streams, evidence) }
    if !isTaken { state.withLock { $0.figures.add(reason: "\(testCase.id): not scored, the canaries' queue is full") } }
  }

  private func count(_ end: CallEnd, wasAccepted: Bool) {
    guard let counters = state.withLock({ $0.counters }) else { return }
    counters.change { $0.count(end) }
    counters.countEnd(end, wasAccepted: wasAccepted, at: MonotonicClock.now())
  }

  private func score(_ testCase: TestCase, _ streams: UInt64, _ evidence: CallEvidence) {
    let result = judge.result(of: testCase, attempt: 1, seed: streams, evidence: evidence, replay: "")
    state.withLock { $0.figures.add(result) }
  }
}

extension CanaryFigures {
  /// Counts a canary that was scored.
  mutating func add(_ result: CaseResult) {
    switch result.verdict {
    case .passed: passed += 1
    case .failed: failed += 1
    case .invalid: invalid += 1
    }
    if let reason = result.reasons.first {
      let turn = reason.turn.map { "turn \($0), " } ?? ""
      add(
        reason:
          "\(result.testCase.id) (seed \(result.seed)): \(turn)\(reason.kind.rawValue): expected: \(reason.expected); "
          + "found: \(reason.actual)")
    }
    for turn in result.turns {
      guard let wait = turn.latency, let heardAt = turn.replyAt else { continue }
      latency.add(wait)
      let first = result.evidence.firstPackets.last { $0 <= heardAt }
      if let first { onset.add(heardAt - first) }
    }
  }
}

extension CallEnd {
  /// What a canary's evidence says of its end.
  init(_ failure: CallFailure?) {
    switch failure {
    case nil: self = .completed
    case .refused("503", _): self = .refused(retryAfterSeconds: nil, reason: nil)
    case .unreachable: self = .unreachable("not reached")
    case .refused(let code, _): self = .failed("error \(code)")
    case .brokenOff(let why): self = .failed("broken off: \(Self.bare(why))")
    case .rubbish: self = .failed("sent what is not on the wire")
    case .hung(let what): self = .failed("hung: \(Self.bare(what))")
    case .tooLong: self = .failed("longer than the case allows")
    case .callerEngine(let why): self = .failed("the canary's own engine failed: \(Self.bare(why))")
    case .notRecorded(let why): self = .failed("what a language model said is not recorded: \(Self.bare(why))")
    case .modelNotAsked(let why): self = .failed("the language model was not asked: \(Self.bare(why))")
    case .setAside(let why): self = .failed("the canary was set aside: \(Self.bare(why))")
    }
  }

  /// Without the advice behind the semicolon, so that equal reasons are equal texts.
  private static func bare(_ text: String) -> String { String(text.prefix { $0 != ";" }) }
}
