import Glibc

/// How this process keeps and returns memory, where the C library is glibc; nothing happens elsewhere.
///
/// glibc gives each thread a heap of its own, eight for each core, and raises the size above which a block is returned to the
/// system at once whenever such a block is freed. Recognition and synthesis use megabytes for a moment on each thread, so that a
/// call seemed to cost twice its memory (measured: 205 KB instead of 108).
enum ProcessMemory {
  /// Heaps of all threads together. A frame takes no memory from them, so nobody on the media path waits for their locks.
  private static let heapsMax: Int32 = 2
  /// Larger blocks are the system's own again as soon as they are freed.
  private static let ownBlockBytesMin: Int32 = 256 << 10
  /// Free memory at the end of a heap that is kept.
  private static let spareBytesMax: Int32 = 1 << 20

  /// Of `malloc.h`, which Swift's module of the C library leaves out.
  private static let trimThreshold: Int32 = -1, mmapThreshold: Int32 = -3, arenaMax: Int32 = -8

  /// Sets the above. To be called before there are many threads; again does nothing.
  static func limitOnce() { _ = limited }

  /// Returns what is free to the system. Takes every heap's lock in turn for some milliseconds, so not while there are calls.
  static func giveBack() {
    guard let found = dlsym(nil, "malloc_trim") else { return }
    _ = unsafeBitCast(found, to: (@convention(c) (Int) -> Int32).self)(0)
  }

  private static let limited: Void = {
    guard let found = dlsym(nil, "mallopt") else { return }
    let set = unsafeBitCast(found, to: (@convention(c) (Int32, Int32) -> Int32).self)
    for (option, value) in [
      (arenaMax, heapsMax), (mmapThreshold, ownBlockBytesMin), (trimThreshold, spareBytesMax),
    ] { _ = set(option, value) }
  }()
}
