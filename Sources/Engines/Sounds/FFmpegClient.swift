import CFFmpeg
import CallCore
import CallDriver
import ChildProcesses
import Threads

/// FFmpeg in children of this program, which are started when the first file comes and kept ready for the next. A file that ends a child, or
/// takes too long, fails alone. Safe to share by threads: as many files are worked on at once as there are children.
final class FFmpegClient: Sendable {
  private let use: FFmpegService.Use
  /// They decode: on a server two, so that one slow file does not hold up all others, and each one file, so that a file that takes a
  /// child over never sees another stranger's.
  private let decoders = Locked<ChildPool?>(nil)
  /// They encode our own speech: a file of a stranger does not keep it waiting, nor one text the others.
  private let encoders = Locked<ChildPool?>(nil)

  init(_ use: FFmpegService.Use) { self.use = use }

  /// The version of the libraries, such as `5.1.9-0+deb12u1`.
  /// - Throws: `.modelUnavailable` with the name of the file that is missing, `.crashed` when no child can be started.
  func version() throws(EngineError) -> String { try version(of: encoders) }

  private func version(of children: Locked<ChildPool?>) throws(EngineError) -> String {
    guard case .version(let version) = try response(to: .version, from: children) else { throw Self.otherAnswer }
    return version
  }

  /// - Throws: why the file cannot be used, for whoever sent it.
  func decode(
    _ file: [UInt8], secondsMax: Int, cancellation: CancellationToken
  ) throws(SoundFault) -> DecodedSound {
    let bytes: [UInt8]
    do throws(ChildFailure) {
      let request = FFmpegRequest.decode(file, secondsMax: secondsMax)
      bytes = try started(decoders).response(to: request.bytes) { !cancellation.isCancelled }
    } catch {
      throw Self.fault(error)
    }
    do throws(EngineError) {
      let response = try Self.response(bytes)
      // A child that a file took over may answer anything.
      guard case .sound(let sound) = response, sound.audio.sampleRate == SoundReader.sampleRate,
        sound.audio.samples.count <= (secondsMax + 1) * SoundReader.sampleRate
      else { throw Self.otherAnswer }
      return sound
    } catch {
      throw Self.fault(error)
    }
  }

  /// Finds out whether speech can be encoded, and starts the children for it.
  func checkEncoding(_ format: CompressedFormat) throws(EngineError) {
    do throws(EngineError) { _ = try version(of: encoders) } catch { throw Self.encodingFault(error, format) }
  }

  /// - Returns: the bytes of a file. MP3 and AAC can be put one behind the other unless `isWhole`.
  func encode(_ speech: PCMBuffer, as format: CompressedFormat, isWhole: Bool) throws(EngineError) -> [UInt8] {
    do throws(EngineError) {
      let response = try response(to: .encode(speech, format, isWhole: isWhole), from: encoders)
      guard case .file(let bytes) = response else { throw Self.otherAnswer }
      return bytes
    } catch {
      throw Self.encodingFault(error, format)
    }
  }

  private static func encodingFault(_ error: EngineError, _ format: CompressedFormat) -> EngineError {
    guard case .modelUnavailable(let name) = error else { return error }
    return .crashed("\(format) cannot be made: \(missing(name)), or take wav or opus")
  }

  private static let otherAnswer = EngineError.crashed("FFmpeg gave another answer than was asked for")

  /// Debian's packages with the libraries, of the version that this program was built for.
  static let packages = String(cString: ffmpeg_packages())

  private static func missing(_ name: String) -> String {
    "FFmpeg's library \(name) is missing; install Debian's \(packages)"
  }

  /// What a child's failure says about the file: nothing where the child could not be started, or was killed or stopped from outside.
  private static func fault(_ failure: ChildFailure) -> SoundFault {
    switch failure {
    case .notStarted, .ended(.killed(signal: 9)):
      SoundFault("the file could not be decoded now (FFmpeg \(failure)); try again in some seconds", isBusy: true)
    case .timedOut(.cpu(let limit)):
      SoundFault(
        "the file takes more than \(limit / 1000) s of CPU time to decode; cut it, or convert it with: ffmpeg -i FILE out.wav"
      )
    case .timedOut, .ended, .badAnswer, .requestTooLarge, .overloaded, .unwanted, .refused: fault(EngineError(failure))
    }
  }

  private static func fault(_ error: EngineError) -> SoundFault {
    switch error {
    case .unsupported(let why): SoundFault(why)
    case .modelUnavailable(let name): SoundFault("only WAV can be read here: \(missing(name)), or send a WAV file")
    case .overloaded: SoundFault("too many files are being decoded; try again in some seconds", isBusy: true)
    case .timedOut: SoundFault("the file was not decoded in time; try again in some seconds", isBusy: true)
    case .crashed, .library, .remote:
      SoundFault("the file could not be decoded (\(error)); make it anew, or convert it with: ffmpeg -i FILE out.wav")
    }
  }

  // MARK: - Children

  private func response(
    to request: FFmpegRequest, from children: Locked<ChildPool?>
  ) throws(EngineError) -> FFmpegResponse {
    let bytes: [UInt8]
    do throws(ChildFailure) { bytes = try started(children).response(to: request.bytes) } catch {
      throw EngineError(error)
    }
    return try Self.response(bytes)
  }

  private static func response(_ bytes: [UInt8]) throws(EngineError) -> FFmpegResponse {
    switch FFmpegResponse(bytes) {
    case .fault(let why): throw .unsupported(why)
    case .unavailable(let name): throw .modelUnavailable(path: name)
    case let answer?: return answer
    case nil: throw .crashed("FFmpeg gave an answer that cannot be read")
    }
  }

  /// A start that failed is tried again with the next file.
  private func started(_ children: Locked<ChildPool?>) throws(ChildFailure) -> ChildPool {
    let isForStrangers = use == .uploads
    return try children.withLock { pool throws(ChildFailure) in
      if let pool { return pool }
      let new = try ChildPool(
        EngineChild.executable(use.rawValue), limits: use.limits, count: isForStrangers ? 2 : 1,
        isUsedOnce: isForStrangers && children === decoders)
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
    case .notStarted, .ended, .unwanted, .refused: self = .crashed("FFmpeg \(failure)")
    }
  }
}
