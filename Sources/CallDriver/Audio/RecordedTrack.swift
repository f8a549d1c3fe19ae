public import CallCore

/// One side of a recorded call: packets of 20 ms and where each begins.
public struct RecordedTrack: Sendable {
  /// How the packets are written.
  public let format: AudioFormat
  /// Most bytes that the track takes; later packets are left out and counted.
  public let byteLimit: Int
  /// All packets, one after the other.
  public private(set) var bytes: [UInt8] = []
  /// Where packet `i` begins, in 16 kHz samples since the start of the call.
  public private(set) var positions: [UInt32] = []
  /// Offset in `bytes` behind packet `i`.
  public private(set) var ends: [UInt32] = []
  /// Packets that did not fit.
  public private(set) var dropped = 0

  /// - Parameters:
  ///   - format: of every packet.
  ///   - byteLimit: most bytes kept.
  ///   - reserve: bytes to set aside at once, so that the first minutes of a call allocate nothing.
  public init(format: AudioFormat, byteLimit: Int, reserve: Int) {
    self.format = format
    self.byteLimit = byteLimit
    bytes.reserveCapacity(min(reserve, byteLimit))
    let packets = min(reserve, byteLimit) / 60
    positions.reserveCapacity(packets)
    ends.reserveCapacity(packets)
  }

  /// Bytes that the track holds.
  public var byteCount: Int { bytes.count + (positions.count + ends.count) * 4 }
  /// Number of packets.
  public var packetCount: Int { ends.count }

  /// Adds a packet of 20 ms that begins at `position`, in 16 kHz samples since the start of the call, not before the last one.
  public mutating func append(_ packet: UnsafeRawBufferPointer, at position: Int) {
    guard byteCount + packet.count + 8 <= byteLimit else {
      dropped += 1
      return
    }
    bytes.append(contentsOf: packet)
    positions.append(UInt32(clamping: position))
    ends.append(UInt32(bytes.count))
  }

  /// Lends the bytes of packet `index` without copying.
  public func withPacket<Result>(_ index: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    let start = index == 0 ? 0 : Int(ends[index - 1])
    let end = Int(ends[index])
    return bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
  }
}
