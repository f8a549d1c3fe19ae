import CallCore
import CallDriver
import Dispatch
import Testing

@Suite("A store of test runs")
struct TestRunStoreTests {
  @Test("an empty store has no runs", arguments: TestStoreFactory.all)
  func empty(factory: TestStoreFactory) throws {
    let store = try factory.runs()
    #expect(try store.runs(limit: 100).isEmpty)
    #expect(try store.run(id: "1") == nil)
    #expect(store.usage == StoreUsage())
  }

  @Test("a run comes back as it was, with every field; lists leave out what was said", arguments: TestStoreFactory.all)
  func roundTrip(factory: TestStoreFactory) throws {
    let store = try factory.runs()
    let run = SampleTest.fullRun("a")
    try store.save(run)
    #expect(try store.run(id: "a") == run)
    var short = run
    short.transcript = []
    #expect(try store.runs(limit: 1) == [short])
  }

  @Test("newest first, as many as asked for", arguments: TestStoreFactory.all)
  func order(factory: TestStoreFactory) throws {
    let store = try factory.runs()
    for id in 1...5 { try store.save(SampleTest.run("\(id)")) }
    #expect(try store.runs(limit: 2).map(\.id) == ["5", "4"])
    #expect(try store.runs(limit: 100).map(\.id) == ["5", "4", "3", "2", "1"])
    #expect(try store.runIDs() == ["1", "2", "3", "4", "5"])
  }

  @Test("a run that goes on stays in its place", arguments: TestStoreFactory.all)
  func update(factory: TestStoreFactory) throws {
    let store = try factory.runs()
    for id in 1...3 { try store.save(SampleTest.run("\(id)")) }
    let bytes = store.usage.bytes
    try store.save(SampleTest.fullRun("2"))
    #expect(try store.runs(limit: 3).map(\.id) == ["3", "2", "1"])
    #expect(try store.run(id: "2")?.status == .completed)
    #expect(store.usage.entries == 3)
    #expect(store.usage.bytes > bytes)
    try store.save(SampleTest.run("2"))
    #expect(store.usage.bytes == bytes)
    #expect(store.usage.evicted == 0)
  }

  @Test("the oldest runs make room for one too many, and are counted", arguments: TestStoreFactory.all)
  func entries(factory: TestStoreFactory) throws {
    let store = try factory.runs(entriesMax: 3)
    for id in 1...5 { try store.save(SampleTest.run("\(id)")) }
    #expect(try store.runs(limit: 100).map(\.id) == ["5", "4", "3"])
    #expect(store.usage.evicted == 2)
    #expect(store.usage.entries == 3)
    #expect(try store.run(id: "2") == nil)
  }

  @Test(
    "the oldest runs make room for bytes; one that is larger than all is kept alone", arguments: TestStoreFactory.all)
  func bytes(factory: TestStoreFactory) throws {
    let store = try factory.runs(bytesMax: 50_000)
    for id in 1...3 { try store.save(SampleTest.run("\(id)", textBytes: 20_000)) }
    #expect(try store.runs(limit: 100).map(\.id) == ["3", "2"])
    #expect(store.usage.bytes <= 50_000)
    try store.save(SampleTest.run("4", textBytes: 60_000))
    #expect(try store.runs(limit: 100).map(\.id) == ["4"])
    try store.save(SampleTest.run("5"))
    #expect(try store.runs(limit: 100).map(\.id) == ["5"])
    #expect(store.usage.evicted == 4)
  }

  @Test("eight threads keep and read at once, and the figures add up", arguments: TestStoreFactory.all)
  func threads(factory: TestStoreFactory) throws {
    let store = try factory.runs(entriesMax: 500)
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      do {
        for index in 0..<100 {
          let id = "\(thread)-\(index)"
          try store.save(SampleTest.run(id))
          try store.save(SampleTest.fullRun(id))
          #expect(try store.run(id: id)?.status == .completed)
          #expect(try store.runs(limit: 100).count <= 100)
        }
      } catch {
        Issue.record(error)
      }
    }
    #expect(store.usage.entries == 500)
    #expect(store.usage.evicted == 300)
    let ids = try store.runs(limit: 100).map(\.id)
    #expect(Set(ids).count == 100)
  }
}
