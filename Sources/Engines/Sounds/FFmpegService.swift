import CFFmpeg
import CallCore
import CallDriver
import ChildProcesses
import Glibc

/// The child that runs FFmpeg's libraries: the only process that opens them. Files of strangers reach them as bytes; it has no file, no
/// socket but its own and no other process (`ChildService.run`, `isConfined`), so a file that takes it over has nothing but itself. On a
/// server a child decodes one file.
enum FFmpegService {
  /// For whom files are decoded, which is how large they may be. The raw value is the name among the kinds of children.
  enum Use: String, CaseIterable {
    /// Uploads to a server: 16 MiB and ten minutes; and speech that a server sends.
    case uploads = "ffmpeg"
    /// Files of whoever runs a command: two hours.
    case files = "ffmpeg-files"

    /// Ten minutes of MP3 in stereo take 2 s of CPU, the start 0.1 s. Sound of ten minutes has 19 MB, an answer of 20 minutes (4,096
    /// characters at a quarter of the speed) 58 MB before it is encoded.
    var limits: ChildLimits {
      switch self {
      case .uploads:
        ChildLimits(
          cpuMillisecondsMax: 10_000, idleMillisecondsMax: 8000, answerMillisecondsMax: 60_000,
          memoryBytesMax: 1 << 30, requestBytesMax: 128 << 20, answerBytesMax: 128 << 20)
      case .files:
        ChildLimits(
          cpuMillisecondsMax: 300_000, idleMillisecondsMax: 10_000, answerMillisecondsMax: 900_000,
          memoryBytesMax: 3 << 30, requestBytesMax: 512 << 20, answerBytesMax: 256 << 20)
      }
    }
  }

  /// The file of FFmpeg that is missing; nil when all are here.
  private static let missing: String? = ffmpeg_load().map { String(cString: $0) }

  /// Serves until the program that started it is gone.
  static func run(_ use: Use) -> Never {
    // Libraries that cannot be opened are told of in the answers.
    ChildService.run(limits: use.limits, isConfined: true, start: { _ = missing }) { bytes in
      response(to: FFmpegRequest(bytes)).bytes
    }
  }

  private static func response(to request: FFmpegRequest?) -> FFmpegResponse {
    if let missing { return .unavailable(missing) }
    switch request {
    case .version: return .version(String(cString: ffmpeg_version()))
    case .decode(let file, let secondsMax):
      do throws(SoundFault) { return .sound(try decode(file, secondsMax: secondsMax)) } catch {
        return .fault(error.description)
      }
    case .encode(let speech, let format, let isWhole): return encode(speech, format, isWhole: isWhole)
    case nil: return .fault("a request that the child does not know")
    }
  }

  // MARK: - Decoding

  /// Decodes the file twice: first to learn which of its channels hold the sound.
  private static func decode(_ bytes: [UInt8], secondsMax: Int) throws(SoundFault) -> DecodedSound {
    var sound = DecodedSound(
      audio: PCMBuffer(sampleRate: SoundReader.sampleRate, samples: []), sampleRate: 0, channels: 0)
    let fault = bytes.withUnsafeBufferPointer { buffer -> SoundFault? in
      var file = FFmpegFile()
      file.bytes = buffer.baseAddress
      file.count = buffer.count
      file.sample_rate = Int32(SoundReader.sampleRate)
      // Encoders of MP3 and AAC put some silence in front and behind.
      file.samples_max = (secondsMax + 1) * SoundReader.sampleRate
      let width = Int(FFMPEG_CHANNELS_MAX)
      var products = [Double](repeating: 0, count: width * width)
      if let fault = Self.fault(ffmpeg_measure(&file, &products), file, secondsMax) { return fault }
      let selection = ChannelSelection(products: products, width: width, channels: Int(file.channels))
      var mono: UnsafeMutablePointer<Int16>?
      let taken = selection.taken.reduce(UInt32(0)) { $0 | 1 << UInt32($1) }
      if let fault = Self.fault(ffmpeg_mix(&file, taken, &mono), file, secondsMax) { return fault }
      defer { free(mono) }
      sound.audio.samples = Array(UnsafeBufferPointer(start: mono, count: file.samples))
      sound.sampleRate = Int(file.own_rate)
      sound.channels = Int(file.channels)
      return nil
    }
    if let fault { throw fault }
    return sound
  }

  private static func fault(_ outcome: FFmpegOutcome, _ file: FFmpegFile, _ secondsMax: Int) -> SoundFault? {
    let name = withUnsafeBytes(of: file.name) { knownName(String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)) }
    let taken = "WAV, FLAC, MP3, Ogg, WebM, M4A, AAC, AIFF, AU and CAF are taken"
    return switch outcome {
    case FFMPEG_READ: nil
    case FFMPEG_UNKNOWN: SoundFault("this is no sound file of a known kind; \(taken)")
    case FFMPEG_CONTAINER_REFUSED: SoundFault("files of the kind \(name) are not taken; \(taken)")
    case FFMPEG_SILENT: SoundFault("the file (\(name)) holds no sound; record it again")
    case FFMPEG_CODEC_REFUSED:
      SoundFault("sound coded as \(name) is not taken; convert it with: ffmpeg -i FILE out.wav")
    case FFMPEG_TOO_LONG: SoundFault("the sound is too long; at most \(secondsMax) s are taken: cut it")
    case FFMPEG_TOO_MANY_CHANNELS:
      SoundFault(
        "the file has \(file.channels) channels, at most \(FFMPEG_CHANNELS_MAX) are taken; convert it with: "
          + "ffmpeg -i FILE -ac 1 out.wav")
    case FFMPEG_NO_MEMORY: SoundFault("the file needs too much memory to be read; make it anew or cut it")
    default: SoundFault("the file (\(name)) is damaged and cannot be read; send the whole file, or make it anew")
    }
  }

  /// FFmpeg names some kinds by all endings that their files have.
  private static func knownName(_ name: String) -> String {
    switch name {
    case "matroska,webm": "WebM or Matroska"
    case "mov,mp4,m4a,3gp,3g2,mj2": "MP4 or M4A"
    default: name.uppercased()
    }
  }

  // MARK: - Encoding

  private static func encode(_ speech: PCMBuffer, _ format: CompressedFormat, isWhole: Bool) -> FFmpegResponse {
    let coding: FFmpegFormat =
      switch format {
      case .mp3: FFMPEG_MP3
      case .aac: FFMPEG_AAC
      case .flac: FFMPEG_FLAC
      }
    var bytes: UnsafeMutablePointer<UInt8>?
    var size = 0
    let code = ffmpeg_encode(
      coding, speech.samples, speech.samples.count, Int32(clamping: speech.sampleRate), isWhole ? 1 : 0, &bytes, &size)
    defer { free(bytes) }
    guard code == 0 else { return .fault("FFmpeg cannot write \(format): error \(code)") }
    return .file(Array(UnsafeBufferPointer(start: bytes, count: size)))
  }
}
