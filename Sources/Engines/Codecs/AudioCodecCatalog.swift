package import CallCore
package import CallDriver

/// Every codec that the product speaks. Stateless: safe to share by threads.
package final class AudioCodecCatalog: AudioCodecFactory {
  private let opus: OpusSettings

  /// - Parameter opus: how utterances are encoded.
  package init(opus: OpusSettings = OpusSettings()) { self.opus = opus }

  package func makeDecoder(_ format: AudioFormat) throws(EngineError) -> any AudioDecoder {
    try check(format)
    return switch format.codec {
    case .opus: try OpusPacketDecoder()
    case .pcm16: try SampleDecoder<PCM16Coding>(sampleRate: format.sampleRate)
    case .mulaw: try SampleDecoder<MulawCoding>(sampleRate: format.sampleRate)
    case .alaw: try SampleDecoder<AlawCoding>(sampleRate: format.sampleRate)
    }
  }

  package func makeEncoder(_ format: AudioFormat) throws(EngineError) -> any AudioEncoder {
    try check(format)
    return switch format.codec {
    case .opus: try OpusUtteranceEncoder(sampleRate: format.sampleRate, settings: opus)
    case .pcm16: SampleEncoder<PCM16Coding>(sampleRate: format.sampleRate)
    case .mulaw: SampleEncoder<MulawCoding>(sampleRate: format.sampleRate)
    case .alaw: SampleEncoder<AlawCoding>(sampleRate: format.sampleRate)
    }
  }

  package func makeFrameEncoder(
    _ format: AudioFormat, expectedLossPercent: Int
  ) throws(EngineError) -> any AudioFrameEncoder {
    try check(format)
    var opus = opus
    opus.expectedLossPercent = min(max(opus.expectedLossPercent, expectedLossPercent), 100)
    return switch format.codec {
    case .opus: try OpusFrameEncoder(sampleRate: format.sampleRate, settings: opus)
    case .pcm16: try SampleFrameEncoder<PCM16Coding>(sampleRate: format.sampleRate)
    case .mulaw: try SampleFrameEncoder<MulawCoding>(sampleRate: format.sampleRate)
    case .alaw: try SampleFrameEncoder<AlawCoding>(sampleRate: format.sampleRate)
    }
  }

  private func check(_ format: AudioFormat) throws(EngineError) {
    guard format.isSupported else {
      throw .unsupported("the codec \(format.codec.rawValue) at \(format.sampleRate) Hz")
    }
  }
}

/// The formats of sound files, by SpeexDSP, libogg, libopus, and FFmpeg in children of this program.
final class SoundFormatCatalog: SoundFormats {
  let ffmpeg: FFmpegClient

  /// - Parameter use: how large files may be that are decoded.
  init(_ use: FFmpegService.Use) { ffmpeg = FFmpegClient(use) }

  func resample(_ speech: PCMBuffer, to rate: Int) throws(EngineError) -> PCMBuffer {
    try SpeechResampler.resample(speech, to: rate)
  }

  func makeOggWriter(sampleRate: Int) throws(EngineError) -> any SoundWriter {
    try OggOpusWriter(sampleRate: sampleRate)
  }

  func decode(
    _ bytes: [UInt8], secondsMax: Int, cancellation: CancellationToken
  ) throws(SoundFault) -> DecodedSound {
    try ffmpeg.decode(bytes, secondsMax: secondsMax, cancellation: cancellation)
  }

  func encode(_ speech: PCMBuffer, as format: CompressedFormat, isWhole: Bool) throws(EngineError) -> [UInt8] {
    try ffmpeg.encode(speech, as: format, isWhole: isWhole)
  }
}
