import CallCore
import CallDriver
import Dispatch
import Stores
import Testing
import Threads

@Suite("A store of flows")
struct FlowStoreTests {
  @Test("a flow comes back as it was written, under its first version", arguments: FlowStoreFactory.all)
  func roundTrip(factory: FlowStoreFactory) throws {
    let store = try factory.store()
    let text = "states: {ä: {end: done}}\n# '; DROP TABLE flows; --"
    let first = FlowVersion(name: "b", version: 1, text: text, savedAtUnixMicroseconds: 5)
    #expect(try store.flows().isEmpty)
    #expect(try store.add("b", text: text, at: 5) == .done(first))
    _ = try store.add("a", text: "x", at: 6)
    #expect(try store.flows().map(\.name) == ["a", "b"])
    #expect(try store.flows().last == first)
    #expect(try store.versions(of: "b") == [first])
    #expect(try store.versions(of: "c").isEmpty)
    #expect(store.usage.entries == 2)
  }

  @Test("a change makes a version, and only from the newest one", arguments: FlowStoreFactory.all)
  func versions(factory: FlowStoreFactory) throws {
    let store = try factory.store()
    _ = try store.add("a", text: "one", at: 1)
    #expect(try store.add("a", text: "other", at: 2) == .taken)
    let second = FlowVersion(name: "a", version: 2, text: "two", savedAtUnixMicroseconds: 3)
    #expect(try store.save("a", text: "two", after: 1, at: 3) == .done(second))
    #expect(try store.save("a", text: "lost", after: 1, at: 4) == .outdated(current: 2))
    #expect(try store.save("z", text: "nobody's", after: 1, at: 4) == .missing)
    #expect(try store.flows() == [second])
    #expect(try store.versions(of: "a").map(\.text) == ["two", "one"])
  }

  @Test("a flow goes with all its versions, and begins anew", arguments: FlowStoreFactory.all)
  func removal(factory: FlowStoreFactory) throws {
    let store = try factory.store()
    _ = try store.add("a", text: "one", at: 1)
    let one = store.usage
    let newest = try store.save("a", text: "two", after: 1, at: 2)
    #expect(try store.remove("a", at: 1) == .outdated(current: 2))
    #expect(try store.remove("a", at: 2) == newest)
    #expect(try store.remove("a", at: 2) == .missing)
    #expect(try store.versions(of: "a").isEmpty)
    #expect(store.usage.entries == 0 && store.usage.bytes == 0)
    guard case .done(let again) = try store.add("a", text: "one", at: 3) else {
      Issue.record("not added again")
      return
    }
    #expect(again.version == 1)
    #expect(store.usage == one)
  }

  @Test("the oldest versions go, a full store refuses and keeps what it has", arguments: FlowStoreFactory.all)
  func bounds(factory: FlowStoreFactory) throws {
    let store = try factory.store(entriesMax: 2, versionsMax: 3, bytesMax: 2000)
    for name in ["a", "b"] { _ = try store.add(name, text: "1", at: 0) }
    #expect(try store.add("c", text: "1", at: 0) == .full(limit: "2 flows"))
    for version in 1...9 { _ = try store.save("a", text: "\(version + 1)", after: version, at: 0) }
    #expect(try store.versions(of: "a").map(\.version) == [10, 9, 8])
    let usage = store.usage
    let long = String(repeating: "x", count: 2000)
    #expect(try store.save("b", text: long, after: 1, at: 0) == .full(limit: "2000 bytes of flows"))
    #expect(store.usage == usage)
    #expect(try store.versions(of: "b").map(\.text) == ["1"])
  }

  @Test("of changes that come at once from the same version, one is made", arguments: FlowStoreFactory.all)
  func race(factory: FlowStoreFactory) throws {
    let store = try factory.store()
    _ = try store.add("a", text: "one", at: 1)
    let made = Locked(0)
    DispatchQueue.concurrentPerform(iterations: 50) { number in
      do throws(StoreError) {
        if case .done = try store.save("a", text: "\(number)", after: 1, at: 2) { made.withLock { $0 += 1 } }
      } catch {
        Issue.record(error)
      }
    }
    #expect(made.withLock { $0 } == 1)
    #expect(try store.versions(of: "a").map(\.version) == [2, 1])
  }

  @Test(
    "a flow of the folder is added, stays as it was changed, and counts again when its file changes",
    arguments: FlowStoreFactory.all)
  func folder(factory: FlowStoreFactory) throws {
    let store = try factory.store()
    let first = FlowVersion(name: "a", version: 1, text: "one", savedAtUnixMicroseconds: 1)
    #expect(try store.importFile("a", text: "one", at: 1) == .done(first))
    #expect(try store.importFile("a", text: "one", at: 2) == .taken)
    _ = try store.save("a", text: "two", after: 1, at: 3)
    #expect(try store.importFile("a", text: "one", at: 4) == .taken)
    #expect(try store.flows().map(\.text) == ["two"])
    let third = FlowVersion(name: "a", version: 3, text: "three", savedAtUnixMicroseconds: 5)
    #expect(try store.importFile("a", text: "three", at: 5) == .done(third))
    // A file that is set back counts, too: it has changed.
    guard case .done(let fourth) = try store.importFile("a", text: "one", at: 6) else {
      Issue.record("the old text was not taken")
      return
    }
    #expect(fourth.version == 4)
    #expect(try store.versions(of: "a").map(\.text) == ["one", "three", "two", "one"])
  }

  @Test(
    "a flow whose name the folder takes later gives way, unless it grew out of that text",
    arguments: FlowStoreFactory.all)
  func takenByFolder(factory: FlowStoreFactory) throws {
    let store = try factory.store(entriesMax: 2)
    _ = try store.add("a", text: "mine", at: 1)
    guard case .done(let version) = try store.importFile("a", text: "the folder's", at: 2) else {
      Issue.record("the folder's text does not count")
      return
    }
    #expect(version.version == 2 && version.text == "the folder's")
    _ = try store.add("b", text: "one", at: 1)
    _ = try store.save("b", text: "two", after: 1, at: 2)
    #expect(try store.importFile("b", text: "one", at: 3) == .taken)
    #expect(try store.flows().map(\.text) == ["the folder's", "two"])
    #expect(try store.importFile("c", text: "x", at: 4) == .full(limit: "2 flows"))
    #expect(try store.versions(of: "c").isEmpty)
  }

  @Test("every change gives another revision, and nothing else does", arguments: FlowStoreFactory.all)
  func revisions(factory: FlowStoreFactory) throws {
    let store = try factory.store()
    var seen = [try store.revision()]
    for change in [
      { try store.add("a", text: "one", at: 1) }, { try store.save("a", text: "two", after: 1, at: 2) },
      { try store.remove("a", at: 2) }, { try store.importFile("a", text: "three", at: 3) },
    ] as [() throws -> FlowChange] {
      _ = try change()
      let revision = try store.revision()
      #expect(!seen.contains(revision))
      seen.append(revision)
    }
    _ = try store.add("a", text: "x", at: 1)
    _ = try store.save("a", text: "x", after: 7, at: 1)
    _ = try store.importFile("a", text: "three", at: 4)
    #expect(try store.revision() == seen.last)
  }
}
