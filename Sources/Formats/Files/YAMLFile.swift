import CYAML
import JSON

/// Reads YAML into nodes with places, and says what is wrong with what is not YAML.
enum YAMLFile {
  /// The root; `nil` when there is none, with the reason among the faults.
  ///
  /// - Parameter need: what an empty file lacks, for people.
  static func root(of text: String, into log: FileFaultLog, needs need: String) -> FileNode? {
    do throws(YAMLFault) {
      return try YAMLParser.root(of: text, into: log)
    } catch {
      report(error, in: log, need)
      return nil
    }
  }

  private static func report(_ fault: YAMLFault, in log: FileFaultLog, _ need: String) {
    switch fault {
    case .empty: log.add(.missingKey, at: .start, "the file is empty: \(need)")
    case .alias(let place):
      log.add(
        .alias, at: place,
        "anchors and aliases (&name, *name) are not supported: write the text out")
    case .broken(let problem, let place):
      let advice =
        problem.contains("mapping values are not allowed")
        ? "a text with a colon and a blank in it must be in quotes"
        : "look for a missing quote, a tab or a wrong indentation there or just above"
      log.add(.brokenYAML, at: place, "not YAML: \(problem); \(advice)")
    }
  }
}

/// Reads one YAML document into nodes with places, by the events of libyaml.
struct YAMLParser {
  private let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
  private let log: FileFaultLog
  /// The file, where there is a comment or something like one in it; libyaml's places count in these. Empty otherwise.
  private let scalars: [Unicode.Scalar]

  /// Lists and mappings within one another; recursion goes no deeper, and no flow needs 10.
  private static let depthMax = 64

  private init(_ text: String, log: FileFaultLog) {
    self.log = log
    scalars = text.utf8.contains(UInt8(ascii: "#")) ? Array(text.unicodeScalars) : []
    parser.initialize(to: yaml_parser_t())
  }

  /// The document's root.
  static func root(of text: String, into log: FileFaultLog) throws(YAMLFault) -> FileNode {
    let reader = YAMLParser(text, log: log)
    defer { reader.parser.deallocate() }
    guard yaml_parser_initialize(reader.parser) == 1 else {
      throw .broken(problem: "the reader could not be set up", place: .start)
    }
    defer { yaml_parser_delete(reader.parser) }
    // libyaml keeps the address, so the bytes must stay where they are while it reads.
    let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(text.utf8.count, 1))
    defer { bytes.deallocate() }
    _ = bytes.initialize(from: text.utf8)
    yaml_parser_set_input_string(reader.parser, bytes.baseAddress, text.utf8.count)
    return try reader.document()
  }

  private func document() throws(YAMLFault) -> FileNode {
    var root: FileNode?
    while true {
      let event = try next()
      switch event.kind {
      case YAML_STREAM_START_EVENT, YAML_DOCUMENT_START_EVENT, YAML_DOCUMENT_END_EVENT: continue
      case YAML_STREAM_END_EVENT:
        guard let root else { throw .empty }
        return root
      default:
        guard root == nil else { throw .broken(problem: "a second document begins", place: event.place) }
        root = try node(event, depth: 0)
      }
    }
  }

  private func node(_ event: YAMLEvent, depth: Int) throws(YAMLFault) -> FileNode {
    guard !event.isAnchored, event.kind != YAML_ALIAS_EVENT else { throw .alias(event.place) }
    guard depth < Self.depthMax else { throw .broken(problem: "too many levels", place: event.place) }
    switch event.kind {
    case YAML_SEQUENCE_START_EVENT:
      return FileNode(content: .list(try elements(depth: depth)), place: event.place)
    case YAML_MAPPING_START_EVENT:
      return FileNode(content: .mapping(try fields(depth: depth)), place: event.place)
    default:
      let isNothing = event.isPlain && ["", "~", "null"].contains(event.text)
      return FileNode(
        content: isNothing ? .nothing : .text(event.text), place: event.place,
        endsAtComment: event.isPlain && isComment(at: event.end))
    }
  }

  /// Whether a comment begins one blank behind `index`.
  private func isComment(at index: Int) -> Bool {
    index + 1 < scalars.count && [" ", "\t"].contains(scalars[index]) && scalars[index + 1] == "#"
  }

  private func elements(depth: Int) throws(YAMLFault) -> [FileNode] {
    var elements: [FileNode] = []
    while true {
      let event = try next()
      if event.kind == YAML_SEQUENCE_END_EVENT { return elements }
      elements.append(try node(event, depth: depth + 1))
    }
  }

  /// A key that stands twice is put on record and read as if its second were not there, so that the rest can still be checked.
  private func fields(depth: Int) throws(YAMLFault) -> [FileField] {
    var fields: [FileField] = []
    var seen: Set<String> = []
    while true {
      let key = try next()
      if key.kind == YAML_MAPPING_END_EVENT { return fields }
      let isText = key.kind == YAML_SCALAR_EVENT
      _ = try node(key, depth: depth + 1)
      let value = try node(try next(), depth: depth + 1)
      if !isText {
        log.add(.wrongType, at: key.place, "a key must be a text; a text that begins with { or [ must be in quotes")
      } else if !seen.insert(key.text).inserted {
        log.add(.duplicate, at: key.place, "`\(key.text)` is there twice: rename or remove one")
      } else {
        fields.append(FileField(key: key.text, at: key.place, value: value))
      }
    }
  }

  private func next() throws(YAMLFault) -> YAMLEvent {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw fault() }
    defer { yaml_event_delete(&event) }
    return YAMLEvent(event)
  }

  /// Where the trouble is; for what was never closed, where it was opened.
  private func fault() -> YAMLFault {
    let problem = parser.pointee.problem.map { String(cString: $0) } ?? "it cannot be read"
    let hasContext = parser.pointee.context != nil
    let mark =
      problem.contains("end of stream") && hasContext ? parser.pointee.context_mark : parser.pointee.problem_mark
    return .broken(problem: problem, place: FilePlace(mark))
  }
}

extension FilePlace {
  fileprivate init(_ mark: yaml_mark_t) { self.init(line: mark.line + 1, column: mark.column + 1) }
}

/// One event of libyaml as a value of its own.
struct YAMLEvent {
  let kind: yaml_event_type_t
  let place: FilePlace
  /// Behind it, in Unicode scalars from the start of the file.
  let end: Int
  /// Of a scalar; empty otherwise.
  private(set) var text = ""
  /// Whether a scalar stands without quotes.
  private(set) var isPlain = false
  /// Whether it has a name that an alias could refer to.
  private(set) var isAnchored = false

  /// Copies what is needed, so that `event` can be deleted.
  init(_ event: yaml_event_t) {
    kind = event.type
    place = FilePlace(line: event.start_mark.line + 1, column: event.start_mark.column + 1)
    end = event.end_mark.index
    switch event.type {
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE
      isAnchored = scalar.anchor != nil
    case YAML_SEQUENCE_START_EVENT: isAnchored = event.data.sequence_start.anchor != nil
    case YAML_MAPPING_START_EVENT: isAnchored = event.data.mapping_start.anchor != nil
    default: break
    }
  }
}

/// Why a text is not YAML, or not of the kind that is read here.
enum YAMLFault: Error {
  /// The library cannot read on at `place`; `problem` is its own word for it.
  case broken(problem: String, place: FilePlace)
  /// An anchor or an alias: with them a small file can grow without bound.
  case alias(FilePlace)
  /// There is nothing in the text.
  case empty
}
