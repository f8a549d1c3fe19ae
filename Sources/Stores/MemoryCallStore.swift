public import CallCore
public import CallDriver

/// The history in memory, bounded by entries and by bytes: the oldest calls make room, and are counted.
public final class MemoryCallStore: CallStore {
  private struct Entry {
    var call: StoredCall
    var bytes: Int
    /// Counts calls up; the cursor of a page.
    var number: Int
  }

  private struct State {
    /// Oldest first.
    var entries: [Entry] = []
    var byID: [String: Int] = [:]
    var lastNumber = 0
    var usage = StoreUsage()
  }

  private let entriesMax: Int
  private let bytesMax: Int
  private let state = Guarded(State())

  /// - Parameters:
  ///   - entriesMax: calls kept, 1 and up.
  ///   - bytesMax: bytes kept, recordings included: 256 MB is some 6 hours of calls in Opus.
  public init(entriesMax: Int = 1000, bytesMax: Int = 256_000_000) {
    self.entriesMax = entriesMax
    self.bytesMax = bytesMax
  }

  /// Keeps a call; see `CallStore`.
  public func append(_ call: StoredCall) throws(StoreError) {
    state.with { state in
      var call = call
      var bytes = Self.bytes(of: call)
      if bytes > bytesMax, call.recording != nil {
        call.recording = nil
        bytes = Self.bytes(of: call)
        state.usage.recordingsDropped += 1
      }
      state.lastNumber += 1
      state.entries.append(Entry(call: call, bytes: bytes, number: state.lastNumber))
      state.byID[call.record.id] = state.lastNumber
      state.usage.bytes += bytes
      makeRoom(in: &state)
      state.usage.entries = state.entries.count
    }
  }

  /// One page; see `CallStore`.
  public func calls(
    matching filter: CallFilter, limit: Int, after cursor: String?
  ) throws(StoreError) -> CallPage {
    try state.with { state throws(StoreError) in
      let before = try Self.number(of: cursor, last: state.lastNumber)
      var calls: [CallSummary] = []
      var last = 0
      for entry in state.entries.reversed() where entry.number < before && Self.matches(entry.call.record, filter) {
        if calls.count == limit { return CallPage(calls: calls, nextCursor: "\(last)") }
        calls.append(CallSummary(of: entry.call.record, hasRecording: entry.call.recording != nil))
        last = entry.number
      }
      return CallPage(calls: calls, nextCursor: nil)
    }
  }

  /// One call; see `CallStore`.
  public func call(id: String) throws(StoreError) -> StoredCall? {
    state.with { state in
      guard let number = state.byID[id], let first = state.entries.first?.number else { return nil }
      return state.entries[number - first].call
    }
  }

  /// How full the store is.
  public var usage: StoreUsage { state.with { $0.usage } }

  private func makeRoom(in state: inout State) {
    var count = 0
    while state.entries.count - count > entriesMax || (state.usage.bytes > bytesMax && state.entries.count - count > 1) {
      let oldest = state.entries[count]
      state.usage.bytes -= oldest.bytes
      if state.byID[oldest.call.record.id] == oldest.number { state.byID[oldest.call.record.id] = nil }
      count += 1
    }
    state.entries.removeFirst(count)
    state.usage.evicted += count
  }

  /// What a call takes, by estimate: 200 bytes for each entry beside its texts, and the recording's packets.
  private static func bytes(of call: StoredCall) -> Int {
    let record = call.record
    let texts = record.transcript.reduce(0) { $0 + $1.text.utf8.count + $1.heardText.utf8.count + 200 }
    let events = record.timeline.reduce(0) { $0 + $1.detail.utf8.count + 100 }
    let notes = (record.slots.merging(record.metadata) { $1 }).reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
    return 1000 + texts + events + notes + record.turnLatencies.count * 56 + (call.recording?.byteCount ?? 0)
  }

  private static func matches(_ record: CallRecord, _ filter: CallFilter) -> Bool {
    (filter.flow ?? record.flow) == record.flow && (filter.outcome ?? record.outcome) == record.outcome
      && (filter.reason == nil || filter.reason == record.reason)
  }

  private static func number(of cursor: String?, last: Int) throws(StoreError) -> Int {
    guard let cursor else { return .max }
    guard let number = Int(cursor), (1...max(last, 1)).contains(number), last > 0 else { throw .badCursor(cursor) }
    return number
  }
}
