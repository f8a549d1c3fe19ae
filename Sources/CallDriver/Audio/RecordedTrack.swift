public import CallCore

/// One side of a recorded call: packets of 20 ms and where each begins.
public struct RecordedTrack: Sendable {
  /// How the packets are written.
  public let format: AudioFormat
  /// All packets, one after the other.
  public let bytes: [UInt8]
  /// Where packet `i` begins, in 16 kHz samples since the start of the call.
  public let positions: [UInt32]
  /// Offset in `bytes` behind packet `i`.
  public let ends: [UInt32]
  /// Packets that did not fit.
  public let dropped: Int

  /// - Parameters:
  ///   - format: of every packet.
  ///   - bytes: all packets, one after the other.
  ///   - positions: ascending.
  ///   - ends: ascending, as many as `positions`; the last is `bytes.count`.
  ///   - dropped: packets that did not fit.
  public init(format: AudioFormat, bytes: [UInt8], positions: [UInt32], ends: [UInt32], dropped: Int = 0) {
    precondition(positions.count == ends.count, "every packet has a beginning and an end")
    precondition(Int(ends.last ?? 0) == bytes.count, "the last packet ends where the bytes end")
    self.format = format
    self.bytes = bytes
    self.positions = positions
    self.ends = ends
    self.dropped = dropped
  }

  /// Bytes that the track holds.
  public var byteCount: Int { bytes.count + (positions.count + ends.count) * 4 }
  /// Number of packets.
  public var packetCount: Int { ends.count }

  /// Lends the bytes of packet `index` without copying.
  public func withPacket<Result>(_ index: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    let start = index == 0 ? 0 : Int(ends[index - 1])
    let end = Int(ends[index])
    return bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
  }
}
