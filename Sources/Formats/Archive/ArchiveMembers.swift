import CallCore
import JSON

/// What is kept as JSON without loss. Its shape is written down once, for both ways.
///
/// Members that a later version adds must be read with a default: what is in a database stays there over many versions.
protocol Archived {
  /// What is read into. A number, a span or a flag that is absent, as in what an older version wrote, stays as it is here.
  static var blank: Self { get }

  /// Names every member to `members`, in the order in which they are written.
  mutating func archive(_ members: inout ArchiveMembers) throws(WireFault)
}

/// Reads or writes the members of one object, each into or from the variable that it is given.
struct ArchiveMembers {
  /// `nil` while it writes.
  private let fields: JSONFields?
  private var writer = JSONWriter(reserving: 0)

  // MARK: - The whole object

  /// A value's JSON, UTF-8.
  static func json(of value: some Archived) -> [UInt8] {
    var writer = JSONWriter(reserving: 2048)
    writer.object { write(value, to: &$0) }
    return writer.bytes
  }

  /// - Parameter json: as `json(of:)` wrote it.
  static func value<Value: Archived>(of json: [UInt8], place: String) throws(WireFault) -> Value {
    try read(try JSONFields(archived: json, place: place))
  }

  fileprivate static func read<Value: Archived>(_ fields: JSONFields) throws(WireFault) -> Value {
    var members = ArchiveMembers(fields: fields)
    var value = Value.blank
    try value.archive(&members)
    return value
  }

  fileprivate static func write(_ value: some Archived, to writer: inout JSONWriter) {
    var (value, members) = (value, ArchiveMembers(fields: nil))
    swap(&members.writer, &writer)
    do throws(WireFault) { try value.archive(&members) } catch {
      preconditionFailure("only what is read can be wrong: \(error)")
    }
    swap(&members.writer, &writer)
  }

  // MARK: - Its members

  /// A text, which must be there.
  mutating func text(_ name: String, _ value: inout String) throws(WireFault) {
    if let fields { value = try fields.text(name) } else { writer.field(name, value) }
  }

  /// A text or null.
  mutating func text(_ name: String, _ value: inout String?) throws(WireFault) {
    if let fields { value = try fields.optionalText(name) } else { writer.field(name, value) }
  }

  /// One of the words of a type, which must be there.
  mutating func choice<Choice: RawRepresentable>(
    _ name: String, _ value: inout Choice, of choices: [Choice]
  ) throws(WireFault) where Choice.RawValue == String {
    if let fields { value = try fields.choice(name, of: choices) } else { writer.field(name, value.rawValue) }
  }

  /// One of the words of a type, or null.
  mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: String, _ value: inout Choice?
  ) throws(WireFault) where Choice.RawValue == String {
    if let fields {
      value = try fields.optionalChoice(name, of: Array(Choice.allCases))
    } else {
      writer.field(name, value?.rawValue)
    }
  }

  /// A whole number.
  mutating func number(_ name: String, _ value: inout Int, from least: Int = .min) throws(WireFault) {
    if let fields { value = try fields.storedNumber(name, from: least) ?? value } else { writer.field(name, value) }
  }

  /// Microseconds since 1970 UTC.
  mutating func number(_ name: String, _ value: inout Int64) throws(WireFault) {
    var number = Int(value)
    try self.number(name, &number)
    value = Int64(number)
  }

  /// The number of a turn.
  mutating func turn(_ name: String, _ value: inout TurnID) throws(WireFault) {
    var number = value.number
    try self.number(name, &number)
    value = TurnID(number)
  }

  /// The number of an utterance, or null.
  mutating func utterance(_ name: String, _ value: inout UtteranceID?) throws(WireFault) {
    if let fields {
      value = try fields.storedNumber(name, from: 1).map(UtteranceID.init)
    } else {
      writer.field(name, value?.number)
    }
  }

  /// A whole number of `range`, or null.
  mutating func number(_ name: String, _ value: inout Int?, _ range: ClosedRange<Int>) throws(WireFault) {
    if let fields { value = try fields.optionalNumber(name, range) } else { writer.field(name, value) }
  }

  /// An instant of a call.
  mutating func instant(_ name: String, _ value: inout Timestamp) throws(WireFault) {
    var microseconds = value.microseconds
    try number(name, &microseconds)
    value = Timestamp(microseconds: microseconds)
  }

  /// A span.
  mutating func span(_ name: String, _ value: inout CallDuration, from least: Int = .min) throws(WireFault) {
    var microseconds = Int(value.microseconds)
    try number(name, &microseconds, from: least)
    value = .microseconds(Int64(microseconds))
  }

  /// A span, which is left out where there is none.
  mutating func span(_ name: String, ifAny value: inout CallDuration?) throws(WireFault) {
    var microseconds = value.map { Int($0.microseconds) }
    try number(name, ifAny: &microseconds)
    value = microseconds.map { .microseconds(Int64($0)) }
  }

  /// A whole number, which is left out where there is none.
  mutating func number(_ name: String, ifAny value: inout Int?, from least: Int = .min) throws(WireFault) {
    if let fields {
      value = try fields.storedNumber(name, from: least)
    } else if let value {
      writer.field(name, value)
    }
  }

  /// Microseconds since 1970 UTC, which are left out where there are none.
  mutating func number(_ name: String, ifAny value: inout Int64?) throws(WireFault) {
    var number = value.map(Int.init)
    try self.number(name, ifAny: &number)
    value = number.map(Int64.init)
  }

  /// True or false.
  /// - Parameter isNeeded: whether it must be there.
  mutating func flag(_ name: String, _ value: inout Bool, isNeeded: Bool = false) throws(WireFault) {
    guard let fields else { return writer.field(name, value) }
    if isNeeded || fields[name] != nil { value = try fields.flag(name) }
  }

  /// Texts by name.
  mutating func texts(_ name: String, _ value: inout [String: String]) throws(WireFault) {
    if let fields { value = try fields.texts(name) } else { writer.field(name, value) }
  }

  /// A list of texts.
  mutating func texts(_ name: String, _ value: inout [String]) throws(WireFault) {
    if let fields { value = try fields.textList(name) } else { writer.list(name, value) }
  }

  /// An object, which must be there.
  mutating func object<Value: Archived>(_ name: String, _ value: inout Value) throws(WireFault) {
    if let fields { value = try fields.archived(name) } else { writer.object(name, value) }
  }

  /// An object, which is left out where there is none.
  mutating func object<Value: Archived>(_ name: String, ifAny value: inout Value?) throws(WireFault) {
    if let fields {
      value = fields[name] == nil ? nil : try fields.archived(name)
    } else if let value {
      writer.object(name, value)
    }
  }

  /// A list of objects.
  mutating func list<Value: Archived>(_ name: String, _ values: inout [Value]) throws(WireFault) {
    if let fields {
      values = try fields.list(name) { fields throws(WireFault) in try Self.read(fields) }
    } else {
      writer.objects(name, values) { Self.write($1, to: &$0) }
    }
  }

  /// A member or members of which each way is written down for itself.
  mutating func member<Value>(
    _ value: inout Value, write: (inout JSONWriter, Value) -> Void, read: (JSONFields) throws(WireFault) -> Value
  ) throws(WireFault) {
    if let fields { value = try read(fields) } else { write(&writer, value) }
  }
}

extension JSONWriter {
  /// A member that is what is kept of a value.
  mutating func object(_ name: String, _ value: some Archived) {
    object(name) { ArchiveMembers.write(value, to: &$0) }
  }
}

extension JSONFields {
  /// A member that is what was kept of a value.
  func archived<Value: Archived>(_ name: String) throws(WireFault) -> Value {
    try ArchiveMembers.read(try object(name))
  }
}
