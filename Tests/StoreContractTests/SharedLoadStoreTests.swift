import CallCore
import CallDriver
import Stores
import TestCluster
import TestSupport
import Testing
import Threads

/// A kind of store of shared loads that the contract holds for.
struct SharedLoadStoreFactory: Sendable, CustomTestStringConvertible {
  static let all = [memory] + (TestCluster.isWanted ? [postgres] : [])

  private static let memory = SharedLoadStoreFactory(testDescription: "memory") {
    let ticks = Locked(Int64(0))
    return MemorySharedLoadStore {
      ticks.withLock { ticks in
        ticks += 1
        return ticks
      }
    }
  }
  private static let postgres = SharedLoadStoreFactory(testDescription: "postgres") { try SettledSharedLoadStore() }

  let testDescription: String
  let make: @Sendable () throws -> any SharedLoadStore
}

@Suite("Stores of load tests by several generators")
struct SharedLoadStoreTests {
  private func load(_ id: String, generators: Int = 2, program: String = "p") -> SharedLoad {
    SharedLoad(
      id: id, program: program, generators: generators, document: [0, 255, 10], files: ["/a b.wav": [0, 1], "c": []])
  }

  @Test("each generator gets a part of the oldest load, with all that it needs", arguments: SharedLoadStoreFactory.all)
  func joining(factory: SharedLoadStoreFactory) throws {
    let store = try factory.make()
    #expect(try store.join(as: "a", of: "p") == nil)
    for id in ["one", "one", "two"] { #expect(try store.submit(load(id))) }
    let first = try #require(try store.join(as: "a", of: "p"))
    #expect(
      first
        == SharedLoadPart(
          load: "one", index: 0, count: 2, generator: "a", document: [0, 255, 10],
          files: ["/a b.wav": [0, 1], "c": []])
    )
    // An answer that was lost.
    #expect(try store.join(as: "a", of: "p") == first)
    #expect(try store.join(as: "b", of: "p")?.index == 1)
    let third = try #require(try store.join(as: "c", of: "p"))
    #expect(third.load == "two" && third.index == 0)
    #expect(try store.join(as: "d", of: "q") == nil)
    #expect(try store.foreignPrograms(ofLoadsFor: "q") == ["one": "p", "two": "p"])
    #expect(try store.foreignPrograms(ofLoadsFor: "p") == [:])
  }

  @Test("what generators tell comes once, in order, and only what is asked for", arguments: SharedLoadStoreFactory.all)
  func seconds(factory: SharedLoadStoreFactory) throws {
    let store = try factory.make()
    #expect(try store.submit(load("one")))
    let parts = try ["a", "b"].map { try #require(try store.join(as: $0, of: "p")) }
    var report = GeneratorReport(.running)
    (report.clockError, report.lateness) = (.microseconds(7), .microseconds(8))
    report.seconds = [(1, Array("{\"x\": 1}".utf8)), (2, Array("ü\\u0000".utf8))]
    #expect(try store.report(report, of: parts[1]) != nil)
    report.seconds[0].content = []
    report.seconds.append((10, Array("ten".utf8)))
    #expect(try store.report(report, of: parts[1]) != nil)
    let progress = try #require(try store.progress(of: "one", after: [0, 0]))
    #expect(progress.generators.map(\.name) == ["a", "b"])
    #expect(progress.generators[0].report.phase == .preparing && progress.generators[0].report.seconds.isEmpty)
    #expect(progress.generators[0].report.clockError == nil)
    let told = progress.generators[1].report
    #expect(told.phase == .running && told.clockError == .microseconds(7) && told.lateness == .microseconds(8))
    #expect(told.seconds.map(\.number) == [1, 2, 10])
    #expect(told.seconds.map { String(decoding: $0.content, as: UTF8.self) } == ["{\"x\": 1}", "ü\\u0000", "ten"])
    let newer = try #require(try store.progress(of: "one", after: [99, 2]))
    #expect(newer.generators[1].report.seconds.map(\.number) == [10])
  }

  @Test("all generators get the same start, and the word to stop", arguments: SharedLoadStoreFactory.all)
  func start(factory: SharedLoadStoreFactory) throws {
    let store = try factory.make()
    #expect(try store.submit(load("one")))
    let parts = try ["a", "b"].map { try #require(try store.join(as: $0, of: "p")) }
    let before = try #require(try store.report(GeneratorReport(.ready), of: parts[0]))
    #expect(before.startAt == nil && !before.isStopped)
    let told = try store.start("one", in: .seconds(3))
    #expect(try store.start("one", in: .seconds(30)) == told && told != nil)
    let starts = try parts.map { try store.report(GeneratorReport(.running), of: $0)?.startAt }
    #expect(starts[0] == starts[1] && starts[0] == told)
    let start = try #require(starts[0])
    let now = try store.clock()
    #expect(start > 3_000_000 && start - now <= 3_000_000)
    // A load that is under way takes nobody more.
    #expect(try store.join(as: "c", of: "p") == nil)
    #expect(try store.foreignPrograms(ofLoadsFor: "q") == [:])
    try store.stop("one")
    #expect(try store.report(GeneratorReport(.running), of: parts[1])?.isStopped == true)
  }

  @Test("what a generator cannot do comes with its reason", arguments: SharedLoadStoreFactory.all)
  func faults(factory: SharedLoadStoreFactory) throws {
    let store = try factory.make()
    #expect(try store.submit(load("one", generators: 1)))
    let part = try #require(try store.join(as: "a", of: "p"))
    var report = GeneratorReport(.finished)
    (report.fault, report.isTargetGone) = ("no voice \"x\"", true)
    #expect(try store.report(report, of: part) != nil)
    let told = try #require(try store.progress(of: "one", after: [0])?.generators.first?.report)
    #expect(told.phase == .finished && told.fault == "no voice \"x\"" && told.isTargetGone)
    // It may join the next load.
    #expect(try store.submit(load("two", generators: 1)))
    #expect(try store.join(as: "a", of: "p")?.load == "two")
  }

  @Test(
    "a load that is removed is gone for everybody, and a stranger's part is not taken",
    arguments: SharedLoadStoreFactory.all)
  func removal(factory: SharedLoadStoreFactory) throws {
    let store = try factory.make()
    #expect(try store.submit(load("one")))
    let part = try #require(try store.join(as: "a", of: "p"))
    var foreign = part
    foreign.generator = "z"
    #expect(try store.report(GeneratorReport(.running), of: foreign) == nil)
    #expect(try store.progress(of: "one", after: [0, 0])?.generators.first?.report.phase == .preparing)
    try store.remove("one")
    #expect(try store.report(GeneratorReport(.running), of: part) == nil)
    #expect(try store.progress(of: "one", after: [0, 0]) == nil)
    #expect(try store.start("one", in: .zero) == nil)
    try store.stop("one")
  }

  @Test("there is room for so many loads", arguments: SharedLoadStoreFactory.all)
  func full(factory: SharedLoadStoreFactory) throws {
    let store = try factory.make()
    for number in 0..<SharedLoadLimits.loadsMax { #expect(try store.submit(load("\(number)"))) }
    #expect(try store.submit(load("0")))
    #expect(try !store.submit(load("one more")))
  }
}

@Suite("Generators that are lost before the start")
struct LostGeneratorTests {
  @Test("their parts are free again, and another generator takes one")
  func freed() throws {
    let clock = Locked(Int64(0))
    let store = MemorySharedLoadStore { clock.withLock { $0 } }
    #expect(store.submit(SharedLoad(id: "one", program: "p", generators: 1, document: [])))
    #expect(store.join(as: "a", of: "p") != nil)
    clock.withLock { $0 += SharedLoadLimits.partSilenceMax.microseconds + 1 }
    #expect(store.progress(of: "one", after: [0])?.generators == [])
    #expect(store.join(as: "b", of: "p")?.index == 0)
  }

  @Test("a load whose coordinator says nothing is joined by nobody")
  func silentCoordinator() throws {
    let clock = Locked(Int64(0))
    let store = MemorySharedLoadStore { clock.withLock { $0 } }
    #expect(store.submit(SharedLoad(id: "one", program: "p", generators: 1, document: [])))
    clock.withLock { $0 += SharedLoadLimits.silenceMax.microseconds }
    #expect(store.join(as: "a", of: "p") == nil)
  }
}
