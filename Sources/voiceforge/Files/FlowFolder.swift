import CallCore
import Formats
import FoundationEssentials
import Glibc
import Page

/// The flow files of a folder, or those inside the program.
enum FlowFolder {
  private static let samplesFolder = "Samples/flows"

  /// Reads every `.yaml` and `.yml` file of `folder` but those of test cases, in the order of their names; of the samples inside the program without.
  /// - Throws: `CommandFault` that lists every fault of every file.
  static func read(_ folder: String?) throws -> FlowLibrary { try load(folder).library }

  /// The same, with the text of each flow.
  static func load(_ folder: String?) throws -> FlowSources {
    switch FlowReader.readFiles(try sources(folder)) {
    case .success(let files): return files
    case .failure(let faults): throw CommandFault("\(faults)")
    }
  }

  /// The files themselves, which need not be right.
  static func sources(_ folder: String?) throws(CommandFault) -> [(file: String, text: String)] {
    guard let folder else { return try samples() }
    return try files(of: folder)
  }

  private static func samples() throws(CommandFault) -> [(file: String, text: String)] {
    try EmbeddedFiles.paths(in: samplesFolder).map { path throws(CommandFault) in
      (file: path, text: try TextFile.text(of: EmbeddedFiles.bytes(of: path) ?? [], from: path))
    }
  }

  private static func files(of folder: String) throws(CommandFault) -> [(file: String, text: String)] {
    let paths: [String]
    do throws(ByteFile.Fault) { paths = try FolderFiles.flows(in: folder) } catch {
      throw CommandFault(
        "cannot read the folder of flows \(folder) (\(error)); name another with --flows or VOICEFORGE_FLOWS"
      )
    }
    guard !paths.isEmpty else { throw CommandFault("there is no flow file in \(folder)") }
    return try paths.map { path throws(CommandFault) in (file: path, text: try text(of: path)) }
  }

  private static func text(of path: String) throws(CommandFault) -> String {
    let bytes: [UInt8]
    do throws(ByteFile.Fault) { bytes = try ByteFile.read(path, bytesMax: .max) } catch {
      throw CommandFault("cannot read \(path) (\(error))")
    }
    return try TextFile.text(of: bytes, from: path)
  }
}
