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
