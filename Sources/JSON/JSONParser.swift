/// Reads JSON of at most `nestingMax` levels. Our own because Foundation's decoder turns every message into a tree of
/// containers, takes a member that is named twice, allows 512 levels, and names neither the field nor what came.
struct JSONParser {
  private let bytes: UnsafeRawBufferPointer
  private let nestingMax: Int
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer, nestingMax: Int) {
    self.bytes = bytes
    self.nestingMax = nestingMax
  }

  /// One value with nothing behind it. A byte order mark before it is passed over, as RFC 8259, section 8.1, allows: editors of Windows
  /// write one.
  mutating func document() throws(JSONFault) -> JSONValue {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    let value = try value(depth: 0)
    skipSpace()
    guard position == bytes.count else { throw fault("the end") }
    return value
  }

  private mutating func value(depth: Int) throws(JSONFault) -> JSONValue {
    skipSpace()
    guard let byte = next else { throw fault("a value") }
    switch byte {
    case UInt8(ascii: "{"): return .object(try members(depth: try deeper(depth)))
    case UInt8(ascii: "["): return .array(try elements(depth: try deeper(depth)))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw fault("a value")
    }
  }

  private func deeper(_ depth: Int) throws(JSONFault) -> Int {
    guard depth < nestingMax else {
      throw JSONFault(kind: .tooDeep, offset: position, problem: "more than \(nestingMax) levels of lists and objects")
    }
    return depth + 1
  }

  private mutating func members(depth: Int) throws(JSONFault) -> [String: JSONValue] {
    var members: [String: JSONValue] = [:]
    position += 1
    skipSpace()
    if consume(UInt8(ascii: "}")) { return members }
    repeat {
      skipSpace()
      let start = position
      guard next == UInt8(ascii: "\"") else { throw fault("a member's name in quotation marks") }
      let name = try string()
      skipSpace()
      guard consume(UInt8(ascii: ":")) else { throw fault("':'") }
      guard members.updateValue(try value(depth: depth), forKey: name) == nil else {
        throw JSONFault(kind: .malformed, offset: start, problem: "the member \(name.quoted) is there twice")
      }
      skipSpace()
    } while consume(UInt8(ascii: ","))
    guard consume(UInt8(ascii: "}")) else { throw fault("',' or '}'") }
    return members
  }

  private mutating func elements(depth: Int) throws(JSONFault) -> [JSONValue] {
    var elements: [JSONValue] = []
    position += 1
    skipSpace()
    if consume(UInt8(ascii: "]")) { return elements }
    repeat {
      elements.append(try value(depth: depth))
      skipSpace()
    } while consume(UInt8(ascii: ","))
    guard consume(UInt8(ascii: "]")) else { throw fault("',' or ']'") }
    return elements
  }

  private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONFault) -> JSONValue {
    for index in 0..<word.utf8CodeUnitCount {
      guard consume(word.utf8Start[index]) else { throw fault("'\(word)'") }
    }
    return value
  }

  private mutating func number() throws(JSONFault) -> JSONValue {
    let start = position
    _ = consume(UInt8(ascii: "-"))
    if !consume(UInt8(ascii: "0")) { try digits() }
    var isWhole = true
    if consume(UInt8(ascii: ".")) {
      isWhole = false
      try digits()
    }
    if consume(UInt8(ascii: "e")) || consume(UInt8(ascii: "E")) {
      isWhole = false
      if !consume(UInt8(ascii: "+")) { _ = consume(UInt8(ascii: "-")) }
      try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole, let whole = Int64(text) { return .integer(whole) }
    guard let number = Double(text), number.isFinite else {
      throw JSONFault(kind: .malformed, offset: start, problem: "the number \(text.quoted) is too large")
    }
    return .number(number)
  }

  private mutating func digits() throws(JSONFault) {
    let start = position
    while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
    guard position > start else { throw fault("a digit") }
  }

  private mutating func string() throws(JSONFault) -> String {
    let opening = position
    position += 1
    let start = position
    var unescaped: [UInt8]?
    while let byte = next, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw fault("a control character to be written as an escape") }
      guard byte == UInt8(ascii: "\\") else {
        unescaped?.append(byte)
        position += 1
        continue
      }
      var text = unescaped ?? Array(bytes[start..<position])
      unescaped = nil
      try escape(into: &text)
      unescaped = text
    }
    let end = position
    guard consume(UInt8(ascii: "\"")) else { throw fault("'\"'") }
    let text =
      if let unescaped {
        String(validating: unescaped, as: UTF8.self)
      } else {
        String(validating: UnsafeRawBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self)
      }
    guard let text else {
      throw JSONFault(kind: .malformed, offset: opening, problem: "expected UTF-8 in this text, got other bytes")
    }
    return text
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONFault) {
    position += 1
    let byte = next
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte ?? 0)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): return text.append(contentsOf: String(try escapedScalar()).utf8)
    default: throw fault("one of \" \\ / b f n r t u behind '\\'")
    }
    position += 1
  }

  /// Stands on the `u`; a pair of surrogates is one scalar.
  private mutating func escapedScalar() throws(JSONFault) -> Unicode.Scalar {
    let start = position - 1
    position += 1
    let first = try fourHexDigits()
    if let scalar = Unicode.Scalar(first) { return scalar }
    if first < 0xDC00, consume(UInt8(ascii: "\\")), consume(UInt8(ascii: "u")) {
      let second = try fourHexDigits()
      if (0xDC00...0xDFFF).contains(second),
        let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
      {
        return scalar
      }
    }
    throw JSONFault(kind: .malformed, offset: start, problem: "expected a pair of surrogates, got half of one")
  }

  private mutating func fourHexDigits() throws(JSONFault) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw fault("four hexadecimal digits behind '\\u'")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func consume(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private func fault(_ expected: String) -> JSONFault {
    let found =
      switch next {
      case nil: "the end"
      case .some(0x20...0x7E): "'\(Character(Unicode.Scalar(next ?? 0)))'"
      case .some(let byte): "the byte \(byte)"
      }
    return JSONFault(kind: .malformed, offset: position, problem: "expected \(expected), got \(found)")
  }
}

/// Where and why a text is not JSON.
public struct JSONFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// Two kinds, because the second is no mistake of a program but an attack.
  public enum Kind: Sendable, Equatable {
    /// Not JSON (RFC 8259), or a member named twice.
    case malformed
    /// Lists and objects within one another beyond the limit.
    case tooDeep
  }

  /// What kind.
  public var kind: Kind
  /// Offset of the first byte that does not fit.
  public var offset: Int
  /// What was expected and what came.
  public var problem: String

  /// One sentence.
  public var description: String { "at byte \(offset): \(problem)" }
}
