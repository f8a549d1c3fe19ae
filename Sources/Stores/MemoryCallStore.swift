public import CallCore
public import CallDriver
import Threads

/// The history in memory, bounded by entries and by bytes: the oldest calls make room, and are counted.
public final class MemoryCallStore: CallStore {
  private struct Entry {
    var call: StoredCall
    var bytes: Int
  }

  private struct State {
    /// By number; the numbers follow one another without a gap, so the oldest is found and taken out at no cost, however many
    /// there are.
    var entries: [Int: Entry] = [:]
    /// Counts calls up; the cursor of a page.
    var lastNumber = 0
    var numbers: [String: Int] = [:]
    var usage = StoreUsage()

    var oldestNumber: Int { lastNumber - entries.count + 1 }
  }

  private let entriesMax: Int
  private let bytesMax: Int
  private let state = Locked(State())

  /// - Parameters:
  ///   - entriesMax: calls kept, 1 and up.
  ///   - bytesMax: bytes kept, recordings included: 256 MB is some 6 hours of calls in Opus.
  public init(entriesMax: Int = 1000, bytesMax: Int = 256_000_000) {
    precondition(entriesMax > 0, "a store keeps at least one call")
    self.entriesMax = entriesMax
    self.bytesMax = bytesMax
  }

  /// Keeps a call; see `CallStore`.
  public func append(_ call: StoredCall) throws(StoreError) {
    var entry = Entry(call: call, bytes: call.estimatedBytes)
    let isTooLarge = entry.bytes > bytesMax && call.recording != nil
    if isTooLarge {
      entry.call.recording = nil
      entry.bytes = entry.call.estimatedBytes
    }
    state.withLock { state in
      if isTooLarge { state.usage.recordingsDropped += 1 }
      put(entry, in: &state)
      makeRoom(in: &state)
      state.usage.entries = state.entries.count
    }
  }

  /// One page; see `CallStore`.
  public func calls(
    matching filter: CallFilter, limit: Int, after cursor: String?
  ) throws(StoreError) -> CallPage {
    try state.withLock { state throws(StoreError) in
      let before = try Self.number(of: cursor, last: state.lastNumber)
      var calls: [CallSummary] = []
      var last = 0
      for number in stride(from: min(before - 1, state.lastNumber), through: state.oldestNumber, by: -1) {
        guard let call = state.entries[number]?.call, Self.matches(call.record, filter) else { continue }
        if calls.count == limit { return CallPage(calls: calls, nextCursor: "\(last)") }
        calls.append(CallSummary(of: call.record, hasRecording: call.recording != nil))
        last = number
      }
      return CallPage(calls: calls, nextCursor: nil)
    }
  }

  /// One call; see `CallStore`.
  public func call(id: String) throws(StoreError) -> StoredCall? {
    state.withLock { state in state.numbers[id].flatMap { state.entries[$0]?.call } }
  }

  /// How full the store is.
  public var usage: StoreUsage { state.withLock { $0.usage } }

  private func put(_ entry: Entry, in state: inout State) {
    let id = entry.call.record.id
    if let number = state.numbers[id], let old = state.entries.updateValue(entry, forKey: number) {
      state.usage.bytes += entry.bytes - old.bytes
      return
    }
    state.lastNumber += 1
    state.entries[state.lastNumber] = entry
    state.numbers[id] = state.lastNumber
    state.usage.bytes += entry.bytes
  }

  private func makeRoom(in state: inout State) {
    while state.entries.count > entriesMax || (state.usage.bytes > bytesMax && state.entries.count > 1) {
      guard let oldest = state.entries.removeValue(forKey: state.oldestNumber) else { return }
      state.numbers[oldest.call.record.id] = nil
      state.usage.bytes -= oldest.bytes
      state.usage.evicted += 1
    }
  }

  private static func matches(_ record: CallRecord, _ filter: CallFilter) -> Bool {
    (filter.flow ?? record.flow) == record.flow && (filter.outcome ?? record.outcome) == record.outcome
      && (filter.reason == nil || filter.reason == record.reason)
  }

  /// The number of the call that ended the last page; `.max` for the first.
  private static func number(of cursor: String?, last: Int) throws(StoreError) -> Int {
    guard let cursor else { return .max }
    guard let number = Int(cursor), "\(number)" == cursor, number > 0, number <= last else { throw .badCursor(cursor) }
    return number
  }
}
