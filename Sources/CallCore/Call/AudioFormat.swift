/// Codec and rate that both sides of a call agreed on.
public struct AudioFormat: Sendable, Hashable {
  /// How packets are written.
  public var codec: AudioCodec
  /// Samples per second: Opus 8000, 12000, 16000, 24000 or 48000; PCM16 8000, 16000, 24000 or 48000; µ-law 8000.
  public var sampleRate: Int

  /// See the properties; use `isSupported` to check what a peer asked for.
  public init(codec: AudioCodec, sampleRate: Int) {
    self.codec = codec
    self.sampleRate = sampleRate
  }

  /// Whether the product speaks this pair.
  public var isSupported: Bool {
    switch codec {
    case .opus: [8000, 12000, 16000, 24000, 48000].contains(sampleRate)
    case .pcm16: [8000, 16000, 24000, 48000].contains(sampleRate)
    case .mulaw: sampleRate == 8000
    }
  }
}
