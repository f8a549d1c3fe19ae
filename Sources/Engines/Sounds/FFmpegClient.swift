import CallCore
import CallDriver
import ChildProcesses
import Threads

/// FFmpeg in children of this program, which are started when the first file comes and kept for the next. A file that ends a child, or takes
/// too long, fails alone. Safe to share by threads: as many files are worked on at once as there are children.
final class FFmpegClient: Sendable {
  private let use: FFmpegService.Use
  /// Two decode, so that one slow file does not hold up all others.
  private let decoders = Locked<ChildPool?>(nil)
  /// One encodes: what it is given is our own speech, and a file of a stranger must not keep it waiting.
  private let encoder = Locked<ChildPool?>(nil)

  init(_ use: FFmpegService.Use) { self.use = use }

  /// The version of the libraries, such as `5.1.9-0+deb12u1`.
  /// - Throws: `.modelUnavailable` with the name of the file that is missing, `.crashed` when no child can be started.
  func version() throws(EngineError) -> String {
    guard case .version(let version) = try response(to: .version, from: decoders, count: 2) else {
      throw Self.otherAnswer
    }
    return version
  }

  /// - Throws: why the file cannot be used, for whoever sent it.
  func decode(_ file: [UInt8], secondsMax: Int) throws(SoundFault) -> DecodedSound {
    do throws(EngineError) {
      let response = try response(to: .decode(file, secondsMax: secondsMax), from: decoders, count: 2)
      guard case .sound(let sound) = response, sound.audio.sampleRate == SoundReader.sampleRate else {
        throw Self.otherAnswer
      }
      return sound
    } catch {
      throw Self.fault(error)
    }
  }

  /// - Returns: the bytes of a file. MP3 and AAC can be put one behind the other unless `isWhole`.
  func encode(_ speech: PCMBuffer, as format: CompressedFormat, isWhole: Bool) throws(EngineError) -> [UInt8] {
    do throws(EngineError) {
      let response = try response(to: .encode(speech, format, isWhole: isWhole), from: encoder, count: 1)
      guard case .file(let bytes) = response else { throw Self.otherAnswer }
      return bytes
    } catch {
      guard case .modelUnavailable(let name) = error else { throw error }
      throw .crashed("\(format) cannot be made: \(Self.missing(name)), or ask for wav, opus or pcm")
    }
  }

  private static let otherAnswer = EngineError.crashed("FFmpeg gave another answer than was asked for")

  private static func missing(_ name: String) -> String {
    "FFmpeg's library \(name) is missing; install Debian's libavformat59, libavcodec59 and libswresample4"
  }

  private static func fault(_ error: EngineError) -> SoundFault {
    switch error {
    case .unsupported(let why): SoundFault(why)
    case .modelUnavailable(let name): SoundFault("only WAV can be read here: \(missing(name)), or send a WAV file")
    case .overloaded: SoundFault("too many files are being decoded; try again in some seconds", isBusy: true)
    // A file that is hard work ends its child by the limit of its CPU time, long before.
    case .timedOut: SoundFault("the file was not decoded in time; try again in some seconds", isBusy: true)
    case .crashed, .library, .remote:
      SoundFault("the file could not be decoded (\(error)); make it anew, or convert it with: ffmpeg -i FILE out.wav")
    }
  }

  // MARK: - Children

  private func response(
    to request: FFmpegRequest, from children: Locked<ChildPool?>, count: Int
  ) throws(EngineError) -> FFmpegResponse {
    let bytes: [UInt8]
    do throws(ChildFailure) { bytes = try started(children, count: count).response(to: request.bytes) } catch {
      throw EngineError(error)
    }
    switch FFmpegResponse(bytes) {
    case .fault(let why): throw .unsupported(why)
    case .unavailable(let name): throw .modelUnavailable(path: name)
    case let answer?: return answer
    case nil: throw .crashed("FFmpeg gave an answer that cannot be read")
    }
  }

  /// A start that failed is tried again with the next file.
  private func started(_ children: Locked<ChildPool?>, count: Int) throws(ChildFailure) -> ChildPool {
    try children.withLock { pool throws(ChildFailure) in
      if let pool { return pool }
      let new = try ChildPool(EngineChild.executable(use.rawValue), limits: use.limits, count: count)
      pool = new
      return new
    }
  }
}

extension EngineError {
  /// Why FFmpeg gave no answer.
  fileprivate init(_ failure: ChildFailure) {
    switch failure {
    case .timedOut(let limit): self = .timedOut(limit: .milliseconds(limit.milliseconds))
    case .overloaded(let limit): self = .overloaded(queue: "FFmpeg", limit: limit)
    case .requestTooLarge(let limit):
      self = .unsupported("the file is larger than \(limit >> 20) MiB, the most that is decoded: cut or convert it")
    case .badAnswer: self = .unsupported("the sound is longer than can be taken: cut it")
    case .notStarted, .ended, .refused: self = .crashed("FFmpeg \(failure)")
    }
  }
}
