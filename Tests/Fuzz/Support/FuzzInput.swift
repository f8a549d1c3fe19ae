/// The bytes of one input, taken from the front. Behind the end everything is 0 and empty, so that any bytes are an input.
struct FuzzInput {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  var isEmpty: Bool { rest.isEmpty }

  mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

  /// A whole number of so many bytes, little-endian.
  mutating func number(bytes: Int) -> UInt64 {
    (0..<bytes).reduce(0) { $0 | UInt64(byte()) << UInt64($1 * 8) }
  }

  mutating func bytes(_ count: Int) -> [UInt8] {
    let taken = rest.prefix(count)
    rest = rest.dropFirst(count)
    return Array(taken)
  }

  /// Up to `end`, which is left out, or to the end of the input.
  mutating func bytes(until end: UInt8) -> [UInt8] {
    let taken = rest.prefix { $0 != end }
    rest = rest.dropFirst(taken.count + 1)
    return Array(taken)
  }

  /// A text whose length comes first, at most 255 bytes.
  mutating func text() -> String { String(decoding: bytes(Int(byte())), as: UTF8.self) }

  /// All that is left.
  mutating func remainder() -> [UInt8] {
    defer { rest = [] }
    return Array(rest)
  }
}
