/// Writes the fields of one message in Protocol Buffers' wire format, as far as OpenTelemetry's protocol needs it. Values that a reader takes for granted,
/// such as 0 and the empty text, are written all the same: who writes them means them.
package struct ProtobufWriter {
  /// The message so far.
  package private(set) var bytes: [UInt8] = []

  /// The ways in which a field's value is written.
  private enum Form: UInt64 {
    case varint = 0
    case fixed64 = 1
    case lengthDelimited = 2
    case fixed32 = 5
  }

  /// An empty message.
  package init() {}

  /// A number of any of the types that are varints; negative ones take ten bytes.
  package mutating func varint(_ field: Int, _ value: Int) {
    tag(field, .varint)
    varint(UInt64(bitPattern: Int64(value)))
  }

  /// Eight bytes.
  package mutating func fixed64(_ field: Int, _ value: UInt64) {
    tag(field, .fixed64)
    littleEndian(value, bytes: 8)
  }

  /// Four bytes.
  package mutating func fixed32(_ field: Int, _ value: UInt32) {
    tag(field, .fixed32)
    littleEndian(UInt64(value), bytes: 4)
  }

  /// Text.
  package mutating func text(_ field: Int, _ value: String) { data(field, Array(value.utf8)) }

  /// Bytes, or a message that is written already.
  package mutating func data(_ field: Int, _ value: [UInt8]) {
    tag(field, .lengthDelimited)
    varint(UInt64(value.count))
    bytes += value
  }

  /// A message within this one.
  package mutating func message(_ field: Int, _ write: (inout ProtobufWriter) -> Void) {
    var inner = ProtobufWriter()
    write(&inner)
    data(field, inner.bytes)
  }

  /// Fields that are written already.
  package mutating func fields(_ written: [UInt8]) { bytes += written }

  private mutating func tag(_ field: Int, _ form: Form) { varint(UInt64(field) << 3 | form.rawValue) }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func littleEndian(_ value: UInt64, bytes count: Int) {
    for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * UInt64(index)))) }
  }
}

/// Reads the fields of a message one by one, as far as an answer of a collector needs it.
package struct ProtobufReader {
  /// A field's value.
  package enum Value: Sendable, Equatable {
    /// A varint.
    case number(UInt64)
    /// Bytes, text or a message.
    case data([UInt8])
    /// Something of a fixed length.
    case fixed
  }

  /// The message ends within a field, or has a field of no known form.
  package struct Fault: Error, Sendable, Equatable {}

  private var rest: ArraySlice<UInt8>

  /// - Parameter bytes: a message.
  package init(_ bytes: [UInt8]) { rest = bytes[...] }

  /// The next field; `nil` at the end.
  package mutating func next() throws(Fault) -> (field: UInt64, value: Value)? {
    guard !rest.isEmpty else { return nil }
    let tag = try varint()
    switch tag & 7 {
    case 0: return (tag >> 3, .number(try varint()))
    case 1:
      _ = try take(8)
      return (tag >> 3, .fixed)
    case 2:
      let count = try varint()
      guard count <= UInt64(rest.count) else { throw Fault() }
      return (tag >> 3, .data(try take(Int(count))))
    case 5:
      _ = try take(4)
      return (tag >> 3, .fixed)
    default: throw Fault()
    }
  }

  private mutating func varint() throws(Fault) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard let byte = rest.popFirst() else { throw Fault() }
      value |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return value }
    }
    throw Fault()
  }

  private mutating func take(_ count: Int) throws(Fault) -> [UInt8] {
    guard count <= rest.count else { throw Fault() }
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }
}
