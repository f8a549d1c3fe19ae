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

  /// How much later a sound comes out of the decoder at 16 kHz than it went into the encoder, apart from the 20 ms of its packet:
  /// the lookahead of libopus (`OPUS_GET_LOOKAHEAD` for speech, the same at every rate), or the filters that change the rate
  /// (measured: `CodecContractTests.delay`).
  public var delay: CallDuration {
    switch (codec, sampleRate) {
    case (.opus, _): .microseconds(6_500)
    case (_, 16_000): .zero
    case (_, 8_000): .milliseconds(5)
    default: .microseconds(2_500)
    }
  }
}
