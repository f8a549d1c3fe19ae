/// Writes JSON in the order of the calls, so that the same value always gives the same bytes.
///
/// Commas are its business; that objects and lists are closed is the business of the closures.
public struct JSONWriter: Sendable {
  /// What was written so far, UTF-8.
  public private(set) var bytes: [UInt8] = []

  /// - Parameter capacity: bytes to set aside at once.
  public init(reserving capacity: Int = 512) { bytes.reserveCapacity(capacity) }

  /// An object as a value of its own.
  public mutating func object(_ members: (inout JSONWriter) -> Void) {
    separate()
    bytes.append(UInt8(ascii: "{"))
    members(&self)
    bytes.append(UInt8(ascii: "}"))
  }

  /// A member that is an object.
  public mutating func object(_ name: String, _ members: (inout JSONWriter) -> Void) {
    key(name)
    object(members)
  }

  /// A member that is a list of one value for each element.
  public mutating func list<Elements: Sequence>(
    _ name: String, _ elements: Elements, _ value: (inout JSONWriter, Elements.Element) -> Void
  ) {
    key(name)
    bytes.append(UInt8(ascii: "["))
    for element in elements { value(&self, element) }
    bytes.append(UInt8(ascii: "]"))
  }

  /// A member that is a list of one object for each element.
  public mutating func objects<Elements: Sequence>(
    _ name: String, _ elements: Elements, _ members: (inout JSONWriter, Elements.Element) -> Void
  ) {
    list(name, elements) { writer, element in writer.object { members(&$0, element) } }
  }

  /// A member that is a list of documents.
  public mutating func list(_ name: String, _ documents: [some JSONDocument]) {
    objects(name, documents) { $1.writeMembers(to: &$0) }
  }

  /// A member that is a list of texts.
  public mutating func list(_ name: String, _ texts: [String]) { list(name, texts) { $0.value($1) } }

  /// A list as a value of its own, of one value for each element.
  public mutating func list<Elements: Sequence>(
    _ elements: Elements, _ value: (inout JSONWriter, Elements.Element) -> Void
  ) {
    separate()
    bytes.append(UInt8(ascii: "["))
    for element in elements { value(&self, element) }
    bytes.append(UInt8(ascii: "]"))
  }

  /// A text as an element of a list.
  public mutating func value(_ text: String) {
    separate()
    quote(text)
  }

  /// A whole number as an element of a list.
  public mutating func value(_ number: Int) {
    separate()
    digits(Int64(number))
  }

  /// A member that is text; `null` for `nil`.
  public mutating func field(_ name: String, _ text: String?) {
    key(name)
    if let text { quote(text) } else { null() }
  }

  /// A member that is a whole number; `null` for `nil`.
  public mutating func field(_ name: String, _ number: Int?) {
    key(name)
    if let number { digits(Int64(number)) } else { null() }
  }

  /// A member that is a whole number.
  public mutating func field(_ name: String, _ number: Int64) {
    key(name)
    digits(number)
  }

  /// A member that is a number of at most three decimals, such as `0.667`; `1.0` where there are none.
  /// - Parameter thousandths: 0 and up.
  public mutating func field(_ name: String, thousandths: Int) {
    key(name)
    digits(Int64(thousandths / 1000))
    var decimals = String(String(1000 + thousandths % 1000).dropFirst())
    while decimals.count > 1, decimals.last == "0" { decimals.removeLast() }
    bytes.append(contentsOf: ".\(decimals)".utf8)
  }

  /// A member that is an instant, in microseconds since 1970 UTC, written as ISO 8601; `null` for `nil`.
  public mutating func field(_ name: String, instant: Int64?) {
    field(name, instant.map { UTCTime.text(unixMicroseconds: $0) })
  }

  /// A member that is a document; `null` for `nil`.
  public mutating func field(_ name: String, document: (some JSONDocument)?) {
    key(name)
    if let document { object(document.writeMembers) } else { null() }
  }

  /// A member that is true or false.
  public mutating func field(_ name: String, _ flag: Bool) {
    key(name)
    bytes.append(contentsOf: (flag ? "true" : "false").utf8)
  }

  /// A member that is an object of texts, ordered by name.
  public mutating func field(_ name: String, _ texts: [String: String]) {
    object(name) { writer in
      for (name, text) in texts.sorted(by: { $0.key < $1.key }) { writer.field(name, text) }
    }
  }

  /// A member of any kind.
  public mutating func field(_ name: String, _ value: JSONValue) {
    key(name)
    self.value(value)
  }

  /// A value of any kind; members stand in the order of their names.
  public mutating func value(_ value: JSONValue) {
    switch value {
    case .string(let text): self.value(text)
    case .array(let elements): list(elements) { $0.value($1) }
    case .object(let members):
      object { writer in
        for (name, value) in members.sorted(by: { $0.key < $1.key }) { writer.field(name, value) }
      }
    case .null: word("null")
    case .bool(let flag): word("\(flag)")
    case .integer(let number): word("\(number)")
    case .number(let number): word("\(number)")
    }
  }

  /// A value that is JSON already, as an element of a list.
  package mutating func value(encoded text: String) { word(text) }

  private mutating func word(_ word: String) {
    separate()
    bytes.append(contentsOf: word.utf8)
  }

  private mutating func key(_ name: String) {
    separate()
    quote(name)
    bytes.append(UInt8(ascii: ":"))
  }

  /// A comma, unless this is the first value of an object or a list, or a member's value.
  private mutating func separate() {
    switch bytes.last {
    case nil, UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"): break
    default: bytes.append(UInt8(ascii: ","))
    }
  }

  private mutating func null() { bytes.append(contentsOf: "null".utf8) }

  private mutating func digits(_ number: Int64) { bytes.append(contentsOf: String(number).utf8) }

  private mutating func quote(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    let wasContiguous: Void? = text.utf8.withContiguousStorageIfAvailable { escape($0) }
    if wasContiguous == nil { Array(text.utf8).withUnsafeBufferPointer { escape($0) } }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Copies runs of ordinary bytes at once.
  private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
    var start = 0
    for index in 0..<text.count where Self.needsEscape(text[index]) {
      bytes.append(contentsOf: text[start..<index])
      escape(text[index])
      start = index + 1
    }
    bytes.append(contentsOf: text[start...])
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private mutating func escape(_ byte: UInt8) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
    case 0x08: bytes.append(UInt8(ascii: "b"))
    case 0x09: bytes.append(UInt8(ascii: "t"))
    case 0x0A: bytes.append(UInt8(ascii: "n"))
    case 0x0C: bytes.append(UInt8(ascii: "f"))
    case 0x0D: bytes.append(UInt8(ascii: "r"))
    default:
      let hex = String(byte, radix: 16)
      bytes.append(contentsOf: (byte < 0x10 ? "u000" : "u00").utf8)
      bytes.append(contentsOf: hex.utf8)
    }
  }
}

/// A value that can be written as one JSON object.
public protocol JSONDocument {
  /// Writes the members, in the order of `Wire.md`.
  func writeMembers(to writer: inout JSONWriter)
}

extension JSONDocument {
  /// The object as UTF-8: the same value gives the same bytes.
  public var json: [UInt8] {
    var writer = JSONWriter()
    writer.object(writeMembers)
    return writer.bytes
  }

  /// The object as text.
  public var jsonText: String { String(decoding: json, as: UTF8.self) }
}

/// A document by its members alone: what is only ever written needs no type of its own.
public struct JSONObject: JSONDocument {
  private let members: (inout JSONWriter) -> Void

  /// - Parameter members: writes them, each time that the document is.
  public init(_ members: @escaping (inout JSONWriter) -> Void) { self.members = members }

  /// Writes the members.
  public func writeMembers(to writer: inout JSONWriter) { members(&writer) }

  /// Several as one list, UTF-8.
  public static func array(_ objects: [JSONObject]) -> [UInt8] {
    var writer = JSONWriter()
    writer.list(objects) { writer, object in writer.object(object.writeMembers) }
    return writer.bytes
  }
}
