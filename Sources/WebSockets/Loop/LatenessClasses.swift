import Synchronization

/// A small histogram of tick lateness: one atomic count for each class of `LoopLoad.latenessClassEnds`, then one more.
final class LatenessClasses: Sendable {
  private final class Cell: Sendable {
    let count = Atomic<Int>(0)
  }

  private let cells = (0...LoopLoad.latenessClassEnds.count).map { _ in Cell() }

  var counts: [Int] { cells.map { $0.count.load(ordering: .relaxed) } }

  func count(_ late: UInt64) {
    let index = LoopLoad.latenessClassEnds.firstIndex { late <= $0 } ?? LoopLoad.latenessClassEnds.count
    cells[index].count.add(1, ordering: .relaxed)
  }
}
