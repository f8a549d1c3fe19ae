/// Walks over the fields of one protobuf message in memory (protobuf.dev, "Encoding"), without copying.
struct ProtobufFields {
  /// The bytes are no message: a field is cut off, too long or of a kind that protobuf does not have any more.
  struct Malformed: Error {}

  /// What a field holds.
  enum Value {
    /// A varint or a number of fixed size.
    case number(UInt64)
    /// A text, a block of bytes, or a message.
    case bytes(UnsafeRawBufferPointer)
  }

  private let message: UnsafeRawBufferPointer
  private var at = 0

  /// - Parameter message: must outlive the walk and what it lends.
  init(_ message: UnsafeRawBufferPointer) { self.message = message }

  /// The next field with its number, or `nil` behind the last one.
  mutating func next() throws(Malformed) -> (field: UInt64, value: Value)? {
    guard at < message.count else { return nil }
    let key = try varint()
    switch key & 7 {
    case 0: return (key >> 3, .number(try varint()))
    case 1: return (key >> 3, .number(try fixed(8)))
    case 2: return (key >> 3, .bytes(try block(varint())))
    case 5: return (key >> 3, .number(try fixed(4)))
    default: throw Malformed()
    }
  }

  /// Every number in a block of packed varints.
  static func packed(_ block: UnsafeRawBufferPointer) throws(Malformed) -> [UInt64] {
    var fields = ProtobufFields(block)
    var numbers: [UInt64] = []
    while fields.at < block.count { numbers.append(try fields.varint()) }
    return numbers
  }

  private mutating func varint() throws(Malformed) -> UInt64 {
    var number: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard at < message.count else { throw Malformed() }
      let byte = UInt64(message[at])
      at += 1
      number |= (byte & 0x7F) << shift
      if byte < 0x80 { return number }
    }
    throw Malformed()
  }

  private mutating func fixed(_ count: UInt64) throws(Malformed) -> UInt64 {
    try block(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private mutating func block(_ count: UInt64) throws(Malformed) -> UnsafeRawBufferPointer {
    guard count <= UInt64(message.count - at) else { throw Malformed() }
    defer { at += Int(count) }
    return UnsafeRawBufferPointer(rebasing: message[at..<(at + Int(count))])
  }
}
