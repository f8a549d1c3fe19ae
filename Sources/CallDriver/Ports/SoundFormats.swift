public import CallCore

/// Formats of sound that need a library: other rates, and Opus in an Ogg container (RFC 7845).
public protocol SoundFormats: AnyObject, Sendable {
  /// - Parameter rate: samples per second wanted, 1000 … 192 000.
  /// - Throws: `.unsupported` for a rate outside the limits.
  func resample(_ speech: PCMBuffer, to rate: Int) throws(EngineError) -> PCMBuffer

  /// Begins an Ogg Opus file of mono speech.
  /// - Parameter sampleRate: 8000, 12000, 16000, 24000 or 48000.
  func makeOggWriter(sampleRate: Int) throws(EngineError) -> any SoundWriter

  /// Reads an Ogg Opus file.
  /// - Parameters:
  ///   - bytes: the whole file. Any bytes may come.
  ///   - secondsMax: longest sound that is decoded.
  /// - Returns: 16 kHz mono.
  func readOgg(_ bytes: [UInt8], secondsMax: Int) throws(SoundFault) -> PCMBuffer
}

/// Writes one sound file piece by piece. Used by one thread at a time.
public protocol SoundWriter: AnyObject {
  /// - Parameter speech: mono, at the file's rate.
  /// - Returns: what can be sent now; the first time, the file's head is in front.
  func append(_ speech: PCMBuffer) throws(EngineError) -> [UInt8]

  /// Ends the file.
  /// - Returns: the rest of it.
  func finish() throws(EngineError) -> [UInt8]
}

/// Why the bytes of a peer are no sound that can be used. One sentence.
public struct SoundFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong, and what to do.
  public var description: String

  package init(_ description: String) { self.description = description }
}

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
