import CallCore
import CallDriver
import Cluster
import JSON
import Simulation
import TestSupport
import Testing
import Threads

@Suite("Workers of a queue")
struct ChunkWorkerTests {
  @Test("the merged reports are those of one process, whatever the size of chunks", arguments: [1, 4, 7, 25])
  func equal(chunk: Int) throws {
    let bench = try QueuedRunBench(chunk: chunk)
    let workers = [bench.worker("a"), bench.worker("b"), bench.worker("c")]
    var next = 0
    while try workers[next % 3].workOnce() { next += 1 }
    #expect(next == (bench.callCount + chunk - 1) / chunk)
    try bench.expectWhole()
  }

  @Test("workers on threads of their own hold every call once")
  func atOnce() throws {
    let bench = try QueuedRunBench(repeats: 8, chunk: 1)
    let held = Locked(0)
    let workers = ["a", "b", "c"].map { bench.worker($0) { _ in held.withLock { $0 += 1 } } }
    try Self.work(workers) { bench.queue.count("run")?.isOver == true }
    try bench.expectWhole()
    #expect(held.withLock { $0 } == bench.callCount)
  }

  @Test("a queue that answers two of three questions delays a run and changes nothing")
  func flaky() throws {
    let bench = try QueuedRunBench(chunk: 2)
    let news = Locked<[ChunkWorker.News]>([])
    try Self.work([bench.worker("a", over: FlakyChunkQueue(bench.queue), news: news)]) {
      bench.queue.count("run")?.isOver == true
    }
    try bench.expectWhole()
    #expect(news.withLock { $0.contains { if case .away = $0 { true } else { false } } })
  }

  @Test("the chunk of a worker that ended is held by another, call by call, and once")
  func ended() throws {
    let bench = try QueuedRunBench()
    let chunk = try #require(bench.queue.take(as: "ended", of: QueuedRunBench.program, for: .zero))
    #expect(chunk.places == 0..<4)
    bench.tick()
    let worker = bench.worker("b")
    while try worker.workOnce() {}
    try bench.expectWhole()
  }

  @Test("what a worker brings that slept past its lease is refused; another has held its calls")
  func paused() throws {
    let bench = try QueuedRunBench()
    let (news, other) = (Locked<[ChunkWorker.News]>([]), bench.worker("other"))
    let paused = bench.worker("paused", news: news) { number in
      guard number == 2 else { return }
      // Its lease is over while it holds its third call, and another one holds all that there is.
      bench.clock.withLock { $0 += .seconds(61) }
      _ = bench.queue.count("run")
      do { while try other.workOnce() {} } catch { Issue.record("\(error)") }
    }
    #expect(try paused.workOnce())
    let lost = TakenChunk(number: 1, run: "run", places: 0..<4, worker: "paused")
    #expect(news.withLock { $0 } == [.lost(lost)])
    #expect(try !paused.workOnce())
    try bench.expectWhole()
  }

  @Test("a call that ends two workers is invalid by name, with its reason, and the rest is as ever")
  func poisoned() throws {
    let bench = try QueuedRunBench()
    let worker = bench.worker("well")
    #expect(bench.queue.take(as: "one", of: QueuedRunBench.program, for: .zero)?.places == 0..<4)
    bench.tick()
    #expect(try worker.workOnce())
    #expect(bench.queue.take(as: "two", of: QueuedRunBench.program, for: .zero)?.places == 1..<2)
    bench.tick()
    while try worker.workOnce() {}
    let (merged, whole) = (try bench.merged(), bench.whole())
    #expect(merged.calls.count == bench.callCount && merged.summary.notRun.isEmpty)
    for (call, result) in zip(merged.calls, whole.results) where call.place != 1 {
      #expect(call.summary.verdict == result.verdict && call.replay == result.replay)
    }
    let call = merged.calls[1]
    #expect(call.summary.verdict == .invalid && call.name == "\(whole.results[1].testCase.id) (attempt 2 of 3)")
    #expect(
      call.reasons.first?.contains(
        "the call was set aside: 2 workers ended with it, said nothing for the length of a lease or could not hand over its result (one, two)"
      ) == true,
      "\(call.reasons)")
    #expect(call.replay == whole.results[1].replay)
  }

  @Test("a worker that is stopped gives its chunk back whole, and takes no other")
  func stopped() throws {
    let bench = try QueuedRunBench()
    let news = Locked<[ChunkWorker.News]>([])
    let stop = Locked<ChunkWorker?>(nil)
    let worker = bench.worker("a", news: news) { number in if number == 1 { stop.withLock { $0 }?.stop() } }
    stop.withLock { $0 = worker }
    worker.work()
    stop.withLock { $0 = nil }
    let chunk = TakenChunk(number: 1, run: "run", places: 0..<4, worker: "a")
    #expect(news.withLock { $0 } == [.givenBack(chunk)])
    #expect(bench.queue.count("run")?.waiting == bench.callCount)
    let other = bench.worker("b")
    while try other.workOnce() {}
    try bench.expectWhole()
  }

  @Test("a cancelled run keeps what was held; the rest counts as not held")
  func cancelled() throws {
    let bench = try QueuedRunBench()
    let news = Locked<[ChunkWorker.News]>([])
    let worker = bench.worker("a", news: news) { number in if number == 5 { bench.queue.cancel("run") } }
    while try worker.workOnce() {}
    let merged = try bench.merged()
    #expect(merged.calls.map(\.place) == Array(0..<4))
    #expect(merged.summary.notRun.count == bench.callCount - 4)
    #expect(news.withLock { $0 }.last == .lost(TakenChunk(number: 2, run: "run", places: 4..<8, worker: "a")))
  }

  @Test("a run of another program is refused, and told once")
  func refused() throws {
    let bench = try QueuedRunBench()
    let news = Locked<[ChunkWorker.News]>([])
    let worker = bench.worker("a", of: "voiceforge 0, program 1, engines 3", news: news)
    try Self.work([worker]) { news.withLock { !$0.isEmpty } }
    #expect(news.withLock { $0 } == [.refused(run: "run", program: QueuedRunBench.program)])
    #expect(bench.queue.count("run")?.waiting == bench.callCount)
  }

  @Test("a run that cannot be read is told once and passed over, and the next one is held")
  func damaged() throws {
    let bench = try QueuedRunBench()
    let whole = try #require(bench.queue.run("run"))
    bench.queue.remove("run")
    #expect(
      bench.queue.submit(QueuedRun(id: "bad", program: QueuedRunBench.program, callCount: 2, document: [123])))
    #expect(bench.queue.submit(whole))
    let news = Locked<[ChunkWorker.News]>([])
    let worker = bench.worker("a", news: news)
    while try worker.workOnce() {}
    #expect(try !worker.workOnce())
    let unreadable = news.withLock { news in
      news.count { if case .unreadable(run: "bad", _) = $0 { true } else { false } }
    }
    #expect(unreadable == 1)
    #expect(bench.queue.count("bad")?.waiting == 2)
    try bench.expectWhole()
  }

  @Test("a result that the queue never takes is given up: the chunk counts as lost, then its first call is set aside")
  func unkept() throws {
    let bench = try QueuedRunBench()
    let news = Locked<[ChunkWorker.News]>([])
    let queue = FullChunkQueue(bench.queue)
    let worker = bench.worker("a", over: queue, finishMax: .zero, news: news)
    #expect(try worker.workOnce())
    let chunk = TakenChunk(number: 1, run: "run", places: 0..<4, worker: "a")
    #expect(news.withLock { $0 } == [.unkept(chunk, why: "the disk is full")])
    bench.tick()
    #expect(try worker.workOnce())
    bench.tick()
    let other = bench.worker("b")
    while try other.workOnce() {}
    #expect(bench.queue.count("run")?.setAside == [.init(place: 0, workers: "a, a")])
  }

  @Test("a merge asks a queue that is away again, as long as it is told to")
  func patientMerge() throws {
    let bench = try QueuedRunBench()
    let worker = bench.worker("a")
    while try worker.workOnce() {}
    let away = Locked(0)
    func merge(_ isAskedAgain: @escaping (StoreError) -> Bool) throws -> MergedRun {
      try QueuedRunMerge(
        of: "run", in: FlakyChunkQueue(bench.queue), plan: bench.told.plan, isAskedAgain: isAskedAgain
      ).merged([], startedAt: 0, wall: 0)
    }
    let merged = try merge { _ in
      away.withLock { $0 += 1 }
      return true
    }
    #expect(try merged.json == bench.merged().json && away.withLock { $0 } > 0)
    #expect(throws: QueuedRunMerge.Fault.self) { _ = try merge { _ in false } }
  }

  @Test("a report of another run is refused")
  func strange() throws {
    let bench = try QueuedRunBench()
    let chunk = try #require(bench.queue.take(as: "a", of: QueuedRunBench.program, for: .seconds(9)))
    let other = try QueuedRunBench(repeats: 2)
    let worker = other.worker("b")
    #expect(try worker.workOnce())
    let report = try #require(other.queue.report(of: "run", from: 0))
    #expect(bench.queue.finish(chunk, with: ChunkResult(report: report.report)))
    #expect {
      _ = try bench.merged()
    } throws: { error in
      "\(error)".contains("the chunk that begins with call 1 is of another run: it has --repeat 2, not 3")
    }
  }

  /// Lets workers work on threads of their own until `isOver`.
  private static func work(_ workers: [ChunkWorker], until isOver: () -> Bool) throws {
    let threads = try workers.map { worker in try Thread.start("worker") { worker.work() } }
    #expect(eventually { isOver() })
    for worker in workers { worker.stop() }
    for thread in threads { thread.join() }
  }
}
