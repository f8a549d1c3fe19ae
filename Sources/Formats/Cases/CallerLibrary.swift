public import CallCore

/// Callers that test cases can name. `Samples/callers/README.md` describes their files.
public struct CallerLibrary: Sendable {
  /// One of them: what people are told of it, and what a case gets.
  public struct Entry: Sendable {
    /// Small letters, digits and hyphens.
    public let name: String
    /// Who it is, in a line.
    public let title: String
    /// For people; empty where nothing is said.
    public let age, accent, temper, line: String
    /// Its voice, manner and patience.
    public let profile: CallerProfile
    /// `caller`, `disfluency` and `world`, as they stand in its file.
    let sections: FileNode
  }

  /// Most callers of a library: a list that can still be read.
  public static let entriesMax = 200

  /// In the order of the files.
  public private(set) var entries: [Entry] = []

  /// Without callers.
  public init() {}

  /// Reads files of callers.
  /// - Returns: all callers, or all that is wrong with any file.
  public static func readAll(_ files: [(file: String, text: String)]) -> Result<CallerLibrary, FileFaults> {
    var library = CallerLibrary()
    var faults: [FileFault] = []
    for file in files {
      let log = FileFaultLog(file: file.file)
      CallerLibraryReader(log: log).read(file.text, into: &library)
      faults += log.faults
    }
    return faults.isEmpty ? .success(library) : .failure(FileFaults(faults))
  }

  /// In the order of the files.
  public var names: [String] { entries.map(\.name) }

  /// The caller of that name.
  public subscript(_ name: String) -> Entry? { entries.first { $0.name == name } }

  mutating func add(_ entry: Entry) { entries.append(entry) }
}

/// Reads one file of callers.
private struct CallerLibraryReader {
  let log: FileFaultLog

  private static let sections = ["caller", "disfluency", "world"]
  private static let texts = ["title", "age", "accent", "temper", "line"]
  private static let world = ["noise", "level", "echo", "telephone", "codec", "network"]
  private static let caller = ["voice", "persona", "rate", "pitch", "pause", "patience"]

  func read(_ text: String, into library: inout CallerLibrary) {
    guard text.utf8.count <= CaseLimits.fileBytesMax else {
      let size = "the file has \(text.utf8.count) bytes; at most \(CaseLimits.fileBytesMax) are allowed"
      return log.add(.outOfLimits, at: .start, size)
    }
    guard let root = YAMLFile.root(of: text, into: log, needs: "write a name, and under it `title` and `caller`") else {
      return
    }
    guard case .mapping(let fields) = root.content else {
      return log.add(.wrongType, at: root.place, "the file must be a mapping of names to callers, not \(root.sort)")
    }
    for field in fields {
      guard library.entries.count < CallerLibrary.entriesMax else {
        return log.add(
          .outOfLimits, at: field.at, "at most \(CallerLibrary.entriesMax) callers are allowed: leave some out")
      }
      guard library[field.key] == nil else {
        log.add(.duplicate, at: field.at, "there is a caller `\(field.key)` already: give it another name")
        continue
      }
      if let entry = entry(field) { library.add(entry) }
    }
  }

  private func entry(_ field: FileField) -> CallerLibrary.Entry? {
    guard Self.isName(field.key) else {
      log.add(
        .badName, at: field.at,
        "`\(field.key)` cannot name a caller: small letters, digits and hyphens, at most \(CaseLimits.idMax)")
      return nil
    }
    let context = CaseParseContext(log: log) { _ in false }
    let owner = "caller `\(field.key)`"
    guard let fields = FieldReader(field.value, owner: owner, keys: Self.texts + Self.sections, context: context)
    else { return nil }
    if !fields.has("title") { fields.reportMissing("title", "say in a line who it is") }
    _ = fields.section("caller", keys: Self.caller)
    _ = fields.section("world", keys: Self.world)
    let profile = CallerReader(context: context).caller(fields)
    _ = CallerReader(context: context).disfluency(fields)
    _ = WorldReader(context: context).read(fields)
    func words(_ key: String) -> String { fields.text(key, max: CaseLimits.phraseMax) ?? "" }
    return CallerLibrary.Entry(
      name: field.key, title: words("title"), age: words("age"), accent: words("accent"), temper: words("temper"),
      line: words("line"), profile: profile, sections: field.value.keeping(Self.sections))
  }

  private static func isName(_ name: String) -> Bool {
    !name.isEmpty && name.scalarCount <= CaseLimits.idMax
      && name.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }
  }
}

extension FileNode {
  /// `caller: NAME`, or `profile: NAME` in `caller`, as what the library has of that caller; what is written beside it stands over that.
  func withNamedCaller(_ context: CaseParseContext) -> FileNode {
    guard case .mapping(var fields) = content, let index = fields.firstIndex(where: { $0.key == "caller" }) else {
      return self
    }
    let name: FileNode
    switch fields[index].value.content {
    case .text:
      name = fields[index].value
      fields[index].value.content = .mapping([])
    case .mapping(var own):
      guard let profile = own.firstIndex(where: { $0.key == "profile" }) else { return self }
      name = own.remove(at: profile).value
      fields[index].value.content = .mapping(own)
    case .nothing, .list: return self
    }
    let rest = FileNode(content: .mapping(fields), place: place)
    guard let entry = context.caller(named: name) else { return rest }
    return rest.merged(over: entry.sections)
  }
}

extension CaseParseContext {
  /// The caller of the library; `nil`, with a fault, when there is none.
  func caller(named node: FileNode) -> CallerLibrary.Entry? {
    guard case .text(let name) = node.content else {
      log.add(.wrongType, at: node.place, "the name of a caller must be a text, not \(node.sort)")
      return nil
    }
    if let entry = callers[name] { return entry }
    let known = callers.entries.isEmpty ? "there are none" : "there are \(callers.names.joined(separator: ", "))"
    let hint = FileFaultLog.suggestion(for: name, among: callers.names)
    log.add(
      .unknownCaller, at: node.place,
      "there is no caller `\(name)`\(hint.isEmpty ? "; \(known)" : "\(hint) (\(known))")")
    return nil
  }
}
