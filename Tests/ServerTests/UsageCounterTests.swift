import TestSupport
import CallCore
import CallDriver
import CallServer
import Logging
import Stores
import Testing

extension ServerTests {
  @Suite("The counter of usage")
  struct UsageCounterTests {
    /// A store that can be told to fail.
    private final class ShakyStore: UsageStore {
      let inner = MemoryUsageStore()
      let isAway = Probe(false)
      let puts = Probe(0)

      func save(_ entries: [UsageEntry], of node: String) throws(StoreError) {
        if isAway.current { throw .unavailable("away") }
        puts.change { $0 += 1 }
        try inner.save(entries, of: node)
      }

      func entries(of days: ClosedRange<Int>) throws(StoreError) -> [UsageEntry] { try inner.entries(of: days) }
      func shares(limit: Int) throws(StoreError) -> [UsageShare] { try inner.shares(limit: limit) }
      var usage: StoreUsage { inner.usage }
    }

    private let store = ShakyStore()
    private let day = Probe(100)
    private let book: UsageCounter

    init() {
      let day = day
      book = UsageCounter(store: store, node: "one", log: Logger(label: "test")) { day.current }
    }

    private static func turns(_ count: Int) -> UsageCounts {
      var counts = UsageCounts()
      counts.turns = count
      return counts
    }

    @Test("counts by key and day, over midnight")
    func days() throws {
      book.add(Self.turns(1), key: "a")
      book.add(Self.turns(2), key: nil)
      day.change { $0 = 101 }
      book.add(Self.turns(4), key: "a")
      let entries = try book.entries(of: 100...101)
      #expect(entries.map(\.day) == [100, 100, 101])
      #expect(entries.map(\.key) == [nil, "a", "a"])
      #expect(entries.map(\.counts.turns) == [2, 1, 4])
      #expect(book.totals.map(\.key) == [nil, "a"])
      #expect(book.totals.map(\.counts.turns) == [2, 5])
    }

    @Test("what cannot be written stays, and is written once when the store is back")
    func away() throws {
      book.add(Self.turns(1), key: "a")
      try book.write()
      store.isAway.change { $0 = true }
      book.add(Self.turns(2), key: "a")
      #expect(throws: StoreError.unavailable("away")) { try book.write() }
      day.change { $0 = 101 }
      book.add(Self.turns(4), key: "a")
      #expect(throws: StoreError.unavailable("away")) { try book.entries(of: 100...101) }
      store.isAway.change { $0 = false }
      for _ in 0..<3 { #expect(try book.entries(of: 100...101).map(\.counts.turns) == [3, 4]) }
      #expect(store.puts.current == 2)
    }

    @Test("however many keys are used, what is told of them and what waits is bounded, and the sums are right")
    func bounds() throws {
      store.isAway.change { $0 = true }
      let count = UsageCounter.slotsMax + 500
      for number in 0..<count { book.add(Self.turns(1), key: "key \(number)") }
      #expect(book.totals.count == UsageCounter.totalsMax + 1)
      #expect(book.totals.map(\.counts.turns).reduce(0, +) == count)
      store.isAway.change { $0 = false }
      let entries = try book.entries(of: 100...100)
      #expect(entries.count <= UsageCounter.slotsMax + 1)
      #expect(entries.map(\.counts.turns).reduce(0, +) == count)
      #expect(entries.first { $0.key == UsageCounter.overflowKey }?.counts.turns == 500)
    }

    @Test("nothing new is not written")
    func nothingNew() throws {
      try book.write()
      #expect(store.puts.current == 0)
      book.addRefusal(key: nil)
      #expect(try book.entries(of: 100...100).map(\.counts.refusedCalls) == [1])
      try book.write()
      #expect(store.puts.current == 1)
    }
  }
}
