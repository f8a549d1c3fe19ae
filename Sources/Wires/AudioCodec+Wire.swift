public import CallCore

extension AudioCodec {
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

  /// The rate of a `start` that names none: 16000, for µ-law 8000.
  public var defaultSampleRate: Int { self == .mulaw ? 8000 : 16000 }
}
