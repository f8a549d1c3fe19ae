import CallCore

/// Reads the sound that somebody uploads: WAV, or Opus in an Ogg container.
public struct SoundReader: Sendable {
  /// What every sound is brought to, because recognisers listen at it.
  public static let sampleRate = 16_000

  private let formats: any SoundFormats
  private let secondsMax: Int

  /// - Parameter secondsMax: longest sound that is taken.
  public init(formats: any SoundFormats, secondsMax: Int) {
    self.formats = formats
    self.secondsMax = secondsMax
  }

  /// - Parameter bytes: the whole file. Any bytes may come.
  /// - Returns: 16 kHz mono.
  /// - Throws: what is wrong with it.
  public func read(_ bytes: [UInt8]) throws(SoundFault) -> PCMBuffer {
    guard !bytes.isEmpty else { throw SoundFault("the file is empty") }
    if bytes.starts(with: "OggS".utf8) { return try formats.readOgg(bytes, secondsMax: secondsMax) }
    let file: WAVFile
    do throws(WAVError) { file = try WAVFile(parsing: bytes) } catch {
      throw SoundFault("\(error)")
    }
    let seconds = Int(file.audio.microseconds / 1_000_000)
    guard seconds <= secondsMax else {
      throw SoundFault("the sound is \(seconds) s long; at most \(secondsMax) s are taken")
    }
    do throws(EngineError) { return try formats.resample(file.audio, to: Self.sampleRate) } catch {
      throw SoundFault("the WAV file cannot be used: \(error)")
    }
  }
}
