package import CallCore
import Glibc

/// One side of a call while it is being recorded. A packet allocates nothing.
///
/// Address space for the whole of `byteLimit` is reserved at the start (`ReservedSpace`): a call costs what was said in it. When the
/// system has none, every packet is dropped. Packets fill the space from its front, their places from its
/// back; the track is full where they meet. Confined to the call's loop.
package final class TrackRecorder {
  /// Where a packet begins, in 16 kHz samples since the start of the call, and where it ends in the space.
  private struct Place {
    var position: UInt32
    var end: UInt32
  }

  private let format: AudioFormat
  private var space: UnsafeMutableRawBufferPointer
  private var bytesUsed = 0
  /// Packets that are kept.
  package private(set) var packetCount = 0
  /// Packets that did not fit.
  package private(set) var dropped = 0

  /// - Parameters:
  ///   - format: of every packet.
  ///   - byteLimit: most bytes kept, 8 for each packet's place included; at most 4 GB.
  package init(format: AudioFormat, byteLimit: Int) {
    self.format = format
    space = ReservedSpace.reserve(byteLimit)
  }

  deinit { release() }

  /// Bytes that the track holds.
  package var byteCount: Int { bytesUsed + packetCount * MemoryLayout<Place>.stride }

  /// Adds a packet of 20 ms that begins at `position`, in 16 kHz samples since the start of the call, not before the last one.
  package func append(_ packet: UnsafeRawBufferPointer, at position: Int) {
    guard byteCount + packet.count + MemoryLayout<Place>.stride <= space.count else {
      dropped += 1
      return
    }
    UnsafeMutableRawBufferPointer(rebasing: space[bytesUsed..<(bytesUsed + packet.count)]).copyMemory(from: packet)
    bytesUsed += packet.count
    packetCount += 1
    space.storeBytes(
      of: Place(position: UInt32(clamping: position), end: UInt32(bytesUsed)), toByteOffset: offset(packetCount - 1),
      as: Place.self)
  }

  /// Ends the recording and gives the space back.
  /// - Returns: what was recorded, in memory of exactly its size.
  package func finish() -> RecordedTrack {
    defer { release() }
    let places = (0..<packetCount).map { space.loadUnaligned(fromByteOffset: offset($0), as: Place.self) }
    return RecordedTrack(
      format: format, bytes: Array(space[..<bytesUsed]), positions: places.map(\.position), ends: places.map(\.end),
      dropped: dropped)
  }

  private func offset(_ index: Int) -> Int { space.count - (index + 1) * MemoryLayout<Place>.stride }

  private func release() {
    ReservedSpace.release(space)
    space = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    bytesUsed = 0
    packetCount = 0
  }
}

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
