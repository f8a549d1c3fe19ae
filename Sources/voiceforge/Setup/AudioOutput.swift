import CallDriver
import FoundationEssentials
import Glibc

/// A WAV file to be written.
enum AudioOutput {
  /// Writes `samples` to the file `name`, or to standard output for `-`.
  static func write(_ samples: [Int16], channels: Int, sampleRate: Int, to name: String) throws(CommandFault) {
    let bytes = WAVFile.bytes(samples: samples, channels: channels, sampleRate: sampleRate)
    guard name != "-" else { return TerminalOutput.output.write(bytes) }
    do throws(ByteFile.Fault) { try ByteFile.write(bytes, named: name) } catch {
      throw CommandFault(writing: name, error)
    }
  }

  /// Finds out early whether `name` can be written, so that no call is made in vain.
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
