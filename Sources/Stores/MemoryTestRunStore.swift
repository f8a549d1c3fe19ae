public import CallCore
public import CallDriver
import Threads

/// The runs of test cases in memory, bounded by entries and by bytes: the oldest runs make room, and are counted.
public final class MemoryTestRunStore: TestRunStore {
  private struct Entry {
    var run: TestRun
    var bytes: Int
  }

  private struct State {
    /// By number; the numbers follow one another without a gap, so the oldest is found at no cost.
    var entries: [Int: Entry] = [:]
    var lastNumber = 0
    var numbers: [String: Int] = [:]
    var usage = StoreUsage()

    var oldestNumber: Int { lastNumber - entries.count + 1 }
  }

  private let entriesMax: Int
  private let bytesMax: Int
  private let state = Locked(State())

  /// - Parameters:
  ///   - entriesMax: runs kept, 1 and up.
  ///   - bytesMax: bytes kept: a run of six turns takes some 10 KB, so 32 MB hold three times the default of `entriesMax`. A run
  ///     that is larger than all of it is kept alone.
  public init(entriesMax: Int = 1000, bytesMax: Int = 32_000_000) {
    precondition(entriesMax > 0, "a store keeps at least one run")
    self.entriesMax = entriesMax
    self.bytesMax = bytesMax
  }

  /// Keeps a run; see `TestRunStore`.
  public func keep(_ run: TestRun) throws(StoreError) {
    let entry = Entry(run: run, bytes: run.estimatedBytes)
    state.withLock { state in
      put(entry, in: &state)
      makeRoom(in: &state)
      state.usage.entries = state.entries.count
    }
  }

  /// The newest runs; see `TestRunStore`.
  public func runs(limit: Int) throws(StoreError) -> [TestRun] {
    state.withLock { state in
      let numbers = stride(from: state.lastNumber, through: state.oldestNumber, by: -1).prefix(limit)
      return numbers.compactMap { number in
        var run = state.entries[number]?.run
        run?.transcript = []
        return run
      }
    }
  }

  /// One run; see `TestRunStore`.
  public func run(id: String) throws(StoreError) -> TestRun? {
    state.withLock { state in state.numbers[id].flatMap { state.entries[$0]?.run } }
  }

  /// All ids; see `TestRunStore`.
  public func runIDs() throws(StoreError) -> [String] {
    state.withLock { state in
      stride(from: state.oldestNumber, through: state.lastNumber, by: 1).compactMap { state.entries[$0]?.run.id }
    }
  }

  /// How full the store is.
  public var usage: StoreUsage { state.withLock { $0.usage } }

  private func put(_ entry: Entry, in state: inout State) {
    if let number = state.numbers[entry.run.id], let old = state.entries.updateValue(entry, forKey: number) {
      state.usage.bytes += entry.bytes - old.bytes
      return
    }
    state.lastNumber += 1
    state.entries[state.lastNumber] = entry
    state.numbers[entry.run.id] = state.lastNumber
    state.usage.bytes += entry.bytes
  }

  private func makeRoom(in state: inout State) {
    while state.entries.count > entriesMax || (state.usage.bytes > bytesMax && state.entries.count > 1) {
      guard let oldest = state.entries.removeValue(forKey: state.oldestNumber) else { return }
      state.numbers[oldest.run.id] = nil
      state.usage.bytes -= oldest.bytes
      state.usage.evicted += 1
    }
  }
}
