import CallCore
import JSON

/// What is kept as JSON without loss. Its shape is written down once, for both ways.
///
/// Members that a later version adds must be read with a default: what is in a database stays there over many versions.
protocol Archived {
  /// What is read into. A number, a span or a flag that is absent, as in what an older version wrote, stays as it is here.
  static var blank: Self { get }
  /// In the order in which they are written.
  static var members: [ArchiveMember<Self>] { get }
}

extension Archived {
  /// Its JSON, UTF-8.
  var archive: [UInt8] { Self.members.json(of: self) }

  /// - Parameter json: as `archive` wrote it.
  init(archive json: [UInt8], place: String) throws(WireFault) {
    self = .blank
    try Self.members.read(json, place: place, into: &self)
  }
}

/// A member of a stored object: how it is written, and how it is read.
struct ArchiveMember<Root> {
  fileprivate let write: (inout JSONWriter, Root) -> Void
  fileprivate let read: (JSONFields, inout Root) throws(WireFault) -> Void

  /// Whatever it is.
  /// - Parameter read: is given the value of `Archived.blank`.
  init<Value>(
    _ path: WritableKeyPath<Root, Value>, write: @escaping (inout JSONWriter, Value) -> Void,
    read: @escaping (JSONFields, Value) throws(WireFault) -> Value
  ) {
    self.write = { write(&$0, $1[keyPath: path]) }
    self.read = { fields, root throws(WireFault) in root[keyPath: path] = try read(fields, root[keyPath: path]) }
  }
}

extension ArchiveMember {
  /// A text, which must be there.
  static func text(_ name: String, _ path: WritableKeyPath<Root, String>) -> Self {
    Self(path) {
      $0.field(name, $1)
    } read: { fields, _ throws(WireFault) in
      try fields.text(name)
    }
  }

  /// A text or null.
  static func text(_ name: String, _ path: WritableKeyPath<Root, String?>) -> Self {
    Self(path) {
      $0.field(name, $1)
    } read: { fields, _ throws(WireFault) in
      try fields.optionalText(name)
    }
  }

  /// A text, which is left out where there is none.
  static func text(_ name: String, ifAny path: WritableKeyPath<Root, String?>) -> Self {
    Self(path) { writer, text in
      if let text { writer.field(name, text) }
    } read: { fields, _ throws(WireFault) in
      try fields.optionalText(name)
    }
  }

  /// Texts by name.
  static func texts(_ name: String, _ path: WritableKeyPath<Root, [String: String]>) -> Self {
    Self(path) {
      $0.field(name, $1)
    } read: { fields, _ throws(WireFault) in
      try fields.texts(name)
    }
  }

  /// A list of texts.
  static func texts(_ name: String, _ path: WritableKeyPath<Root, [String]>) -> Self {
    Self(path) {
      $0.list(name, $1)
    } read: { fields, _ throws(WireFault) in
      try fields.textList(name)
    }
  }

  /// One of the words of a type, which must be there.
  static func choice<Choice: RawRepresentable<String>>(
    _ name: String, _ path: WritableKeyPath<Root, Choice>, of choices: [Choice]
  ) -> Self {
    Self(path) {
      $0.field(name, $1.rawValue)
    } read: { fields, _ throws(WireFault) in
      try fields.choice(name, of: choices)
    }
  }

  /// One of the words of a type, or null.
  static func choice<Choice: RawRepresentable<String>>(
    _ name: String, _ path: WritableKeyPath<Root, Choice?>, of choices: [Choice]
  ) -> Self {
    Self(path) {
      $0.field(name, $1?.rawValue)
    } read: { fields, _ throws(WireFault) in
      try fields.optionalChoice(name, of: choices)
    }
  }

  /// One of the words of a type, which is left out where there is none.
  static func choice<Choice: RawRepresentable<String>>(
    _ name: String, ifAny path: WritableKeyPath<Root, Choice?>, of choices: [Choice]
  ) -> Self {
    Self(path) {
      if let choice = $1 { $0.field(name, choice.rawValue) }
    } read: { fields, _ throws(WireFault) in
      try fields.optionalChoice(name, of: choices)
    }
  }

  /// A whole number.
  static func number(_ name: String, _ path: WritableKeyPath<Root, Int>, from least: Int = .min) -> Self {
    Self(path) {
      $0.field(name, $1)
    } read: { fields, blank throws(WireFault) in
      try fields.storedNumber(name, from: least) ?? blank
    }
  }

  /// A whole number, which is left out where there is none.
  static func number(_ name: String, ifAny path: WritableKeyPath<Root, Int?>, from least: Int) -> Self {
    Self(path) { writer, number in
      if let number { writer.field(name, number) }
    } read: { fields, _ throws(WireFault) in
      try fields.storedNumber(name, from: least)
    }
  }

  /// Microseconds since 1970 UTC.
  static func instant(_ name: String, _ path: WritableKeyPath<Root, Int64>) -> Self {
    Self(path) {
      $0.field(name, $1)
    } read: { fields, blank throws(WireFault) in
      try fields.storedNumber(name).map(Int64.init) ?? blank
    }
  }

  /// Microseconds since 1970 UTC, which are left out where there are none.
  static func instant(_ name: String, ifAny path: WritableKeyPath<Root, Int64?>) -> Self {
    Self(path) { writer, instant in
      if let instant { writer.field(name, instant) }
    } read: { fields, _ throws(WireFault) in
      try fields.storedNumber(name).map(Int64.init)
    }
  }

  /// An instant of a call.
  static func instant(_ name: String, _ path: WritableKeyPath<Root, Timestamp>) -> Self {
    Self(path) {
      $0.field(name, $1.microseconds)
    } read: { fields, blank throws(WireFault) in
      try fields.storedNumber(name).map { Timestamp(microseconds: Int64($0)) } ?? blank
    }
  }

  /// A span.
  static func span(_ name: String, _ path: WritableKeyPath<Root, CallDuration>, from least: Int = .min) -> Self {
    Self(path) {
      $0.field(name, $1.microseconds)
    } read: { fields, blank throws(WireFault) in
      try fields.storedNumber(name, from: least).map { .microseconds(Int64($0)) } ?? blank
    }
  }

  /// A span, which is left out where there is none.
  static func span(_ name: String, ifAny path: WritableKeyPath<Root, CallDuration?>) -> Self {
    Self(path) { writer, span in
      if let span { writer.field(name, span.microseconds) }
    } read: { fields, _ throws(WireFault) in
      try fields.optionalSpan(name)
    }
  }

  /// True or false.
  /// - Parameter isNeeded: whether it must be there.
  static func flag(_ name: String, _ path: WritableKeyPath<Root, Bool>, isNeeded: Bool = false) -> Self {
    Self(path) {
      $0.field(name, $1)
    } read: { fields, blank throws(WireFault) in
      try isNeeded || fields[name] != nil ? fields.flag(name) : blank
    }
  }

  /// Bytes, written as hexadecimal digits, which must be there.
  static func bytes(_ name: String, _ path: WritableKeyPath<Root, [UInt8]>) -> Self {
    Self(path) { writer, bytes in
      writer.field(name, bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
    } read: { fields, _ throws(WireFault) in
      let text = try fields.text(name)
      let digits = text.compactMap(\.hexDigitValue).map(UInt8.init)
      guard digits.count == text.count, digits.count.isMultiple(of: 2) else {
        throw fields.outOfRange(name, "pairs of hexadecimal digits", .string(text))
      }
      return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
  }

  /// An object, which must be there.
  static func object<Value: Archived>(_ name: String, _ path: WritableKeyPath<Root, Value>) -> Self {
    Self(path) {
      $0.object(name, $1)
    } read: { fields, _ throws(WireFault) in
      try fields.archived(name)
    }
  }

  /// An object, which is left out where there is none.
  static func object<Value: Archived>(_ name: String, ifAny path: WritableKeyPath<Root, Value?>) -> Self {
    Self(path) { writer, value in
      if let value { writer.object(name, value) }
    } read: { fields, _ throws(WireFault) in
      try fields[name] == nil ? nil : fields.archived(name)
    }
  }

  /// A list of objects.
  static func list<Value: Archived>(_ name: String, _ path: WritableKeyPath<Root, [Value]>) -> Self {
    Self(path) { writer, values in
      let members = Value.members
      writer.objects(name, values) { members.write($1, to: &$0) }
    } read: { fields, _ throws(WireFault) in
      let members = Value.members
      return try fields.list(name) { fields throws(WireFault) in
        var value = Value.blank
        try members.read(fields, into: &value)
        return value
      }
    }
  }
}

extension Array {
  /// The object with these members, UTF-8.
  func json<Root>(of value: Root) -> [UInt8] where Element == ArchiveMember<Root> {
    var writer = JSONWriter(reserving: 2048)
    writer.object { write(value, to: &$0) }
    return writer.bytes
  }

  /// - Parameter json: as `json(of:)` wrote it.
  func read<Root>(_ json: [UInt8], place: String, into value: inout Root) throws(WireFault)
  where Element == ArchiveMember<Root> {
    try read(try JSONFields(archived: json, place: place), into: &value)
  }

  fileprivate func write<Root>(_ value: Root, to writer: inout JSONWriter) where Element == ArchiveMember<Root> {
    for member in self { member.write(&writer, value) }
  }

  fileprivate func read<Root>(_ fields: JSONFields, into value: inout Root) throws(WireFault)
  where Element == ArchiveMember<Root> {
    for member in self { try member.read(fields, &value) }
  }
}

extension JSONWriter {
  /// A member that is what is kept of a value.
  mutating func object<Value: Archived>(_ name: String, _ value: Value) {
    object(name) { Value.members.write(value, to: &$0) }
  }
}

extension JSONFields {
  /// A member that is what was kept of a value.
  func archived<Value: Archived>(_ name: String) throws(WireFault) -> Value {
    var value = Value.blank
    try Value.members.read(try object(name), into: &value)
    return value
  }
}
