import CallCore
import CallDriver

/// 16-bit samples as they are, at 16 kHz. A packet of an odd length cannot be decoded; a lost one is filled in with the sample value
/// 99, so that tests can tell.
final class PlainCodecs: AudioCodecFactory {
  static let format = AudioFormat(codec: .pcm16, sampleRate: 16_000)
  static let concealed: Int16 = 99

  func makeDecoder(_ format: AudioFormat) throws(EngineError) -> any AudioDecoder {
    guard format == Self.format else { throw .unsupported("only PCM16 at 16 kHz here") }
    return Decoder()
  }

  func makeEncoder(_ format: AudioFormat) throws(EngineError) -> any AudioEncoder {
    guard format == Self.format else { throw .unsupported("only PCM16 at 16 kHz here") }
    return Encoder()
  }

  func makeFrameEncoder(
    _ format: AudioFormat, expectedLossPercent: Int
  ) throws(EngineError) -> any AudioFrameEncoder {
    throw .unsupported("no frames are encoded here")
  }

  /// A packet of 20 ms that holds one value throughout.
  static func packet(of value: Int16, samples: Int = 320) -> [UInt8] {
    (0..<samples).flatMap { _ in [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)] }
  }

  private final class Decoder: AudioDecoder {
    func decode(
      _ packet: UnsafeRawBufferPointer, into frame: UnsafeMutableBufferPointer<Int16>
    ) throws(EngineError) -> Int {
      guard packet.count % 2 == 0, packet.count <= frame.count * 2 else {
        throw .library(function: "plain_decode", code: packet.count)
      }
      for index in 0..<(packet.count / 2) {
        frame[index] = Int16(littleEndian: packet.loadUnaligned(fromByteOffset: index * 2, as: Int16.self))
      }
      return packet.count / 2
    }

    func conceal(next: UnsafeRawBufferPointer, into frame: UnsafeMutableBufferPointer<Int16>) throws(EngineError) {
      for index in 0..<320 { frame[index] = PlainCodecs.concealed }
    }
  }

  private final class Encoder: AudioEncoder {
    func encode(_ speech: PCMBuffer) throws(EngineError) -> EncodedSpeech {
      let packets = (speech.samples.count + 319) / 320
      let samples = speech.samples + [Int16](repeating: 0, count: packets * 320 - speech.samples.count)
      let bytes = samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
      return EncodedSpeech(bytes: bytes, packetEnds: (0..<packets).map { Int32(($0 + 1) * 640) })
    }
  }
}
