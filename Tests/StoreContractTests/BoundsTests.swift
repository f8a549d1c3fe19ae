import CallCore
import CallDriver
import Dispatch
import Testing
import TestSupport

@Suite("The bounds of a history")
struct BoundsTests {
  @Test("the oldest calls make room for one too many, and are counted", arguments: StoreFactory.all)
  func entries(factory: StoreFactory) throws {
    let store = try factory.store(entriesMax: 3)
    try store.append(1...3)
    #expect(store.usage.evicted == 0)
    try store.append(4...5)
    #expect(try store.ids() == ["5", "4", "3"])
    #expect(store.usage.evicted == 2)
    #expect(store.usage.entries == 3)
    #expect(try store.call(id: "2") == nil)
    #expect(try store.call(id: "3")?.record.id == "3")
  }

  @Test("the oldest calls make room for bytes, as many as it takes", arguments: StoreFactory.all)
  func bytes(factory: StoreFactory) throws {
    let store = try factory.store(bytesMax: 250_000)
    for id in ["1", "2"] { try store.append(SampleCall.named(id, recordingBytes: 100_000)) }
    #expect(try store.ids() == ["2", "1"])
    try store.append(SampleCall.named("3", recordingBytes: 100_000))
    #expect(try store.ids() == ["3", "2"])
    try store.append(SampleCall.named("4", recordingBytes: 200_000))
    #expect(try store.ids() == ["4"])
    #expect(store.usage.evicted == 3)
    #expect((200_000...250_000).contains(store.usage.bytes))
    #expect(store.usage.recordingsDropped == 0)
  }

  @Test(
    "a call larger than the store loses its recording, which is counted, and drives nobody out",
    arguments: StoreFactory.all)
  func oversize(factory: StoreFactory) throws {
    let store = try factory.store(bytesMax: 50_000)
    try store.append(1...3)
    try store.append(SampleCall.named("4", recordingBytes: 60_000))
    #expect(try store.ids() == ["4", "3", "2", "1"])
    let kept = try #require(try store.call(id: "4"))
    #expect(kept.recording == nil)
    #expect(store.usage.recordingsDropped == 1)
    #expect(store.usage.evicted == 0)
    #expect(store.usage.bytes < 50_000)
  }

  @Test("a record larger than the store is kept alone: no call is without a trace", arguments: StoreFactory.all)
  func hugeRecord(factory: StoreFactory) throws {
    let store = try factory.store(bytesMax: 20_000)
    try store.append(1...2)
    var call = SampleCall.named("3", recordingBytes: 100)
    call.record.outcome = "kept"
    call.record.metadata = ["note": String(repeating: "x", count: 30_000)]
    try store.append(call)
    #expect(try store.ids() == ["3"])
    #expect(try store.call(id: "3")?.recording == nil)
    try store.append(4...4)
    #expect(try store.ids() == ["4"])
  }

  @Test("a call that grows when it is appended again makes room like a new one", arguments: StoreFactory.all)
  func growing(factory: StoreFactory) throws {
    let store = try factory.store(bytesMax: 50_000)
    try store.append(1...3)
    try store.append(SampleCall.named("3", recordingBytes: 47_600))
    #expect(try store.ids() == ["3", "2"])
    #expect(store.usage.bytes <= 50_000)
  }

  @Test(
    "a store that was full of other calls is as full as one that never saw them", arguments: StoreFactory.all,
    [1, 2, 3])
  func accounting(factory: StoreFactory, seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let store = try factory.store(entriesMax: 20, bytesMax: 60_000)
    for _ in 0..<500 {
      let id = "\(Int.random(in: 0..<60, using: &generator))"
      let size = Int.random(in: 0...6000, using: &generator)
      try store.append(
        Bool.random(using: &generator) ? SampleCall.full(id) : SampleCall.named(id, recordingBytes: size))
    }
    let fresh = try factory.store()
    for id in try store.ids().reversed() { try fresh.append(try #require(try store.call(id: id))) }
    #expect(fresh.usage.bytes == store.usage.bytes, "seed \(seed)")
    #expect(fresh.usage.entries == store.usage.entries, "seed \(seed)")
    #expect(store.usage.bytes <= 60_000, "seed \(seed)")
    #expect(store.usage.evicted > 100, "seed \(seed)")
  }

  @Test("every text counts, also where notes and slots have the same names", arguments: StoreFactory.all)
  func textsCount(factory: StoreFactory) throws {
    func bytes(_ change: (inout CallRecord) -> Void) throws -> Int {
      let store = try factory.store()
      var call = SampleCall.named("1")
      change(&call.record)
      try store.append(call)
      return store.usage.bytes
    }
    let text = String(repeating: "é", count: 5000)
    let plain = try bytes { _ in }
    let changed = [
      try bytes { $0.slots = ["a": text] }, try bytes { $0.metadata = ["a": text] },
      try bytes { $0.timeline = [TimelineEntry(at: .zero, kind: .stateEntered, detail: text)] },
      try bytes {
        $0.transcript = [
          TranscriptEntry(turn: TurnID(1), role: .caller, text: text, at: .zero, source: .text, playedText: "")
        ]
      },
    ]
    for size in changed { #expect(size >= plain + 10_000) }
    let both = try bytes {
      $0.slots = ["a": text]
      $0.metadata = ["a": text]
    }
    #expect(both >= plain + 20_000)
  }

  @Test("eight threads write and read at once, and the figures add up", arguments: StoreFactory.all)
  func threads(factory: StoreFactory) throws {
    let store = try factory.store(entriesMax: 500)
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      do {
        for index in 0..<100 {
          let id = "\(thread)-\(index)"
          try store.append(SampleCall.named(id, flow: "\(thread)"))
          let own = try store.ids(CallFilter(flow: "\(thread)"), limit: 1)
          // Seven others may not push it out so soon: there is room for 500.
          #expect(own == [id])
          #expect(try store.call(id: id)?.record.id == id)
          #expect(try store.pages(limit: 50).flatMap { $0 }.count <= 800)
        }
      } catch {
        Issue.record(error)
      }
    }
    let ids = try store.pages(limit: 200).flatMap { $0 }
    #expect(ids.count == 500)
    #expect(Set(ids).count == 500)
    #expect(store.usage.entries == 500)
    #expect(store.usage.evicted == 300)
    for thread in 0..<8 {
      let own = ids.filter { $0.hasPrefix("\(thread)-") }
      #expect(own == own.sorted { Int($0.dropFirst(2)) ?? 0 > Int($1.dropFirst(2)) ?? 0 })
    }
  }
}
