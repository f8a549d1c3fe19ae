/// Storage for the audio of turns, shared by the calls of one media loop: only callers who speak hold any, and a turn allocates
/// nothing once the pool is warm.
public final class SampleBufferPool {
  /// Buffers kept for later; further ones are given back to the system.
  static let buffersMax = 64
  /// Room for a turn of 8 s, longer than nearly all; longer ones grow.
  static let samplesReserved = 8 * 16_000

  private var buffers: [[Int16]] = []

  /// An empty pool.
  public init() { buffers.reserveCapacity(Self.buffersMax) }

  /// An empty buffer with room.
  func borrow() -> [Int16] {
    if let buffer = buffers.popLast() { return buffer }
    var buffer: [Int16] = []
    buffer.reserveCapacity(Self.samplesReserved)
    return buffer
  }

  /// Takes a buffer back.
  func giveBack(_ buffer: consuming [Int16]) {
    guard buffers.count < Self.buffersMax, buffer.capacity >= Self.samplesReserved else { return }
    buffer.removeAll(keepingCapacity: true)
    buffers.append(buffer)
  }
}
