import Bounds
package import CallCore
package import CallDriver
import Threads

/// The history in memory, bounded by entries and by bytes: the oldest calls make room, and are counted.
package final class MemoryCallStore: CallStore {
  private struct State {
    /// Its numbers are the cursors of pages.
    var calls: BoundedStore<String, StoredCall>
    var recordingsDropped = 0
  }

  private let state: Locked<State>

  /// - Parameters:
  ///   - entriesMax: calls kept, 1 and up.
  ///   - bytesMax: bytes kept, recordings included: 256 MB is some 6 hours of calls in Opus.
  package init(entriesMax: Int = 1000, bytesMax: Int = 256_000_000) {
    state = Locked(State(calls: BoundedStore(entriesMax: entriesMax, bytesMax: bytesMax)))
  }

  package func append(_ call: StoredCall) throws(StoreError) {
    var call = call
    state.withLock { state in
      if call.recording != nil, call.estimatedBytes > state.calls.bytesMax {
        call.recording = nil
        state.recordingsDropped += 1
      }
      state.calls.put(call, for: call.record.id, bytes: call.estimatedBytes)
    }
  }

  package func calls(
    matching filter: CallFilter, limit: Int, after cursor: String?
  ) throws(StoreError) -> CallPage {
    try state.withLock { state throws(StoreError) in
      let before = try Self.number(of: cursor, last: state.calls.lastNumber)
      var calls: [CallSummary] = []
      var last = 0
      for (number, call) in state.calls.newestFirst where number < before {
        guard Self.matches(call.record, filter) else { continue }
        if calls.count == limit { return CallPage(calls: calls, nextCursor: "\(last)") }
        calls.append(CallSummary(of: call.record, hasRecording: call.recording != nil))
        last = number
      }
      return CallPage(calls: calls, nextCursor: nil)
    }
  }

  package func call(id: String) throws(StoreError) -> StoredCall? { state.withLock { $0.calls[id] } }

  package func removeAll(about number: String) throws(StoreError) -> [String] {
    state.withLock { state in
      let ids = state.calls.oldestFirst.map(\.record).filter { record in
        record.metadata["from"] == number || record.metadata["to"] == number
      }.map(\.id)
      for id in ids { state.calls.remove(id) }
      return ids
    }
  }

  /// How full the store is.
  package var usage: StoreUsage {
    state.withLock { state in
      var usage = StoreUsage(of: state.calls)
      usage.recordingsDropped = state.recordingsDropped
      return usage
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

extension StoredCall {
  /// What a call takes, by estimate: 200 bytes for each entry beside its texts, and the recording's packets.
  var estimatedBytes: Int {
    let texts = record.transcript.reduce(0) { $0 + $1.text.utf8.count + $1.playedText.utf8.count + 200 }
    let events = record.timeline.reduce(0) { $0 + $1.detail.utf8.count + 100 }
    let notes = [record.slots, record.metadata].joined()
      .reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 100 }
    return 1000 + texts + events + notes + record.turnLatencies.count * 56 + (recording?.byteCount ?? 0)
  }
}

extension StoreUsage {
  init(of store: BoundedStore<String, some Any>) {
    self.init(entries: store.count, bytes: store.bytes, evicted: store.evicted)
  }
}
