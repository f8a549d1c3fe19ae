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

/// How this process keeps and returns memory, where the C library is glibc; nothing happens elsewhere.
///
/// glibc gives threads heaps of their own, up to eight for each core, and what recognition and synthesis leave free in one is of no
/// use to another. Fixed limits above which blocks go back to the system at once would save more, but cost the engines 10 % of
/// their time in page faults (measured).
enum ProcessMemory {
  /// Heaps of all threads together. A frame takes no memory from them, so nobody on the media path waits for their locks.
  private static let heapsMax: Int32 = 2

  /// Of `malloc.h`, which Swift's module of the C library leaves out.
  private static let arenaMax: Int32 = -8

  /// Sets the above. To be called before there are many threads; again does nothing.
  static func limitOnce() { _ = limited }

  /// Returns what is free to the system. Takes every heap's lock in turn for some milliseconds, so not while there are calls.
  static func releaseFreeMemory() {
    guard let found = dlsym(nil, "malloc_trim") else { return }
    _ = unsafeBitCast(found, to: (@convention(c) (Int) -> Int32).self)(0)
  }

  private static let limited: Void = {
    guard let found = dlsym(nil, "mallopt") else { return }
    _ = unsafeBitCast(found, to: (@convention(c) (Int32, Int32) -> Int32).self)(arenaMax, heapsMax)
  }()
}
