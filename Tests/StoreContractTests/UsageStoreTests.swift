import CallCore
import CallDriver
import Stores
import Testing

@Suite("A store of usage")
struct UsageStoreTests {
  /// Figures that all differ, so that none can be taken for another.
  private static func counts(_ factor: Int) -> UsageCounts {
    var counts = UsageCounts()
    counts.calls = factor
    counts.refusedCalls = 2 * factor
    counts.callTime = .microseconds(Int64(3_000_001 * factor))
    counts.turns = 4 * factor
    counts.recognizedTime = .microseconds(Int64(5_000_001 * factor))
    counts.synthesizedCharacters = 6 * factor
    counts.synthesizedTime = .microseconds(Int64(7_000_001 * factor))
    counts.cacheHits = 8 * factor
    counts.modelRequests = 9 * factor
    counts.promptTokens = 10 * factor
    counts.answerTokens = 11 * factor
    return counts
  }

  @Test("figures come back by day and key, exactly", arguments: UsageStoreFactory.all)
  func roundTrip(factory: UsageStoreFactory) throws {
    let store = try factory.store()
    #expect(try store.entries(of: 0...100_000).isEmpty)
    let nasty = "'; DROP TABLE usage; --"
    let entries = [
      UsageEntry(day: 20_000, key: nil, counts: Self.counts(1)),
      UsageEntry(day: 20_000, key: nasty, counts: Self.counts(2)),
      UsageEntry(day: 20_001, key: "a", counts: Self.counts(3)),
    ]
    try store.save(entries.reversed(), of: "one")
    #expect(try store.entries(of: 20_000...20_001) == entries)
    #expect(try store.entries(of: 20_001...20_001) == [entries[2]])
    #expect(try store.entries(of: 20_002...30_000).isEmpty)
    #expect(store.usage.entries == 3)
  }

  @Test("what a node puts again takes the place of what it had put; nodes add up", arguments: UsageStoreFactory.all)
  func nodes(factory: UsageStoreFactory) throws {
    let store = try factory.store()
    for factor in [1, 2, 5, 5] {
      try store.save([UsageEntry(day: 9, key: "a", counts: Self.counts(factor))], of: "one")
    }
    try store.save([UsageEntry(day: 9, key: "a", counts: Self.counts(10))], of: "two")
    try store.save([UsageEntry(day: 9, key: nil, counts: Self.counts(1))], of: "two")
    let expected = [
      UsageEntry(day: 9, key: nil, counts: Self.counts(1)), UsageEntry(day: 9, key: "a", counts: Self.counts(15)),
    ]
    #expect(try store.entries(of: 9...9) == expected)
    let shares = [("two", expected[0]), ("one", UsageEntry(day: 9, key: "a", counts: Self.counts(5)))].map {
      UsageShare(node: $0, entry: $1)
    }
    let last = UsageShare(node: "two", entry: UsageEntry(day: 9, key: "a", counts: Self.counts(10)))
    #expect(try store.shares(limit: 10) == shares + [last])
    #expect(try store.shares(limit: 1) == [last])
    #expect(store.usage.entries == 3)
  }

  @Test("the oldest days make room for the newest figures", arguments: UsageStoreFactory.all)
  func bounds(factory: UsageStoreFactory) throws {
    let store = try factory.store(entriesMax: 4)
    for day in 1...5 {
      try store.save(["a", "b"].map { UsageEntry(day: day, key: $0, counts: Self.counts(day)) }, of: "one")
    }
    #expect(try store.entries(of: 1...9).map(\.day) == [4, 4, 5, 5])
    #expect(store.usage.entries == 4 && store.usage.evicted == 6)
  }
}
