import Formats
import FoundationEssentials
import Page

/// The callers that test cases can name: those of a folder, or those inside the program.
enum CallerFiles {
  private static let samples = "Samples/callers"
  private static let endings = [".yaml", ".yml"]

  /// - Throws: `CommandFault` with every fault of every file.
  static func library(_ settings: Settings) throws -> CallerLibrary {
    let files = try settings.callerFolder.map(files) ?? embedded()
    switch CallerLibrary.readAll(files) {
    case .success(let library): return library
    case .failure(let faults): throw CommandFault("\(faults)")
    }
  }

  private static func embedded() throws(CommandFault) -> [(file: String, text: String)] {
    try EmbeddedFiles.paths(in: samples).filter { path in endings.contains(where: path.hasSuffix) }
      .map { path throws(CommandFault) in
        (file: path, text: try TextFile.text(of: EmbeddedFiles.bytes(of: path) ?? [], from: path))
      }
  }

  private static func files(in folder: String) throws(CommandFault) -> [(file: String, text: String)] {
    let names: [String]
    do throws(ByteFile.Fault) { names = try FolderFiles.names(in: folder, endings: endings) } catch {
      throw CommandFault("cannot read the folder of callers \(folder) (\(error)); correct VOICEFORGE_CALLERS")
    }
    return try names.filter { name in endings.contains(where: name.hasSuffix) }.map { name throws(CommandFault) in
      let path = "\(folder)/\(name)"
      return (file: path, text: try TextFile.text(of: try bytes(of: path), from: path))
    }
  }

  private static func bytes(of path: String) throws(CommandFault) -> [UInt8] {
    do throws(ByteFile.Fault) { return try ByteFile.read(path, bytesMax: CaseLimits.fileBytesMax + 1) } catch {
      throw CommandFault("cannot read \(path): \(error)")
    }
  }
}

extension Settings {
  /// The folder of the callers: the one that is named, or that of the repository when this is started there.
  fileprivate var callerFolder: String? { folder("Samples/callers", named: "VOICEFORGE_CALLERS") }
}
