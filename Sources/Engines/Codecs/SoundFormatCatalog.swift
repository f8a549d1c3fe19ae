import CallCore
import CallDriver

/// The formats of sound files, by SpeexDSP, libogg and libopus.
final class SoundFormatCatalog: SoundFormats {
  func resample(_ speech: PCMBuffer, to rate: Int) throws(EngineError) -> PCMBuffer {
    try SpeechResampler.resample(speech, to: rate)
  }

  func makeOggWriter(sampleRate: Int) throws(EngineError) -> any SoundWriter {
    try OggOpusWriter(sampleRate: sampleRate)
  }

  func readOgg(_ bytes: [UInt8], secondsMax: Int) throws(SoundFault) -> PCMBuffer {
    try OggOpusReader(secondsMax: secondsMax).read(bytes)
  }
}
