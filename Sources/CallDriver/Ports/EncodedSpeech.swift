public import CallCore

/// Speech as packets of 20 ms, ready to be sent: one block of bytes, shared by every call that plays it.
public final class EncodedSpeech: Sendable {
  /// All packets, one after the other.
  public let bytes: [UInt8]
  /// `packetEnds[i]` is the offset in `bytes` behind packet `i`.
  public let packetEnds: [Int32]

  /// - Parameter packetEnds: ascending; the last is `bytes.count`.
  public init(bytes: [UInt8], packetEnds: [Int32]) {
    precondition(Int(packetEnds.last ?? 0) == bytes.count, "the last packet ends where the bytes end")
    self.bytes = bytes
    self.packetEnds = packetEnds
  }

  /// Number of packets.
  public var packetCount: Int { packetEnds.count }
  /// Playing time.
  public var duration: CallDuration { .milliseconds(20) * packetEnds.count }

  /// Lends the bytes of packet `index` without copying.
  public func withPacket<Result>(_ index: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    let start = index == 0 ? 0 : Int(packetEnds[index - 1])
    let end = Int(packetEnds[index])
    return bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
  }
}
