import CallCore
import Yams

/// Reads YAML into nodes with places. The only file that knows the YAML library.
enum YAMLFile {
  /// The root; `nil` when there is none, with the reason among the faults.
  ///
  /// A key that stands twice is put on record and read as if its second were not there, so that the rest can still be checked.
  static func root(of text: String, into log: FlowFaultLog) -> FileNode? {
    if let alias = firstAlias(in: text) {
      log.add(
        .alias, at: alias,
        "anchors and aliases (&name, *name) are not supported: write the text out, or make it a variable")
      return nil
    }
    var text = text
    for round in 0..<duplicatesMax {
      do {
        guard let node = try compose(yaml: text) else { break }
        return convert(node, into: log)
      } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
        let first = FilePlace(line: context.mark.line, column: context.mark.column)
        let (place, key) = secondPlace(of: keys, after: first, in: text)
        log.add(.duplicate, at: place ?? first, "`\(key)` is there twice: rename or remove one")
        guard let place else { return nil }
        text = marked(text, at: place, as: "\(duplicateMark)\(round)", instead: key)
      } catch {
        log.add(.brokenYAML, at: self.place(of: error), explanation(of: error))
        return nil
      }
    }
    log.add(.missingKey, at: .start, "the file is empty: a flow needs at least `states`")
    return nil
  }

  private static let duplicatesMax = 50
  private static let duplicateMark = "\u{E000}duplicate"

  private static func convert(_ node: Node, into log: FlowFaultLog) -> FileNode {
    let place = FilePlace(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    switch node {
    case .scalar(let scalar):
      let isNothing = scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
      return FileNode(content: isNothing ? .nothing : .text(scalar.string), place: place)
    case .sequence(let sequence):
      return FileNode(content: .list(sequence.map { convert($0, into: log) }), place: place)
    case .mapping(let mapping):
      return FileNode(content: .mapping(fields(of: mapping, into: log)), place: place)
    case .alias:
      return FileNode(content: .nothing, place: place)  // `firstAlias` has refused the file
    }
  }

  private static func fields(of mapping: Node.Mapping, into log: FlowFaultLog) -> [FileField] {
    var seen: Set<String> = []
    return mapping.compactMap { key, value in
      let place = FilePlace(line: key.mark?.line ?? 1, column: key.mark?.column ?? 1)
      guard case .scalar(let scalar) = key else {
        log.add(.wrongType, at: place, "a key must be a text; a text that begins with { or [ must be in quotes")
        return nil
      }
      if scalar.string.hasPrefix(duplicateMark) { return nil }
      if !seen.insert(scalar.string).inserted {  // `1` and `"1"`, which YAML tells apart
        log.add(.duplicate, at: place, "`\(scalar.string)` is there twice: rename or remove one")
        return nil
      }
      return FileField(key: scalar.string, at: place, value: convert(value, into: log))
    }
  }

  /// The library names the first of two equal keys; the second is the next line with the same key in the same column.
  private static func secondPlace(
    of keys: [String], after first: FilePlace, in text: String
  ) -> (place: FilePlace?, key: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for number in lines.indices.dropFirst(first.line) {
      let rest = lines[number].unicodeScalars.dropFirst(first.column - 1)
      let isIndented = lines[number].unicodeScalars.prefix(first.column - 1).allSatisfy { $0 == " " }
      for key in keys where isIndented && rest.starts(with: "\(key):".unicodeScalars) {
        return (FilePlace(line: number + 1, column: first.column), key)
      }
    }
    return (nil, keys.first ?? "")
  }

  private static func marked(_ text: String, at place: FilePlace, as mark: String, instead key: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let line = lines[place.line - 1].unicodeScalars
    let start = String(String.UnicodeScalarView(line.prefix(place.column - 1)))
    let end = String(String.UnicodeScalarView(line.dropFirst(place.column - 1 + key.unicodeScalars.count)))
    lines[place.line - 1] = start + mark + end
    return lines.joined(separator: "\n")
  }

  /// The first `&name` that some `*name` refers to. Without one, nothing in a file can grow when it is read; ampersands and
  /// asterisks of texts hardly ever make such a pair.
  private static func firstAlias(in text: String) -> FilePlace? {
    var anchors: [String: FilePlace] = [:]
    var aliases: Set<String> = []
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let scalars = Array(line.unicodeScalars)
      for (index, scalar) in scalars.enumerated() where scalar == "&" || scalar == "*" {
        let before = index == 0 ? " " : scalars[index - 1]
        let name = scalars[(index + 1)...].prefix {
          $0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "_" || $0 == "-"
        }
        guard !name.isEmpty, " \t[{,:-?\r".unicodeScalars.contains(before) else { continue }
        let key = String(String.UnicodeScalarView(name))
        if scalar == "*" { aliases.insert(key) }
        if scalar == "&", anchors[key] == nil { anchors[key] = FilePlace(line: number + 1, column: index + 1) }
      }
    }
    return anchors.filter { aliases.contains($0.key) }.values.min { ($0.line, $0.column) < ($1.line, $1.column) }
  }

  /// Where the trouble is; for what was never closed, where it was opened.
  private static func place(of error: any Error) -> FilePlace {
    switch error {
    case YamlError.scanner(let context, let problem, let mark, _),
      YamlError.parser(let context, let problem, let mark, _),
      YamlError.composer(let context, let problem, let mark, _):
      let best = problem.contains("end of stream") ? context?.mark ?? mark : mark
      return FilePlace(line: max(best.line, 1), column: max(best.column, 1))
    default:
      return .start
    }
  }

  private static func explanation(of error: any Error) -> String {
    let problem =
      switch error {
      case YamlError.scanner(_, let problem, _, _), YamlError.parser(_, let problem, _, _),
        YamlError.composer(_, let problem, _, _), YamlError.reader(let problem, _, _, _):
        problem
      default:
        "it cannot be read"
      }
    let advice =
      problem.contains("mapping values are not allowed")
      ? "a text with a colon and a blank in it must be in quotes"
      : "look for a missing quote, a tab or a wrong indentation there or just above"
    return "not YAML: \(problem); \(advice)"
  }
}
