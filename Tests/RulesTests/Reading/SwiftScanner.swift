/// Splits Swift into tokens and leaves out comments and the contents of texts, but not the code that stands in a text.
///
/// Knows nothing of regular expression literals, which this repository does not use.
struct SwiftScanner {
  private enum Mode {
    /// Code, with the number of parentheses that are open in it.
    case code(depth: Int)
    /// A text that ends with `quotes` quotation marks and `hashes` number signs.
    case text(hashes: Int, quotes: Int)
  }

  private let bytes: [UInt8]
  private var place = 0
  private var line = 1
  private var modes = [Mode.code(depth: 0)]
  private var tokens: [Token] = []

  /// All tokens of a file.
  static func tokens(of source: String) -> [Token] {
    var scanner = SwiftScanner(bytes: Array(source.utf8))
    return scanner.scan()
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func scan() -> [Token] {
    tokens.reserveCapacity(bytes.count / 5)
    while place < bytes.count {
      switch modes.last {
      case .text(let hashes, let quotes): scanText(hashes, quotes)
      case .code(let depth): scanCode(depth)
      case nil: preconditionFailure("the file itself is never closed")
      }
    }
    return tokens
  }

  private mutating func scanCode(_ depth: Int) {
    let byte = bytes[place]
    switch byte {
    case UInt8(ascii: "\n"):
      line += 1
      place += 1
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): place += 1
    case UInt8(ascii: "/") where byteAt(place + 1) == UInt8(ascii: "/"): skipLine()
    case UInt8(ascii: "/") where byteAt(place + 1) == UInt8(ascii: "*"): skipComment()
    case UInt8(ascii: "\""), UInt8(ascii: "#"): if !openText() { emit(1) }
    case UInt8(ascii: "("):
      modes[modes.count - 1] = .code(depth: depth + 1)
      emit(1)
    case UInt8(ascii: ")") where depth == 0 && modes.count > 1:
      modes.removeLast()
      place += 1
    case UInt8(ascii: ")"):
      modes[modes.count - 1] = .code(depth: depth - 1)
      emit(1)
    default: emit(max(wordLength(), 1))
    }
  }

  private mutating func scanText(_ hashes: Int, _ quotes: Int) {
    let byte = bytes[place]
    if byte == UInt8(ascii: "\\"), isRun(of: UInt8(ascii: "#"), hashes, at: place + 1) {
      let behind = place + 1 + hashes
      if byteAt(behind) == UInt8(ascii: "(") { modes.append(.code(depth: 0)) }
      if byteAt(behind) == UInt8(ascii: "\n") { line += 1 }
      place = behind + 1
    } else if isRun(of: UInt8(ascii: "\""), quotes, at: place), isRun(of: UInt8(ascii: "#"), hashes, at: place + quotes)
    {
      modes.removeLast()
      place += quotes + hashes
    } else {
      if byte == UInt8(ascii: "\n") { line += 1 }
      place += 1
    }
  }

  /// - Returns: false when no text begins here.
  private mutating func openText() -> Bool {
    var hashes = 0
    while byteAt(place + hashes) == UInt8(ascii: "#") { hashes += 1 }
    let start = place + hashes
    guard byteAt(start) == UInt8(ascii: "\"") else { return false }
    let quotes = isRun(of: UInt8(ascii: "\""), 3, at: start) ? 3 : 1
    modes.append(.text(hashes: hashes, quotes: quotes))
    tokens.append(Token(text: "\"", line: line))
    place = start + quotes
    return true
  }

  private mutating func skipLine() {
    while place < bytes.count, bytes[place] != UInt8(ascii: "\n") { place += 1 }
  }

  /// Comments may stand in one another.
  private mutating func skipComment() {
    var depth = 0
    repeat {
      if byteAt(place) == UInt8(ascii: "/"), byteAt(place + 1) == UInt8(ascii: "*") {
        depth += 1
        place += 2
      } else if byteAt(place) == UInt8(ascii: "*"), byteAt(place + 1) == UInt8(ascii: "/") {
        depth -= 1
        place += 2
      } else {
        if byteAt(place) == UInt8(ascii: "\n") { line += 1 }
        place += 1
      }
    } while depth > 0 && place < bytes.count
  }

  private func wordLength() -> Int {
    var end = place
    while let byte = byteAt(end), Self.isWord(byte) { end += 1 }
    return end - place
  }

  private mutating func emit(_ length: Int) {
    tokens.append(Token(text: String(decoding: bytes[place..<(place + length)], as: UTF8.self), line: line))
    place += length
  }

  private func byteAt(_ offset: Int) -> UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private func isRun(of byte: UInt8, _ count: Int, at offset: Int) -> Bool {
    offset + count <= bytes.count && bytes[offset..<(offset + count)].allSatisfy { $0 == byte }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...: true
    default: false
    }
  }
}
