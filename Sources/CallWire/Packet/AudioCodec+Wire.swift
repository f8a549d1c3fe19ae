/// How audio is written into packets on the wire. The raw values stand in `start` and `ready`; they are those of
/// `CallDriver.AudioCodec`, which this room may not import.
public enum WireCodec: String, Sendable, Hashable, CaseIterable {
  /// RFC 6716, 20 ms, mono.
  case opus
  /// Signed 16-bit little-endian samples, 20 ms.
  case pcm16
  /// ITU-T G.711 µ-law, 8 kHz, 20 ms.
  case mulaw

  /// The codec's byte in a packet header: 0, 1 or 2.
  public var byte: UInt8 {
    switch self {
    case .opus: 0
    case .pcm16: 1
    case .mulaw: 2
    }
  }

  /// - Parameter byte: of a packet header; `nil` for one that is not in `Wire.md`.
  public init?(byte: UInt8) {
    switch byte {
    case 0: self = .opus
    case 1: self = .pcm16
    case 2: self = .mulaw
    default: return nil
    }
  }

  /// Samples per second that a call may ask for, ascending.
  public var sampleRates: [Int] {
    switch self {
    case .opus: [8000, 12000, 16000, 24000, 48000]
    case .pcm16: [8000, 16000, 24000, 48000]
    case .mulaw: [8000]
    }
  }

  /// The rate of a `start` that names none: 16000, for µ-law 8000.
  public var defaultSampleRate: Int { self == .mulaw ? 8000 : 16000 }
}
