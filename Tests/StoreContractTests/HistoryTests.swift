import CallCore
import CallDriver
import Testing
import TestSupport

@Suite("A history of calls")
struct HistoryTests {
  @Test("an empty store has no calls and no next page", arguments: StoreFactory.all)
  func empty(factory: StoreFactory) throws {
    let store = try factory.store()
    let page = try store.calls(matching: CallFilter(), limit: 50, after: nil)
    #expect(page.calls.isEmpty)
    #expect(page.nextCursor == nil)
    #expect(try store.call(id: "1") == nil)
    #expect(store.usage == StoreUsage())
  }

  @Test("a call comes back as it was, with its recording", arguments: StoreFactory.all)
  func roundTrip(factory: StoreFactory) throws {
    let store = try factory.store()
    let call = SampleCall.full("a")
    try store.append(call)
    let kept = try #require(try store.call(id: "a"))
    #expect(kept.record == call.record)
    for side in [\CallRecording.caller, \.agent] {
      let (found, expected) = (kept.recording?[keyPath: side], call.recording?[keyPath: side])
      #expect(found?.format == expected?.format)
      #expect(found?.bytes == expected?.bytes && expected?.bytes.isEmpty == false)
      #expect(found?.positions == expected?.positions)
      #expect(found?.ends == expected?.ends)
    }
  }

  @Test("all calls with a number go, with their recordings, and the rest stays", arguments: StoreFactory.all)
  func removal(factory: StoreFactory) throws {
    let store = try factory.store()
    for (id, from, to) in [("a", "+15550100", "+15550101"), ("b", "+15550101", "+15550102"), ("c", "+15550103", "")] {
      var call = SampleCall.full(id)
      call.record.metadata = ["from": from, "to": to, "note": "+15550104"]
      try store.append(call)
    }
    #expect(try Set(store.removeAll(about: "+15550101")) == ["a", "b"])
    #expect(try store.removeAll(about: "+15550101").isEmpty && store.removeAll(about: "+15550104").isEmpty)
    #expect(try store.call(id: "a") == nil && store.call(id: "c") != nil)
    #expect(store.usage.entries == 1)
  }

  @Test("a call in a list is short: its figures without what was said", arguments: StoreFactory.all)
  func summary(factory: StoreFactory) throws {
    let store = try factory.store()
    try store.append(SampleCall.full("a"))
    try store.append(SampleCall.named("b"))
    let calls = try store.calls(matching: CallFilter(), limit: 2, after: nil).calls
    #expect(calls.map(\.hasRecording) == [false, true])
    #expect(calls.map(\.turnLatencyP50) == [nil, .milliseconds(700)])
    var record = SampleCall.full("a").record
    record.transcript = []
    record.timeline = []
    record.turnLatencies = []
    #expect(calls.last?.record == record)
  }

  @Test("newest first, page by page, without an empty page at the end", arguments: StoreFactory.all)
  func pages(factory: StoreFactory) throws {
    let store = try factory.store()
    try store.append(1...5)
    #expect(try store.pages(limit: 2) == [["5", "4"], ["3", "2"], ["1"]])
    #expect(try store.pages(limit: 5) == [["5", "4", "3", "2", "1"]])
    #expect(try store.pages(limit: 200) == [["5", "4", "3", "2", "1"]])
    #expect(try store.pages(limit: 1).count == 5)
  }

  static let filterCases: [(CallFilter, [String])] = [
    (CallFilter(), ["6", "5", "4", "3", "2", "1"]),
    (CallFilter(flow: "clinic"), ["6", "4", "2"]),
    (CallFilter(outcome: "booked"), ["6", "5", "1"]),
    (CallFilter(reason: .noInput), ["6", "2"]),
    (CallFilter(flow: "clinic", outcome: "booked", reason: .noInput), ["6"]),
    (CallFilter(outcome: ""), ["4", "3", "2"]),
    (CallFilter(flow: "clin"), []),
    (CallFilter(outcome: "Booked"), []),
  ]

  @Test("filters take what matches them exactly, on every page", arguments: StoreFactory.all, filterCases)
  func filters(factory: StoreFactory, filter: (CallFilter, [String])) throws {
    let store = try factory.store()
    try store.append(SampleCall.named("1", flow: "restaurant", outcome: "booked"))
    try store.append(SampleCall.named("2", flow: "clinic", reason: .noInput))
    try store.append(SampleCall.named("3", flow: "restaurant"))
    try store.append(SampleCall.named("4", flow: "clinic"))
    try store.append(SampleCall.named("5", flow: "restaurant", outcome: "booked"))
    try store.append(SampleCall.named("6", flow: "clinic", outcome: "booked", reason: .noInput))
    let pages = try store.pages(filter.0, limit: 2)
    #expect(pages.flatMap { $0 } == filter.1)
    #expect(pages.dropLast().allSatisfy { $0.count == 2 })
    #expect(pages.count == max((filter.1.count + 1) / 2, 1))
  }

  @Test("a reader of pages misses nothing and sees nothing twice while calls are added", arguments: StoreFactory.all)
  func stableCursor(factory: StoreFactory) throws {
    let store = try factory.store()
    try store.append(1...5)
    let first = try store.calls(matching: CallFilter(), limit: 2, after: nil)
    try store.append(6...9)
    let second = try store.calls(matching: CallFilter(), limit: 2, after: first.nextCursor)
    #expect(second.calls.map(\.record.id) == ["3", "2"])
    #expect(try store.ids(after: second.nextCursor) == ["1"])
  }

  @Test("a cursor whose calls made room leads to what is left of them", arguments: StoreFactory.all)
  func cursorAfterEviction(factory: StoreFactory) throws {
    let store = try factory.store(entriesMax: 4)
    try store.append(1...4)
    let page = try store.calls(matching: CallFilter(), limit: 1, after: nil)
    try store.append(5...6)
    #expect(try store.ids(after: page.nextCursor) == ["3"])
    try store.append(7...20)
    let rest = try store.calls(matching: CallFilter(), limit: 1, after: page.nextCursor)
    #expect(rest.calls.isEmpty)
    #expect(rest.nextCursor == nil)
  }

  @Test(
    "a cursor that was never given out is refused", arguments: StoreFactory.all,
    ["", "0", "-1", "+1", "01", "9", "x", "1.5", "99999999999999999999", "1; DROP TABLE calls"])
  func badCursor(factory: StoreFactory, cursor: String) throws {
    let store = try factory.store()
    try store.append(1...3)
    #expect(throws: StoreError.badCursor(cursor)) {
      try store.calls(matching: CallFilter(), limit: 1, after: cursor)
    }
  }

  @Test("an empty store has given out no cursor", arguments: StoreFactory.all)
  func badCursorOfEmpty(factory: StoreFactory) throws {
    let store = try factory.store()
    #expect(throws: StoreError.badCursor("1")) { try store.calls(matching: CallFilter(), limit: 1, after: "1") }
  }

  @Test("an id that is not there is no call", arguments: StoreFactory.all, ["2", "", "1 ", "'"])
  func unknown(factory: StoreFactory, id: String) throws {
    let store = try factory.store()
    try store.append(1...1)
    #expect(try store.call(id: id) == nil)
  }

  @Test("a call that is appended again takes the place of the first", arguments: StoreFactory.all)
  func duplicate(factory: StoreFactory) throws {
    let store = try factory.store()
    try store.append(1...3)
    let bytes = store.usage.bytes
    try store.append(SampleCall.named("2", outcome: "changed", recordingBytes: 10_000))
    #expect(try store.ids() == ["3", "2", "1"])
    #expect(try store.call(id: "2")?.record.outcome == "changed")
    #expect(store.usage.entries == 3)
    #expect(store.usage.bytes >= bytes + 10_000)
    try store.append(SampleCall.named("2"))
    #expect(store.usage.bytes == bytes)
    #expect(store.usage.evicted == 0)
  }
}
