import CallCore
import CallDriver
import Cluster
import SampleCases
import Simulation
import TestSupport
import Testing
import Threads

/// A run in a queue of memory, in virtual time: workers hold its calls without sound.
struct QueuedRunBench {
  static let program = "voiceforge 0, program 1, engines 2"

  let queue: MemoryChunkQueue
  let told: QueuedRunPlan
  /// What `queue` takes for the time.
  let clock = Locked(CallDuration.zero)
  private let agent: BuiltInAgent

  /// Six cases of which one fails and one varies, so often.
  /// - Parameter chunk: calls of a chunk.
  init(repeats: Int = 3, chunk: Int = 4) throws {
    var cases = try SampleCases.all().filter { $0.mustFail == nil }.prefix(5) + [try SampleCases.one("anyone")]
    cases[1].expectations.append(Expectation(.outcome("in-vain")))
    var plan = RunPlan(cases: Array(cases), mode: .virtual, seed: 7)
    plan.repeats = repeats
    told = try QueuedRunPlan(
      plan, flows: try SampleCases.flowFiles(), today: BuiltInAgent.usualToday, endOfTurn: nil)
    agent = BuiltInAgent(flows: told.library)
    queue = MemoryChunkQueue { [clock] in clock.withLock { $0 } }
    _ = queue.submit(
      QueuedRun(
        id: "run", program: Self.program, callCount: plan.jobs.count, chunkCalls: chunk, document: told.bytes))
  }

  var callCount: Int { told.plan.jobs.count }

  /// Lets a lease of no time be over.
  func tick() { clock.withLock { $0 += .microseconds(1) } }

  /// - Parameters:
  ///   - queue: another way to the same queue.
  ///   - during: called before every call with its place in the worker's calls, from 0.
  func worker(
    _ name: String, of program: String = program, over queue: (any ChunkQueue)? = nil,
    lease: CallDuration = .seconds(60), finishMax: CallDuration = ChunkQueueLimits.finishMax,
    news: Locked<[ChunkWorker.News]> = Locked([]), during: @escaping @Sendable (Int) -> Void = { _ in }
  ) -> ChunkWorker {
    let runner = CountingCallRunner(VirtualCallRunner(textWith: agent), during)
    return ChunkWorker(
      queue: queue ?? self.queue, name: name, program: program, lease: lease, jobs: 1, pause: .milliseconds(1),
      finishMax: finishMax
    ) { _, _ in
      ChunkWorker.Engines(runner: runner, meaning: nil)
    } tell: { told in
      news.withLock { $0.append(told) }
    }
  }

  /// As the submitter does at the end.
  func merged() throws -> MergedRun {
    let count = try #require(queue.count("run"))
    return try QueuedRunMerge(of: "run", in: queue, plan: told.plan).merged(count.setAside, startedAt: 0, wall: 0)
  }

  /// The same run in one process.
  func whole() -> SimulationRun {
    SimulationRunner(plan: told.plan, callRunner: VirtualCallRunner(textWith: agent)) { _ in }.run(jobs: 2)
  }

  /// Every call is there once, and reports are those of one process.
  func expectWhole(_ location: SourceLocation = #_sourceLocation) throws {
    let (merged, whole) = (try merged(), whole())
    #expect(whole.count(.failed) > 0 && whole.count(.passed) > 0, sourceLocation: location)
    #expect(merged.calls.map(\.place) == Array(0..<callCount), sourceLocation: location)
    #expect(
      String(decoding: merged.json, as: UTF8.self) == String(decoding: JSONReport.bytes(of: whole), as: UTF8.self),
      sourceLocation: location)
    #expect(merged.junit == JUnitReport.text(of: whole), sourceLocation: location)
    #expect(merged.summary.count(.failed) == queue.count("run")?.failed, sourceLocation: location)
  }
}

/// Tells of every call before it is held.
private final class CountingCallRunner: CallRunner {
  private let runner: VirtualCallRunner
  private let during: @Sendable (Int) -> Void
  private let count = Locked(0)

  init(_ runner: VirtualCallRunner, _ during: @escaping @Sendable (Int) -> Void) {
    (self.runner, self.during) = (runner, during)
  }

  func call(_ testCase: TestCase, seed: UInt64) -> CallEvidence {
    let number = count.withLock { count in
      count += 1
      return count - 1
    }
    during(number)
    return runner.call(testCase, seed: seed)
  }
}
