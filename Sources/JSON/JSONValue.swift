/// A JSON text as a value.
public enum JSONValue: Sendable, Equatable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number without fraction and exponent that fits.
  case integer(Int64)
  /// Any other number; finite.
  case number(Double)
  /// Text.
  case string(String)
  /// A list.
  case array([JSONValue])
  /// Members by name.
  case object([String: JSONValue])

  /// Reads one JSON text (RFC 8259), strictly: no comments, no trailing commas, no name twice in one object, no half
  /// surrogate, nothing behind the value.
  /// - Parameters:
  ///   - bytes: UTF-8. The caller bounds the length; the value takes a few times as much memory.
  ///   - nestingMax: lists and objects within one another; recursion goes no deeper.
  public init(parsing bytes: UnsafeRawBufferPointer, nestingMax: Int = 64) throws(JSONFault) {
    var parser = JSONParser(bytes, nestingMax: nestingMax)
    self = try parser.document()
  }

  /// The same for bytes in an array.
  public init(parsing bytes: [UInt8], nestingMax: Int = 64) throws(JSONFault) {
    self = try bytes.span.bytes.withUnsafeBytes { buffer throws(JSONFault) in
      try JSONValue(parsing: buffer, nestingMax: nestingMax)
    }
  }

  /// The same for a text.
  public init(parsing text: String, nestingMax: Int = 64) throws(JSONFault) {
    self = try JSONValue(parsing: Array(text.utf8), nestingMax: nestingMax)
  }

  /// The member `name` of an object; `nil` when it is absent, `null`, or this is no object.
  public subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self, let value = members[name], value != .null else { return nil }
    return value
  }

  /// The number, where it is whole and fits; `16000.0` is whole.
  public var wholeNumber: Int64? {
    switch self {
    case .integer(let number): number
    case .number(let number): Int64(exactly: number)
    default: nil
    }
  }

  /// The same with U+FFFD for each NUL of its texts and names.
  package var withoutNUL: JSONValue {
    switch self {
    case .string(let text): .string(text.withoutNUL)
    case .array(let elements): .array(elements.map(\.withoutNUL))
    case .object(let members):
      .object(Dictionary(members.map { ($0.key.withoutNUL, $0.value.withoutNUL) }, uniquingKeysWith: { $1 }))
    case .null, .bool, .integer, .number: self
    }
  }

  /// What it is, for a message to people, such as `the text "ab"` or `the number 5`; at most about 60 characters.
  public var summary: String {
    switch self {
    case .null: "null"
    case .bool(let flag): "\(flag)"
    case .integer(let number): "the number \(number)"
    case .number(let number): "the number \(number)"
    case .string(let text): "the text \(text.quoted)"
    case .array(let elements): "a list of \(elements.count)"
    case .object(let members): "an object of \(members.count)"
    }
  }
}

extension String {
  fileprivate var withoutNUL: String {
    guard utf8.contains(0) else { return self }
    return String(String.UnicodeScalarView(unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
  }

  /// The text in quotation marks for a message: at most 40 characters, control characters replaced.
  package var quoted: String {
    let scalars = unicodeScalars.prefix(40).map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }
    let more = unicodeScalars.dropFirst(40).isEmpty ? "" : "…"
    return "\"\(String(String.UnicodeScalarView(scalars)))\(more)\""
  }
}

extension JSONValue {
  /// The value at a path such as `order.items.0.name`, as text: names lead into objects, numbers from 0 into lists.
  ///
  /// - Returns: `nil` when nothing is there, or an object or a list.
  public func text(at path: String) -> String? { value(at: path)?.scalarText }

  /// Whatever stands there.
  package func value(at path: String) -> JSONValue? {
    var value = self
    for step in path.split(separator: ".") {
      switch value {
      case .object(let members):
        guard let member = members[String(step)] else { return nil }
        value = member
      case .array(let elements):
        guard let index = Int(step), elements.indices.contains(index) else { return nil }
        value = elements[index]
      case .null, .bool, .integer, .number, .string: return nil
      }
    }
    return value
  }

  /// A text, a number, true or false as text.
  package var scalarText: String? {
    switch self {
    case .string(let text): text
    case .integer(let number): "\(number)"
    case .number(let number): "\(number)"
    case .bool(let flag): flag ? "true" : "false"
    case .null, .array, .object: nil
    }
  }
}
