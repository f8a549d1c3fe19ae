import CallCore
import CallDriver
import Stores
import TestCluster
import TestSupport
import Testing
import Threads

/// A kind of queue of chunks that the contract holds for. A lease of no time is over at the next question, so no test waits.
struct ChunkQueueFactory: Sendable, CustomTestStringConvertible {
  static let all = [memory] + (TestCluster.isWanted ? [postgres] : [])

  private static let memory = ChunkQueueFactory(testDescription: "memory") {
    // Each look at the clock is later.
    let ticks = Locked(Int64(0))
    return MemoryChunkQueue {
      ticks.withLock { ticks in
        ticks += 1
        return .microseconds(ticks)
      }
    }
  }
  private static let postgres = ChunkQueueFactory(testDescription: "postgres") { try SettledChunkQueue() }

  let testDescription: String
  let make: @Sendable () throws -> any ChunkQueue
}

@Suite("Queues of chunks")
struct ChunkQueueTests {
  private static let long = CallDuration.seconds(600)

  private func run(_ id: String, calls: Int = 5, chunk: Int = 2, program: String = "p") -> QueuedRun {
    QueuedRun(
      id: id, program: program, callCount: calls, chunkCalls: chunk, document: [0, 255, 10],
      files: ["/a/noise \"1\".wav": [0, 1, 2], "b": []])
  }

  @Test("a run comes back as it was, once, and goes with all that is its own", arguments: ChunkQueueFactory.all)
  func roundTrip(factory: ChunkQueueFactory) throws {
    let queue = try factory.make()
    #expect(try queue.submit(run("a")))
    #expect(try queue.submit(run("a")))
    #expect(try queue.run("a") == run("a"))
    #expect(try queue.run("b") == nil && queue.count("b") == nil)
    var count = QueueCount()
    count.waiting = 5
    #expect(try queue.count("a") == count)
    let chunk = try #require(try queue.take(as: "w", of: "p", for: Self.long))
    #expect(try queue.finish(chunk, with: ChunkResult(report: [1])))
    try queue.remove("a")
    #expect(try queue.run("a") == nil && queue.count("a") == nil && queue.report(of: "a", from: 0) == nil)
    #expect(try queue.take(as: "w", of: "p", for: Self.long) == nil)
  }

  @Test(
    "chunks are taken in order, the oldest run first, each once, and not by another program",
    arguments: ChunkQueueFactory.all)
  func taking(factory: ChunkQueueFactory) throws {
    let queue = try factory.make()
    #expect(try queue.submit(run("old", calls: 3)) && queue.submit(run("new", calls: 2)))
    #expect(try queue.submit(run("other", program: "q")))
    func taken(_ worker: String) throws -> String? {
      try queue.take(as: worker, of: "p", for: Self.long).map { "\($0.run) \($0.places)" }
    }
    #expect(try taken("w") == "old 0..<2")
    #expect(try taken("v") == "old 2..<3")
    #expect(try taken("u") == "new 0..<2")
    #expect(try taken("t") == nil)
    // Who asks again, because the answer was lost, gets what it has.
    #expect(try taken("v") == "old 2..<3")
    #expect(try queue.foreignPrograms(to: "p") == ["other": "q"])
    #expect(try queue.foreignPrograms(to: "q").isEmpty)
    let count = try #require(try queue.count("old"))
    #expect(count.running == 3 && count.waiting == 0 && count.workers == 2 && !count.isOver)
  }

  @Test("a result and the end of its chunk are kept together, and once", arguments: ChunkQueueFactory.all)
  func finishing(factory: ChunkQueueFactory) throws {
    let queue = try factory.make()
    #expect(try queue.submit(run("a", calls: 3)))
    let first = try #require(try queue.take(as: "w", of: "p", for: Self.long))
    let second = try #require(try queue.take(as: "v", of: "p", for: Self.long))
    let result = ChunkResult(report: [9, 0, 9], files: ["calls/x@2.wav": [4, 0]], failed: 1, invalid: 0)
    #expect(try queue.finish(second, with: result))
    #expect(try queue.finish(second, with: result))
    #expect(try !queue.renew(second, for: Self.long))
    try queue.giveBack(second)
    #expect(try queue.finish(first, with: ChunkResult(report: [1], failed: 0, invalid: 2)))
    let count = try #require(try queue.count("a"))
    #expect(count.isOver && count.done == 3 && count.failed == 1 && count.invalid == 2 && count.setAside.isEmpty)
    #expect(try queue.report(of: "a", from: 0)?.report == [1])
    let behind = try #require(try queue.report(of: "a", from: 1))
    #expect(behind.first == 2 && behind.report == [9, 0, 9])
    #expect(try queue.report(of: "a", from: 3) == nil)
    #expect(try queue.file("calls/x@2.wav", of: "a") == [4, 0] && queue.file("b", of: "a") == nil)
  }

  @Test("a chunk that is given back is whole again, and not lost", arguments: ChunkQueueFactory.all)
  func givingBack(factory: ChunkQueueFactory) throws {
    let queue = try factory.make()
    #expect(try queue.submit(run("a")))
    for worker in ["u", "v", "w"] {
      let chunk = try #require(try queue.take(as: worker, of: "p", for: Self.long))
      #expect(chunk.places == 0..<2)
      try queue.giveBack(chunk)
      #expect(try !queue.finish(chunk, with: ChunkResult(report: [1])))
    }
    #expect(try queue.count("a")?.waiting == 5)
  }

  @Test(
    "a lost chunk waits again, call by call; its first worker's result is refused", arguments: ChunkQueueFactory.all)
  func lost(factory: ChunkQueueFactory) throws {
    let queue = try factory.make()
    #expect(try queue.submit(run("a", calls: 3, chunk: 3)))
    let lost = try #require(try queue.take(as: "slow", of: "p", for: .zero))
    let single = try #require(try queue.take(as: "w", of: "p", for: Self.long))
    #expect(lost.places == 0..<3 && single.places == 0..<1)
    #expect(try !queue.renew(lost, for: Self.long))
    #expect(try !queue.finish(lost, with: ChunkResult(report: [7], files: ["calls/late.wav": [7]])))
    #expect(try queue.file("calls/late.wav", of: "a") == nil)
    #expect(try queue.finish(single, with: ChunkResult(report: [0])))
    for place in 1...2 {
      let chunk = try #require(try queue.take(as: "w", of: "p", for: Self.long))
      #expect(chunk.places == place..<(place + 1))
      #expect(try queue.finish(chunk, with: ChunkResult(report: [UInt8(place)])))
    }
    let count = try #require(try queue.count("a"))
    #expect(count.isOver && count.done == 3 && count.setAside.isEmpty)
    #expect(try (0..<3).map { try queue.report(of: "a", from: $0)?.report } == [[0], [1], [2]])
  }

  @Test(
    "a worker that takes one of its lost calls again cannot end the chunk that it lost",
    arguments: ChunkQueueFactory.all)
  func sameWorker(factory: ChunkQueueFactory) throws {
    let queue = try factory.make()
    #expect(try queue.submit(run("a", calls: 2)))
    let lost = try #require(try queue.take(as: "w", of: "p", for: .zero))
    let single = try #require(try queue.take(as: "w", of: "p", for: Self.long))
    #expect(single.places == 0..<1)
    #expect(try !queue.finish(lost, with: ChunkResult(report: [7])))
    #expect(try queue.finish(single, with: ChunkResult(report: [0])))
  }

  @Test("a renewed lease lasts, and who finishes late but unrescued has not lost", arguments: ChunkQueueFactory.all)
  func renewal(factory: ChunkQueueFactory) throws {
    let queue = try factory.make()
    #expect(try queue.submit(run("a", calls: 2)))
    let chunk = try #require(try queue.take(as: "w", of: "p", for: .zero))
    #expect(try queue.renew(chunk, for: Self.long))
    #expect(try queue.take(as: "v", of: "p", for: Self.long) == nil)
    #expect(try queue.renew(chunk, for: .zero))
    #expect(try queue.finish(chunk, with: ChunkResult(report: [1])))
    #expect(try queue.take(as: "v", of: "p", for: Self.long) == nil)
  }

  @Test(
    "a call that is lost with two workers is set aside, and its neighbours are not", arguments: ChunkQueueFactory.all)
  func poisoned(factory: ChunkQueueFactory) throws {
    let queue = try factory.make()
    #expect(try queue.submit(run("a", calls: 3, chunk: 3)))
    #expect(try queue.take(as: "one", of: "p", for: .zero)?.places == 0..<3)
    let first = try #require(try queue.take(as: "two", of: "p", for: Self.long))
    #expect(try queue.finish(first, with: ChunkResult(report: [0])))
    #expect(try queue.take(as: "two", of: "p", for: .zero)?.places == 1..<2)
    let last = try #require(try queue.take(as: "three", of: "p", for: Self.long))
    #expect(last.places == 2..<3)
    #expect(try queue.finish(last, with: ChunkResult(report: [2])))
    let count = try #require(try queue.count("a"))
    #expect(count.isOver && count.done == 2)
    #expect(count.setAside == [QueueCount.SetAside(place: 1, workers: "one, two")])
    #expect(try queue.take(as: "four", of: "p", for: Self.long) == nil)
  }

  @Test("a cancelled run keeps what is done; whoever holds the rest learns it", arguments: ChunkQueueFactory.all)
  func cancelled(factory: ChunkQueueFactory) throws {
    let queue = try factory.make()
    #expect(try queue.submit(run("a")))
    let done = try #require(try queue.take(as: "w", of: "p", for: Self.long))
    #expect(try queue.finish(done, with: ChunkResult(report: [1])))
    let held = try #require(try queue.take(as: "w", of: "p", for: Self.long))
    try queue.cancel("a")
    #expect(try !queue.renew(held, for: Self.long))
    #expect(try !queue.finish(held, with: ChunkResult(report: [2])))
    #expect(try queue.take(as: "w", of: "p", for: Self.long) == nil)
    let count = try #require(try queue.count("a"))
    #expect(count.isOver && count.done == 2)
    #expect(try queue.report(of: "a", from: 0)?.report == [1] && queue.report(of: "a", from: 1) == nil)
  }

  @Test("a result may bring no file, or several, also empty ones", arguments: ChunkQueueFactory.all)
  func files(factory: ChunkQueueFactory) throws {
    let queue = try factory.make()
    #expect(try queue.submit(run("a", calls: 2, chunk: 1)))
    let contents: [String: [UInt8]] = ["calls/ä \"1\".wav": [0, 255, 0, 10], "calls/b,{}.txt": [], "calls/NULL": [7]]
    let first = try #require(try queue.take(as: "w", of: "p", for: Self.long))
    #expect(try queue.finish(first, with: ChunkResult(report: [1], files: contents)))
    let second = try #require(try queue.take(as: "w", of: "p", for: Self.long))
    #expect(try queue.finish(second, with: ChunkResult(report: [2])))
    for (name, bytes) in contents { #expect(try queue.file(name, of: "a") == bytes, "\(name)") }
    #expect(try queue.count("a")?.done == 2)
  }

  @Test("runs that are passed over are not taken", arguments: ChunkQueueFactory.all)
  func skipping(factory: ChunkQueueFactory) throws {
    let queue = try factory.make()
    #expect(try queue.submit(run("a \"1\"", calls: 1)) && queue.submit(run("b", calls: 1)))
    #expect(try queue.take(as: "w", of: "p", except: ["a \"1\"", "b"], for: Self.long) == nil)
    #expect(try queue.take(as: "w", of: "p", except: ["a \"1\""], for: Self.long)?.run == "b")
    #expect(try queue.take(as: "v", of: "p", except: ["b"], for: Self.long)?.run == "a \"1\"")
  }

  @Test("a worker whose lease is over is not counted", arguments: ChunkQueueFactory.all)
  func counting(factory: ChunkQueueFactory) throws {
    let queue = try factory.make()
    #expect(try queue.submit(run("a")))
    let chunk = try #require(try queue.take(as: "w", of: "p", for: Self.long))
    #expect(try queue.count("a")?.workers == 1)
    #expect(try queue.renew(chunk, for: .zero))
    let count = try #require(try queue.count("a"))
    #expect(count.workers == 0 && count.running == 2)
  }

  @Test(
    "a lease that a restart of the server fell into lasts its length from the start",
    .enabled(if: TestCluster.isWanted, "\(TestCluster.reason)"))
  func restart() throws {
    let cluster = try TestCluster.shared.get()
    let url = try cluster.freshURL()
    let database = try PostgresDatabase(url) { _ in }
    try database.start()
    defer { database.stop() }
    let queue = PostgresChunkQueue(database)
    #expect(try queue.submit(run("a", calls: 1)))
    let chunk = try #require(try queue.take(as: "w", of: "p", for: Self.long))
    // Renewed for a day, a day before the server was started.
    try cluster.run(
      """
      UPDATE voiceforge_queue_chunks SET renewed_at = pg_postmaster_start_time() - interval '1 day',
        leased_until = pg_postmaster_start_time()
      """, at: url)
    #expect(try queue.take(as: "v", of: "p", for: Self.long) == nil)
    #expect(try queue.renew(chunk, for: Self.long))
    try cluster.run(
      """
      UPDATE voiceforge_queue_chunks SET renewed_at = pg_postmaster_start_time(), leased_until = pg_postmaster_start_time()
      """, at: url)
    #expect(try queue.take(as: "v", of: "p", for: Self.long)?.worker == "v")
  }

  @Test("full is full, and what is removed makes room", arguments: ChunkQueueFactory.all)
  func full(factory: ChunkQueueFactory) throws {
    let queue = try factory.make()
    for number in 1...ChunkQueueLimits.runsMax { #expect(try queue.submit(run("\(number)", calls: 1))) }
    #expect(try !queue.submit(run("one more")))
    #expect(try queue.run("one more") == nil)
    try queue.remove("7")
    #expect(try queue.submit(run("one more")))
  }
}
