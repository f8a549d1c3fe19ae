import Glibc

/// What the operating system says about this process.
struct ProcessFigures {
  /// CPU time of all threads since the start, user and system.
  let cpuSeconds: Double
  /// Resident set, bytes; 0 where `/proc` is not mounted.
  let residentBytes: Int

  /// Asks now: two system calls and a small file.
  static func now() -> ProcessFigures {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    let seconds = Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000
    return ProcessFigures(cpuSeconds: seconds, residentBytes: residentPages() * Int(getpagesize()))
  }

  /// The second number in `/proc/self/statm` (proc(5)).
  private static func residentPages() -> Int {
    let file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return 0 }
    defer { close(file) }
    return withUnsafeTemporaryAllocation(byteCount: 256, alignment: 1) { buffer in
      let count = read(file, buffer.baseAddress, buffer.count)
      let words = buffer.prefix(max(count, 0)).split(separator: UInt8(ascii: " "))
      return words.count > 1 ? Int(String(decoding: words[1], as: UTF8.self)) ?? 0 : 0
    }
  }
}
