import CallCore
import CallDriver
import Formats

/// Writes the sentences of one answer in the format that was asked for.
final class SpeechEncoder {
  /// Silence between sentences: about what people leave when they read.
  private static let pauseMilliseconds = 250
  /// The lengths of a WAV file that is sent before its end is known, as ffmpeg writes them to a pipe.
  private static let unknownLength: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]

  private let format: SpeechFormat
  private let sounds: any SoundFormats
  private var ogg: (any SoundWriter)?
  private var isBegun = false

  init(_ format: SpeechFormat, sounds: any SoundFormats) throws(EngineError) {
    self.format = format
    self.sounds = sounds
    if format == .opus { ogg = try sounds.makeOggWriter(sampleRate: SpeechFormat.sampleRate) }
  }

  /// - Parameter isLast: no sentence follows.
  /// - Returns: the bytes to send for it.
  func bytes(of sentence: PCMBuffer, isLast: Bool) throws(EngineError) -> [UInt8] {
    var speech = try sounds.resample(sentence, to: SpeechFormat.sampleRate)
    if !isLast {
      let pause = SpeechFormat.sampleRate * Self.pauseMilliseconds / 1000
      speech.samples += [Int16](repeating: 0, count: pause)
    }
    defer { isBegun = true }
    switch format {
    case .opus:
      guard let ogg else { preconditionFailure("an encoder for Opus has a writer") }
      let bytes = try ogg.append(speech)
      return isLast ? bytes + (try ogg.finish()) : bytes
    case .pcm: return Self.pcm(speech)
    case .wav:
      if isBegun { return Self.pcm(speech) }
      var bytes = WAVFile.bytes(speech)
      guard !isLast else { return bytes }
      bytes.replaceSubrange(4..<8, with: Self.unknownLength)
      bytes.replaceSubrange(40..<44, with: Self.unknownLength)
      return bytes
    }
  }

  private static func pcm(_ speech: PCMBuffer) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(speech.samples.count * 2)
    for sample in speech.samples {
      let bits = UInt16(bitPattern: sample)
      bytes.append(UInt8(truncatingIfNeeded: bits))
      bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
    }
    return bytes
  }
}
