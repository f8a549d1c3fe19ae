public import CallCore

/// Formats of sound that need a library: other rates, Opus in an Ogg container (RFC 7845), and what FFmpeg reads and writes.
public protocol SoundFormats: AnyObject, Sendable {
  /// - Parameter rate: samples per second wanted, 1000 … 192 000.
  /// - Throws: `.unsupported` for a rate outside the limits.
  func resample(_ speech: PCMBuffer, to rate: Int) throws(EngineError) -> PCMBuffer

  /// Begins an Ogg Opus file of mono speech.
  /// - Parameter sampleRate: 8000, 12000, 16000, 24000 or 48000.
  func makeOggWriter(sampleRate: Int) throws(EngineError) -> any SoundWriter

  /// Reads a sound file that is no WAV, such as FLAC, MP3, Ogg, WebM or M4A. Blocks until it is decoded.
  /// - Parameters:
  ///   - bytes: the whole file. Any bytes may come.
  ///   - secondsMax: longest sound that is decoded; a longer one is refused.
  ///   - cancellation: when it is withdrawn, nothing more is decoded, and a fault is thrown that nobody reads.
  /// - Returns: its sound at `SoundReader.sampleRate`.
  func decode(_ bytes: [UInt8], secondsMax: Int, cancellation: CancellationToken) throws(SoundFault) -> DecodedSound

  /// Writes speech as a compressed file. Blocks until it is encoded.
  /// - Parameters:
  ///   - speech: mono at 16, 22.05, 24, 32, 44.1 or 48 kHz.
  ///   - isWhole: whether the file is complete. Other files of MP3 and AAC can be put one behind the other.
  /// - Throws: `.unsupported` where the library is missing.
  func encode(_ speech: PCMBuffer, as format: CompressedFormat, isWhole: Bool) throws(EngineError) -> [UInt8]
}

extension SoundFormats {
  /// The same to its end.
  public func decode(_ bytes: [UInt8], secondsMax: Int) throws(SoundFault) -> DecodedSound {
    try decode(bytes, secondsMax: secondsMax, cancellation: CancellationToken())
  }
}

/// Files of sound that are compressed by FFmpeg.
public enum CompressedFormat: String, Sendable, CaseIterable {
  /// MPEG layer 3, 64 kbit/s.
  case mp3
  /// AAC-LC in an ADTS stream, 64 kbit/s.
  case aac
  /// Free Lossless Audio Codec, 16 bits.
  case flac

  /// Whether pieces can be put one behind the other.
  public var isStreamable: Bool { self != .flac }
}

/// The sound of a file, mixed to mono, and what the file was like.
public struct DecodedSound: Sendable, Equatable {
  /// Mono.
  public var audio: PCMBuffer
  /// Samples per second in the file.
  public var sampleRate: Int
  /// Channels in the file, 1 … 8.
  public var channels: Int

  package init(audio: PCMBuffer, sampleRate: Int, channels: Int) {
    self.audio = audio
    self.sampleRate = sampleRate
    self.channels = channels
  }
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
  /// Whether the file may be good, and only nobody was free to read it.
  public var isBusy = false

  package init(_ description: String, isBusy: Bool = false) {
    self.description = description
    self.isBusy = isBusy
  }
}

/// Reads the sound of a file that somebody uploads or names: WAV itself, others with the help of `SoundFormats`.
public struct SoundReader: Sendable {
  /// What every sound is brought to, because recognisers listen at it.
  public static let sampleRate = 16_000

  private let formats: any SoundFormats
  private let secondsMax: Int
  private let limitsWAV: Bool

  /// - Parameters:
  ///   - secondsMax: longest sound that is taken.
  ///   - limitsWAV: whether that goes for WAV, too, of which the file's size says how long it is.
  public init(formats: any SoundFormats, secondsMax: Int, limitsWAV: Bool = true) {
    self.formats = formats
    self.secondsMax = secondsMax
    self.limitsWAV = limitsWAV
  }

  /// - Parameters:
  ///   - bytes: the whole file. Any bytes may come.
  ///   - cancellation: when it is withdrawn, nothing more is decoded.
  /// - Returns: 16 kHz mono.
  /// - Throws: what is wrong with it.
  public func read(
    _ bytes: [UInt8], cancellation: CancellationToken = CancellationToken()
  ) throws(SoundFault) -> PCMBuffer {
    let sound = try decode(bytes, cancellation: cancellation).sound
    guard sound.audio.sampleRate != Self.sampleRate else { return sound.audio }
    do throws(EngineError) { return try formats.resample(sound.audio, to: Self.sampleRate) } catch {
      throw SoundFault("the WAV file cannot be used: \(error)")
    }
  }

  /// - Parameter bytes: the whole file. Any bytes may come.
  /// - Returns: a WAV file's sound at its own rate, that of others at `sampleRate`; and whether the file ends before the length that it
  ///   claims.
  /// - Throws: what is wrong with it.
  public func decode(
    _ bytes: [UInt8], cancellation: CancellationToken = CancellationToken()
  ) throws(SoundFault) -> (sound: DecodedSound, isTruncated: Bool) {
    guard !bytes.isEmpty else { throw SoundFault("the file is empty") }
    let file: WAVFile
    do throws(WAVError) { file = try WAVFile(parsing: bytes) } catch {
      guard error.isForForeignReader else { throw SoundFault("\(error)") }
      return (try formats.decode(bytes, secondsMax: secondsMax, cancellation: cancellation), false)
    }
    let seconds = Int(file.audio.microseconds / 1_000_000)
    guard !limitsWAV || seconds <= secondsMax else {
      throw SoundFault("the sound is \(seconds) s long; at most \(secondsMax) s are taken")
    }
    return (
      DecodedSound(audio: file.audio, sampleRate: file.audio.sampleRate, channels: file.channels), file.isTruncated
    )
  }

  /// Bytes by which it is told whether a file is foreign: the description of its format stands among them, but for files that are odd.
  private static let headBytes = 65_536

  /// Whether a file may need the help of `SoundFormats`, as far as its first 64 KB say: its sound can then be many times as large as it.
  public static func isForeign(_ bytes: [UInt8]) -> Bool {
    do throws(WAVError) {
      _ = try WAVFile(parsing: Array(bytes.prefix(headBytes)))
      return false
    } catch {
      return error != .noAudio
    }
  }
}
