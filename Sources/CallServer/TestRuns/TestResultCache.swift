import CallDriver
import Simulation
import Threads

/// The newest results with their tracks, for reports, bounded by entries and by bytes.
final class TestResultCache: Sendable {
  private struct Entry {
    let id: String
    let run: SimulationRun
    let bytes: Int
  }

  private let entriesMax: Int
  private let bytesMax: Int
  /// Oldest first.
  private let entries = Locked<[Entry]>([])

  /// - Parameters:
  ///   - entriesMax: results kept, 1 and up.
  ///   - bytesMax: bytes of all tracks. Those of a result that is larger than all of it are dropped.
  init(entriesMax: Int, bytesMax: Int) {
    self.entriesMax = entriesMax
    self.bytesMax = bytesMax
  }

  func keep(_ run: SimulationRun, id: String) {
    var run = run
    var bytes = Self.bytes(of: run)
    if bytes > bytesMax {
      for index in run.results.indices { run.results[index].evidence.tracks = nil }
      bytes = 0
    }
    let entry = Entry(id: id, run: run, bytes: bytes)
    entries.withLock { entries in
      entries.append(entry)
      var sum = entries.reduce(0) { $0 + $1.bytes }
      while entries.count > entriesMax || sum > bytesMax { sum -= entries.removeFirst().bytes }
    }
  }

  /// The result of the run `id`; `nil` when it had to make room.
  subscript(id: String) -> SimulationRun? {
    entries.withLock { entries in entries.last { $0.id == id }?.run }
  }

  private static func bytes(of run: SimulationRun) -> Int {
    run.results.reduce(0) { sum, result in
      guard let tracks = result.evidence.tracks else { return sum }
      return sum + 2 * (tracks.voice.count + tracks.microphone.count + tracks.agent.count)
    }
  }
}
