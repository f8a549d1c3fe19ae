import CallCore

/// What a server has used, at a moment.
public struct ServerReading: Sendable, Equatable {
  /// When it was read, in microseconds of `MonotonicClock`.
  public var at: UInt64
  /// CPU time since its start, in seconds, all threads together; `nil` where it does not tell.
  public var cpuSeconds: Double?
  /// Resident bytes; `nil` where it does not tell.
  public var residentBytes: Int?

  /// Reads the text of a `/metrics` page: `process_cpu_seconds_total` and `process_resident_memory_bytes`, the names that Prometheus' own
  /// clients use.
  public init(metrics: String, at now: UInt64) {
    at = now
    for line in metrics.split(separator: "\n") where line.hasPrefix("process_") {
      let words = line.split(separator: " ")
      guard words.count >= 2, let value = Double(words[1]), value.isFinite, value >= 0, value < 1e15 else { continue }
      switch words[0] {
      case "process_cpu_seconds_total": cpuSeconds = value
      case "process_resident_memory_bytes": residentBytes = Int(nearest: value)
      default: break
      }
    }
  }

  /// Reads the text of `/proc/PID/stat` (proc(5)): fields 14, 15 and 24.
  /// - Parameters:
  ///   - ticksPerSecond: of its CPU times, `sysconf(_SC_CLK_TCK)`.
  ///   - pageBytes: bytes of a page of memory.
  public init(processStatus: String, ticksPerSecond: Int, pageBytes: Int, at now: UInt64) {
    at = now
    // The second field, the program's name, may hold anything, a closing parenthesis among it.
    guard let name = processStatus.lastIndex(of: ")") else { return }
    let fields = processStatus[name...].dropFirst().split(separator: " ")
    guard fields.count > 21, let user = Double(fields[11]), let system = Double(fields[12]), let pages = Int(fields[21])
    else { return }
    cpuSeconds = (user + system) / Double(ticksPerSecond)
    residentBytes = pages * pageBytes
  }

  /// Cores that were used in the mean since an earlier reading; `nil` where that is not known, or the server was started anew.
  public func cores(since earlier: ServerReading?) -> Double? {
    guard let earlier, let before = earlier.cpuSeconds, let now = cpuSeconds, at > earlier.at, now >= before else {
      return nil
    }
    return (now - before) * 1_000_000 / Double(at - earlier.at)
  }
}
