import CallCore
import Formats

/// Files of kept calls that a judge is tried on.
enum CalibrationFile {
  /// - Throws: every fault of the file.
  static func read(_ path: String) throws(CommandFault) -> CalibrationSet {
    let bytes: [UInt8]
    do throws(ByteFile.Fault) { bytes = try ByteFile.read(path, bytesMax: CaseLimits.fileBytesMax + 1) } catch {
      throw CommandFault("cannot read \(path): \(error)")
    }
    switch CalibrationReader.read(try TextFile.text(of: bytes, from: path), file: path) {
    case .success(let set): return set
    case .failure(let faults): throw CommandFault("\(faults)")
    }
  }
}
