import CallCore
import Engines
import FoundationEssentials
import Glibc

/// What the environment and a `.env` file say. Command-line options come before both, defaults after.
struct Settings {
  /// The variables: the environment's own, and those of `.env` that it does not have.
  let variables: [String: String]

  /// Reads the process' environment and `.env` in the working directory, when there is one.
  /// - Throws: `CommandFault` when `.env` cannot be read.
  init() throws(CommandFault) {
    let own = ProcessInfo.processInfo.environment
    variables = own.merging(try EnvironmentFile.here()?.variables ?? [:]) { mine, _ in mine }
  }

  subscript(name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }

  /// Where the speech engines are.
  var engineFolder: EngineFolder { EngineFolder(environment: variables) }

  /// The folder of the page, for who works on it; without, the page inside the program is served.
  var webFolder: String? { self["VOICEFORGE_WEB"] }

  /// The folder of the flow files: the one that is named, or that of the repository when this is started there. Without, the sample flows
  /// inside the program are used.
  var flowFolder: String? { folder("Samples/flows", named: "VOICEFORGE_FLOWS") }

  /// Where models and voices of the operator's own are: the folders that are named, or `models` and `voices` where this is started.
  /// - Parameters:
  ///   - models: instead of `VOICEFORGE_MODELS`.
  ///   - voices: instead of `VOICEFORGE_VOICES`.
  func modelFolder(models: String? = nil, voices: String? = nil) -> ModelFolder {
    ModelFolder(
      models: models ?? self["VOICEFORGE_MODELS"] ?? usualFolder("models"),
      voices: voices ?? self["VOICEFORGE_VOICES"] ?? usualFolder("voices"),
      isModelsNamed: models != nil || self["VOICEFORGE_MODELS"] != nil)
  }

  /// One that nobody named is used where it is a folder that can be read.
  private func usualFolder(_ path: String) -> String? {
    var status = stat()
    let isFolder = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    return isFolder && access(path, R_OK | X_OK) == 0 ? path : nil
  }

  func folder(_ path: String, named name: String) -> String? {
    self[name] ?? (FileManager.default.fileExists(atPath: path) ? path : nil)
  }
}

/// Reads `.env` files: `NAME=value` lines, quotes around values, `export` before names, comments behind `#`.
///
/// A value in quotes is taken as it stands, up to the quote that nothing but a comment follows. Of one without quotes, blanks around it
/// and what follows a blank and `#` are left out.
struct EnvironmentFile {
  /// Of two with one name, the later counts.
  private(set) var variables: [String: String] = [:]
  /// What could not be read, in the order of the lines.
  private(set) var faults: [EnvironmentLineError] = []

  /// A line that says nothing. Its text is not kept: it may hold a password.
  struct EnvironmentLineError: Equatable, CustomStringConvertible {
    /// From 1.
    let line: Int
    let problem: String
    /// Whether the line has to do with a setting of this program.
    let isOurs: Bool

    var description: String { ".env, line \(line): \(problem)" }
  }

  static let bytesMax = 1 << 20
  /// What names of this program's settings have in them; a line with one of these was meant for it.
  private static let ownNames = [
    "VOICE_", "VOICEFORGE_", "TWILIO_", "OPENAI_", "ENABLE_LLM", "USE_DATABASE", "DATABASE_URL", "MAX_TRANSCRIPT_SIZE",
    "OTEL_",
  ]

  init(_ text: String) {
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      do throws(Problem) { try read(line) } catch {
        let isOurs = Self.ownNames.contains { line.uppercased().contains($0) }
        faults.append(EnvironmentLineError(line: index + 1, problem: error.description, isOurs: isOurs))
      }
    }
  }

  /// The file in the working directory; `nil` when there is none. A folder of that name belongs to somebody else.
  /// - Throws: `CommandFault` when it cannot be read, or when a line that was meant for this program says nothing: a server whose key was
  ///   passed over would be open to everybody.
  static func here() throws(CommandFault) -> EnvironmentFile? {
    var status = stat()
    if stat(".env", &status) != 0, errno == ENOENT { return nil }
    guard status.st_mode & S_IFMT != S_IFDIR else { return nil }
    let bytes: [UInt8]
    do throws(ByteFile.Fault) { bytes = try ByteFile.read(".env", bytesMax: bytesMax + 1) } catch {
      throw CommandFault("cannot read .env: \(error); make it readable, or remove it")
    }
    guard bytes.count <= bytesMax else { throw CommandFault(".env is larger than \(bytesMax) bytes; shorten it") }
    let file = EnvironmentFile(try TextFile.text(of: bytes, from: ".env"))
    for fault in file.faults where !fault.isOurs { Terminal.errorLine("voiceforge: \(fault); the line is passed over") }
    if let fault = file.faults.first(where: \.isOurs) { throw CommandFault("\(fault)") }
    return file
  }

  private enum Problem: Error {
    case noAssignment, badName, openQuote

    var description: String {
      switch self {
      case .noAssignment: "it is not NAME=value; correct it, or begin it with #"
      case .badName: "what stands before = is no name of a variable; correct it, or begin the line with #"
      case .openQuote: "a quote is not closed, or something follows it; close it, or put a # before what follows"
      }
    }
  }

  private mutating func read(_ line: Substring) throws(Problem) {
    var line = line.drop(while: \.isWhitespace)
    guard let first = line.first, first != "#" else { return }
    if line.hasPrefix("export"), line.dropFirst(6).first?.isWhitespace == true { line = line.dropFirst(6) }
    guard let equals = line.firstIndex(of: "=") else { throw .noAssignment }
    let name = Self.trimmed(line[..<equals])
    let isName = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) || "_.-".contains($0) }
    guard isName, !name.isEmpty else { throw .badName }
    variables[String(name)] = try Self.value(of: Self.trimmed(line[line.index(after: equals)...]))
  }

  private static func value(of written: Substring) throws(Problem) -> String {
    guard let quote = written.first, quote == "\"" || quote == "'" else { return String(withoutComment(written)) }
    let inside = written.dropFirst()
    for index in inside.indices where inside[index] == quote {
      let rest = inside[inside.index(after: index)...]
      let behind = rest.drop(while: \.isWhitespace)
      if behind.isEmpty || (behind.first == "#" && rest.first?.isWhitespace == true) { return String(inside[..<index]) }
    }
    throw .openQuote
  }

  private static func withoutComment(_ written: Substring) -> Substring {
    var isBehindBlank = true
    for index in written.indices {
      if written[index] == "#", isBehindBlank { return trimmed(written[..<index]) }
      isBehindBlank = written[index].isWhitespace
    }
    return written
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
