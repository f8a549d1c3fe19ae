import CallCore
import CallDriver
import Dispatch
import Testing
import Threads

@Suite("A store of test cases")
struct TestCaseStoreTests {
  @Test("a case comes back as it was; lists keep the order in which they came", arguments: TestStoreFactory.all)
  func roundTrip(factory: TestStoreFactory) throws {
    let store = try factory.cases()
    #expect(try store.cases().isEmpty)
    let cases = [SampleTest.fullCase("b/1"), SampleTest.testCase("a")]
    #expect(try store.add(cases) == .done)
    #expect(try store.add([SampleTest.testCase("0")]) == .done)
    #expect(try store.cases().map(\.id) == ["b/1", "a", "0"])
    #expect(try store.testCase(id: "b/1") == cases[0])
    #expect(try store.testCase(id: "b") == nil)
  }

  @Test("of cases of which one is there already, none is added", arguments: TestStoreFactory.all)
  func taken(factory: TestStoreFactory) throws {
    let store = try factory.cases()
    _ = try store.add([SampleTest.testCase("a")])
    let usage = store.usage
    #expect(try store.add([SampleTest.testCase("b"), SampleTest.testCase("a")]) == .taken(id: "a"))
    #expect(try store.add([SampleTest.testCase("c"), SampleTest.testCase("c")]) == .taken(id: "c"))
    #expect(try store.cases().map(\.id) == ["a"])
    #expect(store.usage == usage)
  }

  @Test("a case is replaced in its place, and taken away", arguments: TestStoreFactory.all)
  func changes(factory: TestStoreFactory) throws {
    let store = try factory.cases()
    _ = try store.add(["a", "b", "c"].map { SampleTest.testCase($0) })
    let bytes = store.usage.bytes
    #expect(try store.replace(SampleTest.fullCase("b")) == .done)
    #expect(try store.replace(SampleTest.fullCase("d")) == .missing)
    #expect(try store.cases().map(\.id) == ["a", "b", "c"])
    #expect(try store.testCase(id: "b") == SampleTest.fullCase("b"))
    #expect(store.usage.bytes > bytes)
    #expect(try store.remove(id: "b") == .done)
    #expect(try store.remove(id: "b") == .missing)
    #expect(try store.cases().map(\.id) == ["a", "c"])
    #expect(try store.add([SampleTest.testCase("b")]) == .done)
    #expect(store.usage.bytes == bytes)
    #expect(store.usage.entries == 3)
  }

  @Test("a full store refuses and keeps what it has", arguments: TestStoreFactory.all)
  func entries(factory: TestStoreFactory) throws {
    let store = try factory.cases(entriesMax: 2)
    #expect(try store.add([SampleTest.testCase("a")]) == .done)
    guard case .full(let limit) = try store.add([SampleTest.testCase("b"), SampleTest.testCase("c")]) else {
      Issue.record("three cases where two are allowed")
      return
    }
    #expect(limit.contains("2"))
    #expect(try store.cases().map(\.id) == ["a"])
    #expect(try store.add([SampleTest.testCase("b")]) == .done)
    #expect(try store.replace(SampleTest.fullCase("b")) == .done)
  }

  @Test("bytes are bounded too, for what is new and for what grows", arguments: TestStoreFactory.all)
  func bytes(factory: TestStoreFactory) throws {
    let store = try factory.cases(bytesMax: 20_000)
    #expect(try store.add([SampleTest.testCase("a"), SampleTest.testCase("b")]) == .done)
    var large = SampleTest.testCase("b")
    large.caller.persona = String(repeating: "x", count: 20_000)
    guard case .full = try store.replace(large) else {
      Issue.record("a case larger than the store was taken")
      return
    }
    large.id = "c"
    guard case .full = try store.add([large]) else {
      Issue.record("a case larger than the store was taken")
      return
    }
    #expect(try store.testCase(id: "b") == SampleTest.testCase("b"))
    #expect(store.usage.entries == 2)
    #expect(store.usage.bytes <= 20_000)
  }

  @Test("of eight threads that add the same cases, one wins each", arguments: TestStoreFactory.all)
  func threads(factory: TestStoreFactory) throws {
    let store = try factory.cases()
    let won = Locked(0)
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      do {
        for index in 0..<50 where try store.add([SampleTest.testCase("\(index)")]) == .done { won.withLock { $0 += 1 } }
      } catch {
        Issue.record(error)
      }
    }
    #expect(won.withLock { $0 } == 50)
    #expect(Set(try store.cases().map(\.id)).count == 50)
  }
}
