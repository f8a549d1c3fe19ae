package import CallCore
package import CallDriver
import FoundationEssentials
package import Logging
import Threads

/// Counts what this server's calls and requests use, by key and day, and writes it into the store. Counting is quick, and done a few
/// times a call; the store is asked on threads that may block only.
package final class UsageCounter: Sendable {
  private struct Slot: Hashable {
    var day: Int
    var key: String?
  }

  private struct State {
    /// This server's figures of each day; a day that is over is dropped when it was written.
    var days: [Slot: UsageCounts] = [:]
    var unwritten: Set<Slot> = []
    /// Since the start, by key, for `/metrics`; at most `totalsMax` keys, and `overflowKey`.
    var totals: [String?: UsageCounts] = [:]
    var lastWrite = Timestamp.zero
  }

  /// Keys whose figures are told apart in `/metrics`: the first ones that were used. Others are summed up as `overflowKey`.
  package static let totalsMax = 200
  /// Days × keys that are told apart until they are written, as while a database is away: some 200 bytes each. Others are summed up
  /// as `overflowKey`.
  package static let slotsMax = 10_000
  /// Stands for all keys beyond the limits. No key has this id.
  package static let overflowKey = "other"

  /// How often the store is told.
  static let writeInterval = CallDuration.seconds(10)

  private let store: any UsageStore
  private let node: String
  private let today: @Sendable () -> Int
  private let log: Logger
  private let state = Locked(State())
  /// One write after another, so that an older figure never takes the place of a newer one.
  private let writing = Locked(())

  /// - Parameters:
  ///   - node: names this server while it runs.
  ///   - today: the day that is counted on, since 1970 UTC.
  package init(
    store: any UsageStore, node: String = UUID().uuidString.lowercased(), log: Logger,
    today: @escaping @Sendable () -> Int = { Int(nearest: (Date().timeIntervalSince1970 / 86_400).rounded(.down)) }
  ) {
    self.store = store
    self.node = node
    self.today = today
    self.log = log
  }

  /// Counts what a key used.
  /// - Parameter key: its id; `nil` where none was needed, or none was looked at.
  package func add(_ counts: UsageCounts, key: String?) {
    let day = today()
    state.withLock { state in
      var slot = Slot(day: day, key: key)
      if state.days[slot] == nil, state.days.count >= Self.slotsMax { slot.key = Self.overflowKey }
      let isTold = state.totals[key] != nil || state.totals.count < Self.totalsMax
      state.days[slot, default: UsageCounts()] += counts
      state.totals[isTold ? key : Self.overflowKey, default: UsageCounts()] += counts
      state.unwritten.insert(slot)
    }
  }

  /// Counts a call that was not taken.
  package func addRefusal(key: String?) {
    var counts = UsageCounts()
    counts.refusedCalls = 1
    add(counts, key: key)
  }

  /// What each key used since the start; those without a key first.
  package var totals: [(key: String?, counts: UsageCounts)] {
    state.withLock { state in state.totals.map { (key: $0, counts: $1) } }.sorted { ($0.key ?? "") < ($1.key ?? "") }
  }

  /// Writes what is new when it is time to. Called often, by the control loop; one of `duties` does the work.
  func writeWhenDue(at now: Timestamp, on duties: BlockingPool) {
    let isDue = state.withLock { state in
      guard !state.unwritten.isEmpty, now - state.lastWrite >= Self.writeInterval else { return false }
      state.lastWrite = now
      return true
    }
    // Should no place be free, it is done ten seconds later.
    guard isDue else { return }
    _ = duties.submit(.soon) { [self] in
      do throws(StoreError) { try write() } catch { log.error("usage is written later: \(error)") }
    }
  }

  /// Writes what is new. What cannot be written stays and is written with what comes.
  package func write() throws(StoreError) {
    try writing.withLock { _ throws(StoreError) in
      let new = state.withLock { state in
        let slots = state.unwritten
        state.unwritten = []
        return slots.map { UsageEntry(day: $0.day, key: $0.key, counts: state.days[$0] ?? UsageCounts()) }
      }
      guard !new.isEmpty else { return }
      do throws(StoreError) {
        try store.save(new, of: node)
      } catch {
        state.withLock { $0.unwritten.formUnion(new.map { Slot(day: $0.day, key: $0.key) }) }
        throw error
      }
      let day = today()
      state.withLock { state in
        state.days = state.days.filter { $0.key.day >= day || state.unwritten.contains($0.key) }
      }
    }
  }

  /// What all servers on the store counted, this one's newest figures included.
  /// - Parameter days: since 1970 UTC.
  package func entries(of days: ClosedRange<Int>) throws(StoreError) -> [UsageEntry] {
    try write()
    return try store.entries(of: days)
  }

  /// Tokens that a key used on the present day, at all servers on the store. What others counted in the last seconds may be missing.
  func tokensOfToday(key: String) throws(StoreError) -> Int {
    let day = today()
    let all = try entries(of: day...day).first { $0.key == key }?.counts.tokens ?? 0
    // A database has not written yet what was just handed to it.
    return max(all, state.withLock { $0.days[Slot(day: day, key: key)]?.tokens ?? 0 })
  }

  /// What each server on the store counted, this one's newest figures included; see `UsageStore.shares`.
  package func shares(limit: Int) throws(StoreError) -> [UsageShare] {
    try write()
    return try store.shares(limit: limit)
  }

  /// The day that is counted on.
  var day: Int { today() }
}

/// Counts what one request or connection uses for its key.
struct UsageMeter: Sendable {
  let counter: UsageCounter
  /// Id of the key that it came with; `nil` where there are none.
  let key: String?

  func add(_ counts: UsageCounts) { counter.add(counts, key: key) }

  /// Sound whose words were recognised.
  func add(recognized time: CallDuration) {
    var counts = UsageCounts()
    counts.recognizedTime = time
    add(counts)
  }

  /// A question to the language model.
  func add(asked cost: ModelUsage) {
    var counts = UsageCounts()
    counts.modelRequests = 1
    counts.promptTokens = cost.promptTokens
    counts.answerTokens = cost.answerTokens
    add(counts)
  }

  /// A text that was spoken.
  /// - Parameter characters: as it was written.
  func add(synthesized characters: Int, _ time: CallDuration) {
    var counts = UsageCounts()
    counts.synthesizedCharacters = characters
    counts.synthesizedTime = time
    add(counts)
  }
}
