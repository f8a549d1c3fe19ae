public import CallCore
public import JSON

/// The first 16 bytes of a binary frame; the payload is the rest. Reading and writing it allocate nothing.
public struct AudioPacketHeader: Sendable, Equatable {
  /// Length of the header.
  public static let byteCount = 16
  /// Most payload that a packet carries. The buffer size that `opus_encode` recommends; PCM16 at 48 kHz needs 1,920.
  public static let payloadBytesMax = 4_000
  /// Longest whole frame.
  public static let frameBytesMax = byteCount + payloadBytesMax

  /// Greatest time that a header is read with: 2⁵³ µs, 285 years, so that what is calculated with it never overflows. A sender whose clock
  /// shows more seems to stand still and is treated as one without a clock.
  public static let microsecondsMax: UInt64 = 1 << 53

  /// The first byte of every audio packet.
  private static let audioKind: UInt8 = 1
  /// Bit 0 of the flags.
  private static let lastFlag: UInt8 = 1

  /// How the payload is written.
  public var codec: AudioCodec
  /// Whether the packet is the last one of an utterance.
  public var isLastOfUtterance: Bool
  /// Counts the sender's packets from 0; a gap is a lost packet. Wraps after 2.7 years.
  public var sequence: UInt32
  /// Microseconds since the sender's start, at most `microsecondsMax`: a peer may send any 64 bits, and what is greater is read as that.
  public var microseconds: UInt64

  package init(codec: AudioCodec, isLastOfUtterance: Bool = false, sequence: UInt32, microseconds: UInt64) {
    self.codec = codec
    self.isLastOfUtterance = isLastOfUtterance
    self.sequence = sequence
    self.microseconds = microseconds
  }

  /// Reads the header of a whole binary frame and checks the frame's size. Flags other than bit 0 are left for later
  /// versions and are ignored.
  /// - Parameter frame: header and payload, as received.
  /// - Throws: the first thing that is wrong, from the first byte on.
  public init(decoding frame: UnsafeRawBufferPointer) throws(AudioPacketFault) {
    guard frame.count >= Self.byteCount else { throw .truncated(bytes: frame.count) }
    guard frame[0] == Self.audioKind else { throw .wrongKind(frame[0]) }
    guard let codec = AudioCodec(byte: frame[1]) else { throw .unknownCodec(frame[1]) }
    guard frame[3] == 0 else { throw .reservedByte(frame[3]) }
    let payloadBytes = frame.count - Self.byteCount
    guard payloadBytes > 0 else { throw .empty }
    guard payloadBytes <= Self.payloadBytesMax else { throw .tooLarge(payloadBytes: payloadBytes) }
    self.codec = codec
    isLastOfUtterance = frame[2] & Self.lastFlag != 0
    sequence = UInt32(littleEndian: frame.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    let stamp = UInt64(littleEndian: frame.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    microseconds = min(stamp, Self.microsecondsMax)
  }

  /// Lends what follows the header.
  /// - Parameter frame: one whose header was decoded.
  public static func payload(of frame: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: frame.dropFirst(byteCount))
  }

  /// Writes the header.
  /// - Parameter buffer: room for at least `byteCount` bytes; what is behind them is left alone.
  public func encode(into buffer: UnsafeMutableRawBufferPointer) {
    precondition(buffer.count >= Self.byteCount, "a header needs \(Self.byteCount) bytes")
    buffer[0] = Self.audioKind
    buffer[1] = codec.byte
    buffer[2] = isLastOfUtterance ? Self.lastFlag : 0
    buffer[3] = 0
    buffer.storeBytes(of: sequence.littleEndian, toByteOffset: 4, as: UInt32.self)
    buffer.storeBytes(of: microseconds.littleEndian, toByteOffset: 8, as: UInt64.self)
  }
}

/// What is wrong with a binary frame. Always the peer's fault; `wireFault` says it in words.
public enum AudioPacketFault: Error, Sendable, Equatable {
  /// Fewer bytes than a header has.
  case truncated(bytes: Int)
  /// A header without a payload.
  case empty
  /// The first byte is not 1.
  case wrongKind(UInt8)
  /// The second byte is no codec of `Wire.md`.
  case unknownCodec(UInt8)
  /// The fourth byte is not 0.
  case reservedByte(UInt8)
  /// More payload than `AudioPacketHeader.payloadBytesMax`.
  case tooLarge(payloadBytes: Int)

  /// "0 for Opus, 1 for PCM16 or 2 for µ-law".
  private static var codecs: String {
    let codecs = AudioCodec.allCases.map { "\($0.byte) for \($0.title)" }
    return codecs.dropLast().joined(separator: ", ") + " or \(codecs.last ?? "")"
  }

  /// The same as a fault that can be told to the peer.
  public var wireFault: WireFault {
    switch self {
    case .truncated(let bytes):
      WireFault(
        .badFrame, "frame: expected a header of \(AudioPacketHeader.byteCount) bytes and a payload, got \(bytes) bytes")
    case .empty: WireFault(.badFrame, "frame: expected a payload behind the header, got nothing")
    case .wrongKind(let kind): WireFault(.badFrame, "kind (byte 0): expected 1 for audio, got \(kind)")
    case .unknownCodec(let codec):
      WireFault(.badFrame, "codec (byte 1): expected \(Self.codecs), got \(codec)")
    case .reservedByte(let byte): WireFault(.badFrame, "byte 3: expected 0, got \(byte)")
    case .tooLarge(let bytes):
      WireFault(
        .frameTooLarge, "payload: expected at most \(AudioPacketHeader.payloadBytesMax) bytes, got \(bytes)")
    }
  }
}
