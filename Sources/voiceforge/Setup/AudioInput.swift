import CallDriver
import Foundation

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
    let data: Data
    do {
      if name == "-" {
        data = try FileHandle.standardInput.read(upToCount: bytesMax) ?? Data()
      } else {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: name, isDirectory: &isFolder) else {
          throw CommandFault("there is no file \(name)")
        }
        guard !isFolder.boolValue else { throw CommandFault("\(name) is a folder; name the WAV files in it") }
        let file = try FileHandle(forReadingFrom: URL(filePath: name))
        data = try file.read(upToCount: bytesMax) ?? Data()
      }
    } catch let fault as CommandFault {
      throw fault
    } catch {
      throw CommandFault("cannot read \(name): \(error.localizedDescription)")
    }
    guard data.count < bytesMax else {
      throw CommandFault("\(name) is larger than \(SpokenFigures.size(bytesMax)); cut it")
    }
    return Array(data)
  }
}
