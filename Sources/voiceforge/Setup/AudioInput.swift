import CallDriver
import FoundationEssentials
import Glibc

/// A WAV file that the user named.
struct AudioInput {
  /// As the user named it; `-` is standard input.
  let name: String
  let file: WAVFile

  /// Longest input: an hour of stereo at 48 kHz.
  static let bytesMax = 700_000_000

  /// - Throws: `CommandFault` that says what is wrong with the file and what to do.
  init(_ name: String) throws(CommandFault) {
    self.name = name
    let bytes = try Self.bytes(of: name)
    do throws(WAVError) { file = try WAVFile(parsing: bytes) } catch {
      throw CommandFault("\(name): \(error)")
    }
    if file.isTruncated { Terminal.note("voiceforge: \(name) is shorter than it claims; what is there is used") }
  }

  private static func bytes(of name: String) throws(CommandFault) -> [UInt8] {
    if name != "-" {
      var isFolder = false
      guard FileManager.default.fileExists(atPath: name, isDirectory: &isFolder) else {
        throw CommandFault("there is no file \(name)")
      }
      guard !isFolder else { throw CommandFault("\(name) is a folder; name the WAV files in it") }
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
