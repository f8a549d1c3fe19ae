import CallCore
import Formats
import FoundationEssentials
import Glibc
import Page

/// The flow files of a folder, or those inside the program.
enum FlowFolder {
  private static let samplesFolder = "Samples/flows"

  /// Reads every `.yaml` and `.yml` file of `folder`, in the order of their names; of the samples inside the program without.
  /// - Throws: `CommandFault` that lists every fault of every file.
  static func read(_ folder: String?) throws -> FlowLibrary { try load(folder).library }

  /// The same, with the text of each flow under its name.
  static func load(_ folder: String?) throws -> (library: FlowLibrary, texts: [(name: String, text: String)]) {
    let files = try folder.map(files) ?? samples()
    switch FlowReader.readLibrary(files) {
    case .success(let library):
      // The name may stand in the file.
      let texts = try files.map { (name: try FlowReader.read($0.text, file: $0.file).get().name, text: $0.text) }
      return (library, texts)
    case .failure(let faults): throw CommandFault("\(faults)")
    }
  }

  private static func samples() throws(CommandFault) -> [(file: String, text: String)] {
    try EmbeddedFiles.paths(in: samplesFolder).map { path throws(CommandFault) in
      (file: path, text: try text(of: EmbeddedFiles.bytes(of: path) ?? [], path))
    }
  }

  private static func files(of folder: String) throws(CommandFault) -> [(file: String, text: String)] {
    let names: [String]
    do { names = try FolderFiles.names(in: folder) } catch {
      throw CommandFault(
        "cannot read the folder of flows \(folder) (\(CommandFault.cause(error))); name another with --flows or VOICEFORGE_FLOWS"
      )
    }
    let files = try names.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.map { name throws(CommandFault) in
      let path = "\(folder)/\(name)"
      return (file: path, text: try text(of: path))
    }
    guard !files.isEmpty else { throw CommandFault("there is no flow file in \(folder)") }
    return files
  }

  private static func text(of path: String) throws(CommandFault) -> String {
    let data: Data
    do { data = try Data(contentsOf: URL(filePath: path)) } catch {
      throw CommandFault("cannot read \(path) (\(CommandFault.cause(error)))")
    }
    return try text(of: Array(data), path)
  }

  private static func text(of bytes: [UInt8], _ path: String) throws(CommandFault) -> String {
    guard let text = TextFile.text(of: bytes) else {
      throw CommandFault("\(path) is not UTF-8 text; save it as UTF-8")
    }
    return text
  }
}
