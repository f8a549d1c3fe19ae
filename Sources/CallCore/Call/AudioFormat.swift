/// Codec and rate that both sides of a call agreed on.
public struct AudioFormat: Sendable, Hashable {
  /// How packets are written.
  public var codec: AudioCodec
  /// Samples per second; one of `codec.sampleRates`.
  public var sampleRate: Int

  /// See the properties; use `isSupported` to check what a peer asked for.
  public init(codec: AudioCodec, sampleRate: Int) {
    self.codec = codec
    self.sampleRate = sampleRate
  }

  /// Whether the product speaks this pair.
  public var isSupported: Bool { codec.sampleRates.contains(sampleRate) }
}
