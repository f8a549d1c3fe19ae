import TestSupport
import CallCore
import CallDriver
import Stores

/// A store of runs in memory that remembers how far each run was whenever it was kept.
final class CountedRuns: TestRunStore {
  let turnsDone = Probe<[Int]>([])
  private let real = MemoryTestRunStore()

  func save(_ run: TestRun) throws(StoreError) {
    turnsDone.change { $0.append(run.turnsDone) }
    try real.save(run)
  }

  func runs(limit: Int) throws(StoreError) -> [TestRun] { try real.runs(limit: limit) }
  func runIDs() throws(StoreError) -> [String] { try real.runIDs() }
  func run(id: String) throws(StoreError) -> TestRun? { try real.run(id: id) }
  var usage: StoreUsage { real.usage }
}
