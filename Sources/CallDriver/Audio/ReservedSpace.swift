import Glibc

/// Address space for the most that may be needed, to which the system gives memory page by page as it is touched, and which goes
/// back to the system whole. It costs what was written into it; the heap is never asked and cannot be left with holes.
enum ReservedSpace {
  /// - Parameter count: bytes.
  /// - Returns: zeroed address space without memory behind it; empty when the system has none left.
  static func reserve(_ count: Int) -> UnsafeMutableRawBufferPointer {
    let none = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    guard count > 0 else { return none }
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    guard let start = mmap(nil, count, PROT_READ | PROT_WRITE, flags, -1, 0), start != MAP_FAILED else { return none }
    // A huge page would give each side of each call 2 MB at its first packet.
    madvise(start, count, MADV_NOHUGEPAGE)
    return UnsafeMutableRawBufferPointer(start: start, count: count)
  }

  static func release(_ space: UnsafeMutableRawBufferPointer) {
    if let start = space.baseAddress { munmap(start, space.count) }
  }
}
