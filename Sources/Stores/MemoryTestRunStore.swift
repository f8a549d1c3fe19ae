import Bounds
package import CallCore
package import CallDriver
import Threads

/// The runs of test cases in memory, bounded by entries and by bytes: the oldest runs make room, and are counted.
package final class MemoryTestRunStore: TestRunStore {
  private let store: Locked<BoundedStore<String, TestRun>>

  /// - Parameters:
  ///   - entriesMax: runs kept, 1 and up.
  ///   - bytesMax: bytes kept: a run of six turns takes some 10 KB, so 32 MB hold three times the default of `entriesMax`. A run
  ///     that is larger than all of it is kept alone.
  package init(entriesMax: Int = 1000, bytesMax: Int = 32_000_000) {
    store = Locked(BoundedStore(entriesMax: entriesMax, bytesMax: bytesMax))
  }

  package func save(_ run: TestRun) throws(StoreError) {
    store.withLock { $0.put(run, for: run.id, bytes: run.estimatedBytes) }
  }

  package func runs(limit: Int) throws(StoreError) -> [TestRun] {
    store.withLock { store in
      store.newestFirst.prefix(limit).map { _, run in
        var run = run
        run.transcript = []
        return run
      }
    }
  }

  package func run(id: String) throws(StoreError) -> TestRun? { store.withLock { $0[id] } }

  package func runIDs() throws(StoreError) -> [String] { store.withLock { $0.oldestFirst.map(\.id) } }

  /// How full the store is.
  package var usage: StoreUsage { store.withLock { StoreUsage(of: $0) } }
}

extension TestRun {
  /// What a run takes, by estimate: 200 bytes for each entry beside its texts.
  var estimatedBytes: Int {
    let lines = transcript.reduce(0) { $0 + $1.text.utf8.count + 200 }
    let notes = metadata.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 100 }
    var bytes = 1000 + lines + notes + [id, testID, provider].joined().utf8.count
    guard let evaluation else { return bytes }
    bytes += evaluation.summary.utf8.count + evaluation.failures.reduce(0) { $0 + $1.utf8.count + 200 }
    for step in evaluation.steps {
      let texts = [step.expectedInput, step.actualInput, step.reply, step.details] + step.keywords
      bytes += texts.reduce(400) { $0 + $1.utf8.count + 16 }
    }
    return bytes
  }
}
