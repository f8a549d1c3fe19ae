/// How audio is written into packets on the wire.
public enum AudioCodec: String, Sendable, Hashable, CaseIterable {
  /// RFC 6716, 20 ms, mono.
  case opus
  /// Signed 16-bit little-endian samples.
  case pcm16
  /// ITU-T G.711 µ-law, 8 kHz.
  case mulaw
}
