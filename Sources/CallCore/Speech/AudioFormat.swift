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

/// Codec and rate that both sides of a call agreed on.
public struct AudioFormat: Sendable, Hashable {
  /// How packets are written.
  public var codec: AudioCodec
  /// Samples per second; one of `codec.sampleRates`.
  public var sampleRate: Int

  package init(codec: AudioCodec, sampleRate: Int) {
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
