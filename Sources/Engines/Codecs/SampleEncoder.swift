import CallCore
import CallDriver

/// Encodes whole utterances with a sample-by-sample codec.
final class SampleEncoder<Coding: SampleCoding>: AudioEncoder {
  private let sampleRate: Int

  /// - Parameter sampleRate: of the packets.
  init(sampleRate: Int) { self.sampleRate = sampleRate }

  func encode(_ speech: PCMBuffer) throws(EngineError) -> EncodedSpeech {
    var samples = try SpeechResampler.resample(speech, to: sampleRate).samples
    let frame = sampleRate / MediaFrame.perSecond
    let packets = (samples.count + frame - 1) / frame
    samples.append(contentsOf: repeatElement(0, count: packets * frame - samples.count))
    var bytes: [UInt8] = []
    bytes.reserveCapacity(samples.count * Coding.width)
    for sample in samples { Coding.append(sample, to: &bytes) }
    let ends = (0..<packets).map { Int32(($0 + 1) * frame * Coding.width) }
    return EncodedSpeech(bytes: bytes, packetEnds: ends)
  }
}
