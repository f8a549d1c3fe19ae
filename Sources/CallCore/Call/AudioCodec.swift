/// How audio is written into packets on the wire. The raw values stand in `start` and `ready`.
public enum AudioCodec: String, Sendable, Hashable, CaseIterable {
  /// RFC 6716, 20 ms, mono.
  case opus
  /// Signed 16-bit little-endian samples, 20 ms.
  case pcm16
  /// ITU-T G.711 µ-law, 8 kHz, 20 ms.
  case mulaw

  /// Samples per second that a call may ask for, ascending.
  public var sampleRates: [Int] {
    switch self {
    case .opus: [8000, 12000, 16000, 24000, 48000]
    case .pcm16: [8000, 16000, 24000, 48000]
    case .mulaw: [8000]
    }
  }
}
