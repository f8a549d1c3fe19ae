import CallCore
import CallDriver
import Engines
import FoundationEssentials
import Glibc

/// A sound file that the user named: WAV, or what FFmpeg reads.
struct AudioInput {
  /// As the user named it; `-` is standard input.
  let name: String
  /// Mono: a WAV file's at its own rate, others at 16 kHz.
  let audio: PCMBuffer
  /// Of the file.
  let channels: Int
  /// Of the file, per second.
  let sampleRate: Int

  /// Longest input: an hour of stereo at 48 kHz.
  static let bytesMax = 700_000_000
  /// Longest sound of a compressed file, whose size says little.
  private static let secondsMax = 7200

  /// - Throws: `CommandFault` that says what is wrong with the file and what to do.
  init(_ name: String) throws(CommandFault) {
    self.name = name
    let bytes = try Self.bytes(of: name)
    let (sound, isTruncated): (DecodedSound, Bool)
    do throws(SoundFault) {
      let reader = SoundReader(formats: EngineCatalog.fileSounds, secondsMax: Self.secondsMax, limitsWAV: false)
      (sound, isTruncated) = try reader.decode(bytes)
    } catch {
      throw CommandFault("\(name): \(error)")
    }
    audio = sound.audio
    channels = sound.channels
    sampleRate = sound.sampleRate
    if isTruncated { Terminal.errorLine("voiceforge: \(name) is shorter than it claims; what is there is used") }
  }

  private static func bytes(of name: String) throws(CommandFault) -> [UInt8] {
    if name != "-" {
      var isFolder = false
      guard FileManager.default.fileExists(atPath: name, isDirectory: &isFolder) else {
        throw CommandFault("there is no file \(name)")
      }
      guard !isFolder else { throw CommandFault("\(name) is a folder; name the files in it") }
    }
    let bytes: [UInt8]
    do throws(ByteFile.Fault) { bytes = try ByteFile.read(name, bytesMax: bytesMax) } catch {
      throw CommandFault("cannot read \(name): \(error)")
    }
    guard bytes.count < bytesMax else {
      throw CommandFault("\(name) is larger than \(SpokenFigures.size(bytesMax)); cut it")
    }
    return bytes
  }
}

/// A sound file to be written.
enum AudioOutput {
  /// Rate of compressed files, in Hz: one that Opus, MP3 and AAC all have.
  private static let compressedRate = 24_000

  /// The file's bytes, in the format that the end of its name asks for; WAV at the speech's own rate where that says nothing.
  static func file(of speech: PCMBuffer, named name: String) throws(EngineError) -> [UInt8] {
    let sounds = EngineCatalog.fileSounds
    if let format = compression(of: name) {
      return try sounds.encode(try sounds.resample(speech, to: compressedRate), as: format, isWhole: true)
    }
    guard ["opus", "ogg"].contains(ending(of: name)) else { return WAVFile.bytes(speech) }
    let writer = try sounds.makeOggWriter(sampleRate: compressedRate)
    return try writer.append(try sounds.resample(speech, to: compressedRate)) + writer.finish()
  }

  private static func ending(of name: String) -> String {
    name.split(separator: ".").last.map { $0.lowercased() } ?? ""
  }

  /// What FFmpeg has to write; `nil` for formats that this program writes itself.
  private static func compression(of name: String) -> CompressedFormat? { CompressedFormat(rawValue: ending(of: name)) }

  /// Writes it to the file `name`, or to standard output for `-`.
  static func write(_ bytes: [UInt8], to name: String) throws(CommandFault) {
    guard name != "-" else { return TerminalOutput.output.write(bytes) }
    do throws(ByteFile.Fault) { try ByteFile.write(bytes, named: name) } catch {
      throw CommandFault(writing: name, error)
    }
  }

  /// Finds out early whether `file(of:named:)` has what it needs for that name.
  static func checkFormat(_ name: String) throws(CommandFault) {
    guard let format = compression(of: name) else { return }
    do throws(EngineError) { try EngineCatalog.checkEncoding(format) } catch {
      throw CommandFault("cannot write \(name): \(error)")
    }
  }

  /// Finds out early whether `name` can be written, so that no call is made and no text spoken in vain.
  static func check(_ name: String) throws(CommandFault) {
    guard name != "-" else {
      guard !TerminalOutput.output.isTerminal else {
        throw CommandFault("sound is not for the terminal: name a file, or send it on as in … | aplay")
      }
      return
    }
    let folder = URL(filePath: name).deletingLastPathComponent().path()
    var isFolder = false
    let isThere = FileManager.default.fileExists(atPath: name, isDirectory: &isFolder)
    guard !isFolder else { throw CommandFault("cannot write \(name): it is a folder; name a file in it") }
    guard access(isThere ? name : folder, W_OK) == 0 else {
      let place = isThere ? "" : "the folder \(folder): "
      throw CommandFault("cannot write \(name): \(place)\(String(cString: strerror(errno)))")
    }
  }
}
