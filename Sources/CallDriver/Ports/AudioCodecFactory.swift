public import CallCore

/// Makes the codecs of one format.
public protocol AudioCodecFactory: AnyObject, Sendable {
  /// Throws `.unsupported` for a format that `AudioFormat.isSupported` denies.
  func makeDecoder(_ format: AudioFormat) throws(EngineError) -> any AudioDecoder
  /// Throws `.unsupported` for a format that `AudioFormat.isSupported` denies.
  func makeEncoder(_ format: AudioFormat) throws(EngineError) -> any AudioEncoder
  /// Throws `.unsupported` for a format that `AudioFormat.isSupported` denies.
  /// - Parameter expectedLossPercent: share of packets that the sender knows to be lost, 0 … 100. Above 0 a codec that can (Opus) puts a
  ///   coarse copy of each packet into the next one, as browsers and telephones do once they hear of loss.
  func makeFrameEncoder(_ format: AudioFormat, expectedLossPercent: Int) throws(EngineError) -> any AudioFrameEncoder
}

/// Decodes one direction of one call to 16 kHz mono frames of 20 ms. Used by one thread at a time; allocates nothing per
/// frame.
public protocol AudioDecoder: AnyObject {
  /// - Parameters:
  ///   - packet: one packet of 20 ms as received, bounded by the wire.
  ///   - frame: room for 320 samples.
  /// - Returns: samples written, at most 320; 320 for a whole 20 ms packet.
  /// - Throws: `.library` for a packet that cannot be decoded (a peer's fault); the decoder stays usable.
  func decode(
    _ packet: UnsafeRawBufferPointer, into frame: UnsafeMutableBufferPointer<Int16>
  ) throws(EngineError) -> Int

  /// Fills in for a lost packet with 320 samples. `next` is the packet after it, whose forward error correction is used
  /// when it has any; empty when that is unknown.
  func conceal(next: UnsafeRawBufferPointer, into frame: UnsafeMutableBufferPointer<Int16>) throws(EngineError)
}

/// Encodes speech into packets of 20 ms. Used by one thread at a time.
public protocol AudioEncoder: AnyObject {
  /// Whole utterances only: starts from a clean state, so that the same samples give the same packets.
  /// - Parameter speech: mono at any rate; resampled as needed; the last packet is padded with silence.
  func encode(_ speech: PCMBuffer) throws(EngineError) -> EncodedSpeech
}

/// Speech as packets of 20 ms, ready to be sent: one block of bytes, shared by every call that plays it.
public final class EncodedSpeech: Sendable {
  /// All packets, one after the other.
  public let bytes: [UInt8]
  /// `packetEnds[i]` is the offset in `bytes` behind packet `i`; the last is `bytes.count`.
  public let packetEnds: [Int32]

  package init(bytes: [UInt8], packetEnds: [Int32]) {
    precondition(Int(packetEnds.last ?? 0) == bytes.count, "the last packet ends where the bytes end")
    self.bytes = bytes
    self.packetEnds = packetEnds
  }

  /// No packet at all.
  static let none = EncodedSpeech(bytes: [], packetEnds: [])

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

/// Encodes one side of a call as it goes on, 20 ms at a time. Used by one thread.
public protocol AudioFrameEncoder: AnyObject {
  /// - Parameters:
  ///   - frame: exactly 320 samples, 16 kHz mono.
  ///   - packet: room for `packetBytesMax` bytes.
  /// - Returns: bytes written, above 0.
  func encode(
    _ frame: UnsafeBufferPointer<Int16>, into packet: UnsafeMutableRawBufferPointer
  ) throws(EngineError) -> Int
}

extension AudioFrameEncoder {
  /// Room that every packet fits into, in bytes: 960 samples of 16 bits, which is 20 ms at 48 kHz; no Opus packet of one frame is
  /// longer than 1276 (RFC 6716, 3.2.1).
  public static var packetBytesMax: Int { 1920 }
}
