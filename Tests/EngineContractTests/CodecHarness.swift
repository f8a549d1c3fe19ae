import CallCore
import CallDriver
import Engines
import Glibc

/// Sends sound through a codec.
enum CodecHarness {
  /// Every format that the product speaks.
  static let formats = AudioCodec.allCases.flatMap { codec in
    [8000, 12000, 16000, 24000, 48000].map { AudioFormat(codec: codec, sampleRate: $0) }
  }.filter(\.isSupported)

  static func encoded(
    _ speech: PCMBuffer, _ format: AudioFormat, opus: OpusSettings = OpusSettings()
  ) throws -> EncodedSpeech {
    try AudioCodecCatalog(opus: opus).makeEncoder(format).encode(speech)
  }

  /// Encodes a stream frame by frame; what is left over at the end is not sent.
  static func streamed(_ samples: [Int16], _ encoder: any AudioFrameEncoder) throws -> EncodedSpeech {
    var packet = [UInt8](repeating: 0, count: type(of: encoder).packetBytesMax)
    var bytes: [UInt8] = []
    var ends: [Int32] = []
    for start in stride(from: 0, through: samples.count - 320, by: 320) {
      let count = try samples[start..<(start + 320)].withUnsafeBufferPointer { frame in
        try packet.withUnsafeMutableBytes { try encoder.encode(frame, into: $0) }
      }
      bytes += packet[..<count]
      ends.append(Int32(bytes.count))
    }
    return EncodedSpeech(bytes: bytes, packetEnds: ends)
  }

  /// The delay in samples at which `heard` resembles `said` most, at most 40 ms.
  static func delay(of heard: [Int16], behind said: [Int16]) -> Int {
    let products = (0...640).map { delay -> Int in
      var product = 0
      for index in 0..<min(said.count, heard.count - delay) { product += Int(said[index]) * Int(heard[index + delay]) }
      return product
    }
    return products.indices.max { products[$0] < products[$1] } ?? 0
  }

  /// - Parameter lost: numbers of packets that did not arrive; each is concealed with the help of the next.
  static func decoded(_ speech: EncodedSpeech, _ format: AudioFormat, lost: Set<Int> = []) throws -> [Int16] {
    let decoder = try AudioCodecCatalog().makeDecoder(format)
    var samples: [Int16] = []
    var frame = [Int16](repeating: 0, count: 320)
    for index in 0..<speech.packetCount {
      let count = try frame.withUnsafeMutableBufferPointer { frame in
        guard lost.contains(index) else { return try speech.lendPacket(index) { try decoder.decode($0, into: frame) } }
        if index + 1 < speech.packetCount, !lost.contains(index + 1) {
          try speech.lendPacket(index + 1) { try decoder.conceal(next: $0, into: frame) }
        } else {
          try decoder.conceal(next: UnsafeRawBufferPointer(start: nil, count: 0), into: frame)
        }
        return 320
      }
      samples += frame[..<count]
    }
    return samples
  }

  /// Signal to noise in dB of `heard` against `said`, at the delay that fits best (at most 40 ms).
  static func signalToNoise(_ said: [Int16], _ heard: [Int16]) -> Double {
    (0...640).map { delay -> Double in
      let count = min(said.count, heard.count - delay)
      var signal = 0.0
      var noise = 1e-9
      for index in 1600..<max(count, 1600) {
        let difference = Double(said[index]) - Double(heard[index + delay])
        signal += Double(said[index]) * Double(said[index])
        noise += difference * difference
      }
      return 10 * log10(signal / noise)
    }.max() ?? -.infinity
  }
}

extension AudioCodec {
  /// Lowest signal to noise in dB of a 16 kHz tone after the round trip. A waveform codec keeps the samples; Opus keeps the
  /// sound, so its bound is low. 8 kHz G.711 has about 37 dB at this level (G.711).
  var signalToNoiseMin: Double {
    switch self {
    case .opus: 12
    case .pcm16: 35
    case .mulaw, .alaw: 30
    }
  }
}

extension AudioFormat {
  /// Bytes that a packet of 20 ms may have.
  var packetBytes: ClosedRange<Int> {
    switch codec {
    // Constrained variable rate: a packet may take twice its share of 24 kbit/s (60 bytes).
    case .opus: 1...180
    case .pcm16: (sampleRate / 25)...(sampleRate / 25)
    case .mulaw, .alaw: 160...160
    }
  }

  /// Samples at 16 kHz by which a stream lags behind once it is encoded frame by frame and decoded. SpeexDSP's filter is 80 samples
  /// long at the lower of its two rates and delays by half of that; a codec at another rate than 16 kHz has one on each side, but Opus
  /// decodes to 16 kHz by itself. Opus looks ahead by 6.5 ms.
  var streamDelay: Int {
    let filter = sampleRate == 16_000 ? 0 : 40 * 16_000 / min(sampleRate, 16_000)
    return switch codec {
    case .opus: 104 + filter
    case .pcm16, .mulaw, .alaw: 2 * filter
    }
  }
}
