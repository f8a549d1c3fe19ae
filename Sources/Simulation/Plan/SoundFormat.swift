import CallCore
import CallDriver

/// Brings sound to the rate that everything here is reckoned in.
enum SoundFormat {
  /// The same sound as 16 kHz samples, by the codecs' own resampler.
  static func samples(of sound: PCMBuffer, codecs: any AudioCodecFactory) throws(EngineError) -> [Int16] {
    if sound.sampleRate == CallTracks.sampleRate { return sound.samples }
    let format = AudioFormat(codec: .pcm16, sampleRate: CallTracks.sampleRate)
    let encoded = try codecs.makeEncoder(format).encode(sound)
    return encoded.bytes.withUnsafeBytes { bytes in
      (0..<(bytes.count / 2)).map {
        Int16(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 2, as: Int16.self))
      }
    }
  }
}
