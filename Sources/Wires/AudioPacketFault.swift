public import JSON

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

  /// The same as a fault that can be told to the peer.
  public var wireFault: WireFault {
    switch self {
    case .truncated(let bytes):
      WireFault(
        .badFrame, "frame: expected a header of \(AudioPacketHeader.byteCount) bytes and a payload, got \(bytes) bytes")
    case .empty: WireFault(.badFrame, "frame: expected a payload behind the header, got nothing")
    case .wrongKind(let kind): WireFault(.badFrame, "kind (byte 0): expected 1 for audio, got \(kind)")
    case .unknownCodec(let codec):
      WireFault(.badFrame, "codec (byte 1): expected 0 for Opus, 1 for PCM16 or 2 for µ-law, got \(codec)")
    case .reservedByte(let byte): WireFault(.badFrame, "byte 3: expected 0, got \(byte)")
    case .tooLarge(let bytes):
      WireFault(
        .frameTooLarge, "payload: expected at most \(AudioPacketHeader.payloadBytesMax) bytes, got \(bytes)")
    }
  }
}
