import Threads

/// How much of a core the calling thread used between two questions.
struct CPUShare {
  private var wall = MonotonicClock.now()
  private var cpu = MonotonicClock.threadCPU()

  /// - Returns: 0 … 1,000 thousandths since the last question.
  mutating func permille(at now: UInt64) -> Int {
    let used = MonotonicClock.threadCPU()
    let (elapsed, busy) = (now &- wall, used &- cpu)
    (wall, cpu) = (now, used)
    return elapsed == 0 ? 0 : Int(min(1_000, busy * 1_000 / elapsed))
  }
}
