/// Finds the members of a JSON object without allocating, as far as messages that carry audio need it: names and texts without escapes,
/// numbers, and objects whose members are of that kind. `nil` means: read it with the parser, which knows all of JSON and says what is wrong.
struct MemberScanner {
  /// The value of a member, by its place.
  enum Value {
    /// Between the quotation marks.
    case text(Range<Int>)
    /// A number, `true`, `false` or `null`, as written.
    case plain(Range<Int>)
    /// An object; its members come next.
    case object
  }

  private let bytes: UnsafeRawBufferPointer
  private var place = 0
  private var depth = 0
  /// Whether a member came before in the object that is read.
  private var needsComma = false

  /// - Returns: `nil` when `bytes` does not begin as an object does.
  init?(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    guard skip(UInt8(ascii: "{")) else { return nil }
    depth = 1
  }

  /// Goes through all members in order; those of an object within follow its name.
  /// - Parameter member: takes depth (1: of the outer object), name and value.
  /// - Returns: false when there is something that only the parser can read.
  mutating func forEach(_ member: (_ depth: Int, _ name: UnsafeRawBufferPointer, _ value: Value) -> Void) -> Bool {
    while depth > 0 {
      if skip(UInt8(ascii: "}")) {
        depth -= 1
        needsComma = true
        continue
      }
      if needsComma, !skip(UInt8(ascii: ",")) { return false }
      guard skip(UInt8(ascii: "\"")), let name = text(), skip(UInt8(ascii: ":")) else { return false }
      needsComma = true
      if skip(UInt8(ascii: "\"")) {
        guard let value = text() else { return false }
        member(depth, UnsafeRawBufferPointer(rebasing: bytes[name]), .text(value))
      } else if skip(UInt8(ascii: "{")) {
        member(depth, UnsafeRawBufferPointer(rebasing: bytes[name]), .object)
        depth += 1
        needsComma = false
        guard depth <= Self.depthMax else { return false }
      } else {
        guard let value = plain() else { return false }
        member(depth, UnsafeRawBufferPointer(rebasing: bytes[name]), .plain(value))
      }
    }
    skipBlanks()
    return place == bytes.count
  }

  /// Objects within one another; messages of audio have two.
  private static let depthMax = 2

  private mutating func skipBlanks() {
    while place < bytes.count, bytes[place] == 0x20 || (0x09...0x0D).contains(bytes[place]) { place += 1 }
  }

  private mutating func skip(_ byte: UInt8) -> Bool {
    skipBlanks()
    guard place < bytes.count, bytes[place] == byte else { return false }
    place += 1
    return true
  }

  /// The text whose opening quotation mark was read; only printable ASCII.
  private mutating func text() -> Range<Int>? {
    let start = place
    while place + 8 <= bytes.count, Self.isPlain(bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)) {
      place += 8
    }
    while place < bytes.count {
      switch bytes[place] {
      case UInt8(ascii: "\""):
        place += 1
        return start..<place - 1
      case UInt8(ascii: "\\"), 0..<0x20, 0x7F...: return nil
      default: place += 1
      }
    }
    return nil
  }

  /// Whether eight bytes are printable ASCII without quotation mark and backslash, as all of Base64 is. It looks at all of them at once: each
  /// term sets the highest bit of a byte that is none of these (H. S. Warren, Hacker's Delight, 6-1).
  private static func isPlain(_ word: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quotation = word ^ ones &* UInt64(UInt8(ascii: "\""))
    let backslash = word ^ ones &* UInt64(UInt8(ascii: "\\"))
    let isNot = word | (word &+ ones) | (word &- ones &* 0x20) | (quotation &- ones) | (backslash &- ones)
    return isNot & (ones &* 0x80) == 0
  }

  private mutating func plain() -> Range<Int>? {
    let start = place
    while place < bytes.count {
      switch bytes[place] {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
        UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "E"):
        place += 1
      default: return place > start ? start..<place : nil
      }
    }
    return nil
  }
}

extension UnsafeRawBufferPointer {
  /// Whether these are the bytes of `text`.
  func isEqual(to text: StaticString) -> Bool { text.withUTF8Buffer { isEqual(to: UnsafeRawBufferPointer($0)) } }

  /// Whether these are the bytes of `text`.
  func isEqual(to text: String) -> Bool {
    var text = text
    return text.withUTF8 { isEqual(to: UnsafeRawBufferPointer($0)) }
  }

  private func isEqual(to wanted: UnsafeRawBufferPointer) -> Bool {
    guard count == wanted.count else { return false }
    var place = 0
    while place + 8 <= count {
      let word = loadUnaligned(fromByteOffset: place, as: UInt64.self)
      guard word == wanted.loadUnaligned(fromByteOffset: place, as: UInt64.self) else { return false }
      place += 8
    }
    while place < count {
      guard self[place] == wanted[place] else { return false }
      place += 1
    }
    return true
  }

  /// The whole number that stands here in digits; `nil` for anything else and beyond 18 digits.
  var wholeNumber: UInt64? {
    guard !isEmpty, count <= 18 else { return nil }
    var number: UInt64 = 0
    for byte in self {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      number = number * 10 + UInt64(byte - UInt8(ascii: "0"))
    }
    return number
  }
}
