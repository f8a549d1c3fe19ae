/// How audio is written into packets on the wire. The raw values stand in `start` and `ready`.
///
/// What sets a codec apart stands here; what encodes and decodes it is named in `AudioCodecCatalog`. The compiler asks for both.
public enum AudioCodec: String, Sendable, Hashable, CaseIterable {
  /// RFC 6716, 20 ms, mono.
  case opus
  /// Signed 16-bit little-endian samples, 20 ms.
  case pcm16
  /// ITU-T G.711 µ-law, 8 kHz, 20 ms.
  case mulaw
  /// ITU-T G.711 A-law, 8 kHz, 20 ms: telephone lines outside of North America and Japan.
  case alaw

  /// The codec's byte in a packet header. Part of the wire: it never changes.
  public var byte: UInt8 {
    switch self {
    case .opus: 0
    case .pcm16: 1
    case .mulaw: 2
    case .alaw: 3
    }
  }

  /// As messages to people name it.
  public var title: String {
    switch self {
    case .opus: "Opus"
    case .pcm16: "PCM16"
    case .mulaw: "µ-law"
    case .alaw: "A-law"
    }
  }

  /// Samples per second that a call may ask for, ascending.
  public var sampleRates: [Int] {
    switch self {
    case .opus: [8000, 12000, 16000, 24000, 48000]
    case .pcm16: [8000, 16000, 24000, 48000]
    case .mulaw, .alaw: [8000]
    }
  }

  /// The rate of a `start` that names none; one of `sampleRates`.
  public var defaultSampleRate: Int {
    switch self {
    case .opus, .pcm16: 16_000
    case .mulaw, .alaw: 8000
    }
  }

  private static let byByte = (UInt8.min...UInt8.max).map { byte in allCases.first { $0.byte == byte } }

  /// - Parameter byte: of a packet header; `nil` for one that no codec has.
  public init?(byte: UInt8) {
    guard let codec = Self.byByte[Int(byte)] else { return nil }
    self = codec
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
    switch codec {
    case .opus: .microseconds(6_500)
    case .pcm16, .mulaw, .alaw: resamplingDelay
    }
  }

  private var resamplingDelay: CallDuration {
    switch sampleRate {
    case 16_000: .zero
    case 8_000: .milliseconds(5)
    default: .microseconds(2_500)
    }
  }
}
