import CallCore
import CallDriver
import Formats

/// Writes the sentences of one answer in the format that was asked for.
final class SpeechEncoder {
  /// The lengths of a WAV file that is sent before its end is known, as ffmpeg writes them to a pipe.
  private static let unknownLength: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]

  private let format: SpeechFormat
  private let sounds: any SoundFormats
  private var ogg: (any SoundWriter)?
  /// The sentences so far, of a format that comes in one piece.
  private var waiting: [Int16] = []
  private var isBegun = false

  init(_ format: SpeechFormat, sounds: any SoundFormats) throws(EngineError) {
    self.format = format
    self.sounds = sounds
    if format == .opus { ogg = try sounds.makeOggWriter(sampleRate: SpeechFormat.sampleRate) }
  }

  /// Whether a child of the program encodes, which takes its time and may have to be started anew: no thread of the engines waits for it.
  var waitsForChild: Bool {
    switch format {
    case .mp3, .aac, .flac: true
    case .wav, .opus, .pcm: false
    }
  }

  /// - Parameter isLast: no sentence follows.
  /// - Returns: the bytes to send for it; none for a sentence of FLAC that is not the last: that file comes in one piece.
  func bytes(of sentence: PCMBuffer, isLast: Bool) throws(EngineError) -> [UInt8] {
    let speech = try sounds.resample(sentence, to: SpeechFormat.sampleRate)
    defer { isBegun = true }
    switch format {
    case .opus:
      guard let ogg else { preconditionFailure("an encoder for Opus has a writer") }
      let bytes = try ogg.append(speech)
      return isLast ? bytes + (try ogg.finish()) : bytes
    case .mp3: return try sounds.encode(speech, as: .mp3, isWhole: isLast && !isBegun)
    case .aac: return try sounds.encode(speech, as: .aac, isWhole: isLast && !isBegun)
    case .flac:
      waiting += speech.samples
      guard isLast else { return [] }
      let whole = PCMBuffer(sampleRate: speech.sampleRate, samples: waiting)
      waiting = []
      return try sounds.encode(whole, as: .flac, isWhole: true)
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
