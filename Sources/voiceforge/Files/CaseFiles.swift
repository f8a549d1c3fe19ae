import CallCore
import CallDriver
import CallServer
import Formats
import FoundationEssentials
import Glibc
import JSON
import Page
import Simulation

/// The test cases that a user names: files, folders, globs, or ids of the samples.
struct CaseFiles {
  /// Of cases that name none.
  let flow: String
  /// To check the cases against; `nil` when the agent's flows are not known.
  let flows: FlowLibrary?
  /// Those that cases can name.
  private let callers: CallerLibrary

  /// - Parameters:
  ///   - flow: of cases that name none.
  ///   - flows: to check the cases against; `nil` when the agent's flows are not known.
  /// - Throws: `CommandFault` with every fault of the files of callers.
  init(flow: String, flows: FlowLibrary?, settings: Settings) throws {
    self.flow = flow
    self.flows = flows
    callers = try CallerFiles.library(settings)
  }

  private static let endings = [".yaml", ".yml", ".json"]

  /// - Throws: `CommandFault` with every fault of every file.
  func cases(named names: [String], settings: Settings) throws -> [TestCase] {
    var paths: [String] = []
    var ids: [String] = []
    for name in names {
      if let found = try Self.files(at: name) {
        paths += found.filter { !paths.contains($0) }
      } else {
        ids.append(name)
      }
    }
    let named = try read(paths)
    if names.isEmpty || !ids.isEmpty {
      let all = try read(try Self.files(in: settings.caseFolder))
      let known = Set(all.map(\.id))
      if let stranger = ids.first(where: { !known.contains($0) }) {
        let some = all.map(\.id).prefix(40).joined(separator: ", ")
        throw CommandFault("\(stranger) is neither a file or folder nor the id of a sample case; there are \(some)")
      }
      let isThere = Set(named.map(\.id))
      return named + all.filter { (ids.isEmpty || ids.contains($0.id)) && !isThere.contains($0.id) }
    }
    return named
  }

  /// The cases that a server offers from the start.
  ///
  /// A folder that was named must be without a fault. Of the samples, those are left out that call flows which this server does not
  /// have.
  /// - Throws: `CommandFault` with every fault of every file.
  static func atStart(_ flows: FlowLibrary, _ settings: Settings) throws -> [TestCase] {
    let isNamed = settings["VOICEFORGE_CASES"] != nil
    let files = try CaseFiles(
      flow: settings.defaultFlow ?? ServerSettings().defaultFlow, flows: isNamed ? flows : nil, settings: settings)
    let cases = try files.read(try Self.files(in: settings.caseFolder))
    guard !isNamed else { return cases }
    return cases.filter { TestCaseFileReader.faults(of: $0, against: flows).isEmpty }
  }

  private func read(_ paths: [String]) throws -> [TestCase] {
    let files = try paths.map { path throws(CommandFault) in (file: path, text: try Self.text(of: path)) }
    switch TestCaseFileReader.readAll(
      files, flows: flows, flow: flow, callers: callers, recordingExists: { FileManager.default.fileExists(atPath: $0) }
    )
    {
    case .success(let cases): return cases
    case .failure(let faults): throw CommandFault("\(faults)")
    }
  }

  private static func text(of path: String) throws(CommandFault) -> String {
    let bytes: [UInt8]
    do throws(ByteFile.Fault) { bytes = try ByteFile.read(path, bytesMax: CaseLimits.fileBytesMax + 1) } catch {
      guard error.code == ENOENT, let embedded = EmbeddedFiles.bytes(of: path) else {
        throw CommandFault("cannot read \(path): \(error)")
      }
      bytes = embedded
    }
    return try TextFile.text(of: bytes, from: path)
  }

  /// The files of the folder that the settings name; of the samples inside the program without.
  private static func files(in folder: String?) throws(CommandFault) -> [String] {
    guard let folder else { return EmbeddedFiles.paths(in: Settings.sampleCases) }
    guard FileManager.default.fileExists(atPath: folder), let found = try files(at: folder) else {
      throw CommandFault("there is no folder \(folder) of test cases; correct VOICEFORGE_CASES")
    }
    return found
  }

  /// The files that a name stands for, sorted; `nil` when there is nothing of that name.
  private static func files(at name: String) throws(CommandFault) -> [String]? {
    if name.contains("*") || name.contains("?") {
      let slash = name.lastIndex(of: "/")
      let folder = slash.map { String(name[..<$0]) } ?? "."
      let pattern = slash.map { String(name[name.index(after: $0)...]) } ?? name
      let found = entries(of: folder).filter { Glob(pattern).matches($0) }
        .map { slash == nil ? $0 : "\(folder)/\($0)" }.filter { FolderFiles.sort(of: $0) != .flow }
      guard !found.isEmpty else { throw CommandFault("no file matches \(name); correct the pattern") }
      return found
    }
    var isFolder = false
    guard FileManager.default.fileExists(atPath: name, isDirectory: &isFolder) else {
      // What a report names for a repetition may be a sample inside the program.
      if EmbeddedFiles.bytes(of: name) != nil { return [name] }
      // An id may hold a slash, too.
      guard !endings.contains(where: name.hasSuffix), !name.hasSuffix("/"), !name.hasPrefix("."), !name.hasPrefix("/")
      else {
        throw CommandFault("there is no file or folder \(name); name files, folders, globs, or ids of sample cases")
      }
      return nil
    }
    guard isFolder else { return [name] }
    let folder = name.hasSuffix("/") ? String(name.dropLast()) : name
    let found = entries(of: folder).filter { entry in endings.contains(where: entry.hasSuffix) }
      .map { "\(folder)/\($0)" }.filter { FolderFiles.sort(of: $0) != .flow }
    guard !found.isEmpty else {
      throw CommandFault("there is no file of test cases in \(name): they end in \(endings.joined(separator: ", "))")
    }
    return found
  }

  private static func entries(of folder: String) -> [String] {
    do throws(ByteFile.Fault) { return try FolderFiles.names(in: folder, endings: endings) } catch {
      return []  // what cannot be read matches nothing, and that is said
    }
  }

  /// The sound of a recording.
  @Sendable static func sound(at path: String) throws(CallFailure) -> PCMBuffer {
    do throws(CommandFault) { return try AudioInput(path).audio } catch {
      throw .callerEngine(error.description)
    }
  }
}

extension Settings {
  /// Where the sample cases are, in the repository and inside the program.
  static let sampleCases = "Samples/testcases"

  /// The folder of the test cases: the one that is named, or that of the repository when this is started there.
  var caseFolder: String? { folder(Self.sampleCases, named: "VOICEFORGE_CASES") }
}

/// A pattern of file names, as in a shell: `*` stands for any characters, `?` for one.
struct Glob {
  private let pattern: [Character]

  /// - Parameter pattern: of one name, without a slash.
  init(_ pattern: String) { self.pattern = Array(pattern) }

  /// Whether all of `name` fits.
  func matches(_ name: String) -> Bool {
    // After each character of the pattern: which beginnings of the name fit so far.
    let name = Array(name)
    var fits = [Bool](repeating: false, count: name.count + 1)
    fits[0] = true
    for sign in pattern {
      var next = [Bool](repeating: false, count: name.count + 1)
      for length in fits.indices {
        if sign == "*" {
          next[length] = fits[length] || (length > 0 && next[length - 1])
        } else if length > 0, fits[length - 1], sign == "?" || sign == name[length - 1] {
          next[length] = true
        }
      }
      fits = next
    }
    return fits[name.count]
  }
}
