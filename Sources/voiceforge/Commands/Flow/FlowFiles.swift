import ArgumentParser
import CallCore
import Formats
import FoundationEssentials
import Glibc

/// The flow files that a command names, and those beside them.
struct FlowFiles {
  /// One file that could be read.
  typealias File = (file: String, text: String)

  /// The named ones; of a folder, all in it.
  let own: [File]
  /// Every flow that can be transferred to.
  let flowNames: Set<String>
  /// Flows of one name in two of the named files.
  let duplicates: [FileFault]

  /// Ends the command with exit code 2 when a file cannot be read.
  init(_ paths: [String]) throws {
    own = try paths.flatMap { path in
      try FlowFiles.isFolder(path) ? FlowFiles.yamlFiles(in: path).map(FlowFiles.read) : [FlowFiles.read(path)]
    }
    if own.isEmpty {
      Terminal.errorLine("\(paths.joined(separator: ", ")): no .yaml files there")
      throw ExitCode(2)
    }
    var owners: [String: String] = [:]
    var duplicates: [FileFault] = []
    for flow in own.compactMap(FlowFiles.parsed) {
      if let other = owners.updateValue(flow.file, forKey: flow.flow.name), other != flow.file {
        let message = "flow `\(flow.flow.name)` is in \(other) too: write another name with `flow: NAME`"
        duplicates.append(FileFault(file: flow.file, line: 1, column: 1, kind: .duplicate, message: message))
      }
    }
    self.duplicates = duplicates
    flowNames = Set(owners.keys).union(own.flatMap { FlowFiles.neighbours(of: $0.file) }.map(\.name))
  }

  /// The flow of one file and the library it can transfer into. Lists what is wrong and ends the command with exit code 2.
  static func flow(_ path: String) throws -> (flow: Flow, library: FlowLibrary) {
    let file = try read(path)
    let others = neighbours(of: path)
    let names = Set(others.map(\.name) + [parsed(file)?.flow.name].compactMap(\.self))
    switch FlowReader.read(file.text, file: file.file, knownFlows: names) {
    case .success(let flow):
      return (flow, FlowLibrary(others + [flow]))
    case .failure(let faults):
      Terminal.errorLine(faults.description)
      throw ExitCode(2)
    }
  }

  /// Pretty, with sorted keys, so that it can be compared.
  static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  private static func read(_ path: String) throws -> File {
    guard let data = FileManager.default.contents(atPath: path) else {
      Terminal.errorLine("\(path): cannot be read: no such file, or no permission")
      throw ExitCode(2)
    }
    guard let text = TextFile.text(of: Array(data)) else {
      Terminal.errorLine("\(path): is not UTF-8 text")
      throw ExitCode(2)
    }
    return (path, text)
  }

  /// The sound flows in the file's folder, but for its own. What is wrong with others is not this file's trouble.
  private static func neighbours(of path: String) -> [Flow] {
    let folder = URL(filePath: path).deletingLastPathComponent().path
    let own = URL(filePath: path).lastPathComponent
    return yamlFiles(in: folder).filter { !$0.hasSuffix("/\(own)") }.compactMap { file in
      guard let data = FileManager.default.contents(atPath: file) else { return nil }
      return TextFile.text(of: Array(data)).flatMap { parsed((file, $0))?.flow }
    }
  }

  private static func parsed(_ file: File) -> (file: String, flow: Flow)? {
    if case .success(let flow) = FlowReader.read(file.text, file: file.file) { (file.file, flow) } else { nil }
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: Bool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
  }

  private static func yamlFiles(in folder: String) -> [String] {
    do throws(ByteFile.Fault) { return try FolderFiles.flows(in: folder) } catch {
      return []  // a folder that cannot be listed has no flows; the caller says that there are none
    }
  }
}
