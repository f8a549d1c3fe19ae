import CallCore

/// One thing that is wrong with a flow file or a file of test cases.
public struct FileFault: Error, Sendable, Hashable, Codable {
  /// As it was given to the reader.
  public var file: String
  /// From 1.
  public var line: Int
  /// From 1, in Unicode scalars.
  public var column: Int
  /// What sort of thing.
  public var kind: FileFaultKind
  /// What is wrong and what to do.
  public var message: String

  package init(file: String, line: Int, column: Int, kind: FileFaultKind, message: String) {
    self.file = file
    self.line = line
    self.column = column
    self.kind = kind
    self.message = message
  }
}

extension FileFault: CustomStringConvertible {
  /// In the form that editors jump to: `flows/menu.yaml:7:5: …`.
  public var description: String { "\(file):\(line):\(column): \(message)" }
}

/// What can be wrong with a flow file or a file of test cases.
public enum FileFaultKind: String, Sendable, Hashable, Codable, CaseIterable {
  /// Not YAML, or YAML that says something else than was meant.
  case brokenYAML = "broken-yaml"
  /// An anchor that an alias refers to.
  case alias
  /// A key that means nothing there.
  case unknownKey = "unknown-key"
  /// A key that must be there is not.
  case missingKey = "missing-key"
  /// The same name twice.
  case duplicate
  /// A list where a text is expected, a number that is none, and the like.
  case wrongType = "wrong-type"
  /// A number, length or count outside its limits.
  case outOfLimits = "out-of-limits"
  /// A name with characters that names must not have, or one that is taken by the product.
  case badName = "bad-name"
  /// A state of no kind, or of two.
  case unknownKind = "unknown-kind"
  /// No state of that name.
  case unknownState = "unknown-state"
  /// No flow of that name.
  case unknownFlow = "unknown-flow"
  /// A test case names a caller that is not in the library.
  case unknownCaller = "unknown-caller"
  /// A state's short form names an intent that the file does not describe.
  case unknownIntent = "unknown-intent"
  /// A text names a variable that nothing gives a value to.
  case unknownVariable = "unknown-variable"
  /// A text names a filter that there is not.
  case unknownFilter = "unknown-filter"
  /// A text without words.
  case emptyText = "empty-text"
  /// A brace that belongs to no variable.
  case strayBrace = "stray-brace"
  /// Marks of SSML that are not understood.
  case badMarkup = "bad-markup"
  /// Not a regular expression, or one with what there is not: look-around, back-references.
  case badExpression = "bad-expression"
  /// No way leads there.
  case unreachable
  /// No way leads on from there to an end.
  case deadEnd = "dead-end"
  /// States that go round without ever waiting for the caller.
  case endlessLoop = "endless-loop"
  /// A slot that the flow never fills.
  case unknownSlot = "unknown-slot"
  /// An outcome that the flow never comes to.
  case unknownOutcome = "unknown-outcome"
  /// What cannot be true, done or checked together.
  case contradiction
  /// A column of a table that nothing in the case names.
  case unusedColumn = "unused-column"
  /// A recording that there is not.
  case missingFile = "missing-file"
  /// What a file asks for is not installed.
  case notInstalled = "not-installed"
  /// Not the JSON of test cases.
  case badJSON = "bad-json"
}

/// Everything that is wrong with a flow file or a file of test cases, or with several.
public struct FileFaults: Error, Sendable, Hashable {
  /// Not empty; by file, then by line.
  public var faults: [FileFault]

  /// - Parameter faults: not empty.
  public init(_ faults: [FileFault]) {
    self.faults = faults.sorted {
      ($0.file, $0.line, $0.column, $0.message) < ($1.file, $1.line, $1.column, $1.message)
    }
  }
}

extension FileFaults: CustomStringConvertible {
  /// One line each.
  public var description: String { faults.map(\.description).joined(separator: "\n") }
}

/// Collects the faults of one file.
final class FileFaultLog {
  let file: String
  private(set) var faults: [FileFault] = []

  /// More than anyone mends at a time; further ones are not kept.
  static let faultsMax = 200

  init(file: String) { self.file = file }

  func add(_ kind: FileFaultKind, at place: FilePlace, _ message: String) {
    guard faults.count < FileFaultLog.faultsMax else { return }
    let fault = FileFault(file: file, line: place.line, column: place.column, kind: kind, message: message)
    // What many cases share is read once for each of them.
    if !faults.contains(fault) { faults.append(fault) }
  }

  /// Puts on record that there are more of something than are read.
  func checkCount(_ count: Int, max: Int, at place: FilePlace, _ owner: String, _ plural: String) {
    guard count > max else { return }
    add(.outOfLimits, at: place, "\(owner) has \(count) \(plural); at most \(max) are allowed")
  }

  /// `; did you mean …?` where one of the names is near enough.
  /// - Parameter otherwise: what is said where none is.
  static func suggestion(
    for name: String, among names: some Sequence<String>, otherwise: String = ""
  ) -> String {
    let limit = name.count <= 1 ? 0 : name.count <= 5 ? 1 : 2
    let distances = Set(names).sorted().map { other in
      (other, EditDistance.of(Array(name.lowercased().utf8), Array(other.lowercased().utf8), atMost: limit))
    }
    guard let best = distances.min(by: { $0.1 < $1.1 }), best.1 <= limit else { return otherwise }
    return "; did you mean `\(best.0)`?"
  }
}
