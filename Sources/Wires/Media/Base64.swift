import JSON

/// Base64 (RFC 4648, section 4) between buffers that are there already: audio in JSON is decoded and encoded without allocating.
enum Base64 {
  /// Bytes of the text for so many bytes of payload, padding included.
  static func textBytes(of count: Int) -> Int { (count + 2) / 3 * 4 }
  /// Most bytes that a text of so many bytes stands for.
  static func payloadBytesMax(of count: Int) -> Int { count / 4 * 3 }

  private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
  private static let padding = UInt8(ascii: "=")

  /// - Parameter text: room for `textBytes(of:)`.
  /// - Returns: bytes written.
  static func encode(_ payload: UnsafeRawBufferPointer, into text: UnsafeMutableRawBufferPointer) -> Int {
    var place = 0
    alphabet.withUTF8Buffer { letters in
      var index = 0
      while index < payload.count {
        let left = payload.count - index
        let first = payload[index]
        let second = left > 1 ? payload[index + 1] : 0
        let third = left > 2 ? payload[index + 2] : 0
        text[place] = letters[Int(first >> 2)]
        text[place + 1] = letters[Int((first & 3) << 4 | second >> 4)]
        text[place + 2] = left > 1 ? letters[Int((second & 15) << 2 | third >> 6)] : padding
        text[place + 3] = left > 2 ? letters[Int(third & 63)] : padding
        place += 4
        index += 3
      }
    }
    return place
  }

  /// - Parameter payload: room for `payloadBytesMax(of:)`.
  /// - Returns: bytes written; `nil` when `text` is not padded Base64.
  static func decode(_ text: UnsafeRawBufferPointer, into payload: UnsafeMutableRawBufferPointer) -> Int? {
    guard text.count.isMultiple(of: 4) else { return nil }
    var place = 0
    var index = 0
    while index < text.count {
      let isLast = index + 4 == text.count
      let padded = !isLast || text[index + 3] != padding ? 0 : text[index + 2] == padding ? 2 : 1
      guard let first = value(of: text[index]), let second = value(of: text[index + 1]),
        let third = padded == 2 ? 0 : value(of: text[index + 2]),
        let fourth = padded > 0 ? 0 : value(of: text[index + 3])
      else { return nil }
      payload[place] = first << 2 | second >> 4
      if padded < 2 { payload[place + 1] = second << 4 | third >> 2 }
      if padded < 1 { payload[place + 2] = third << 6 | fourth }
      place += 3 - padded
      index += 4
    }
    return place
  }

  private static func value(of letter: UInt8) -> UInt8? {
    switch letter {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): letter - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): letter - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): letter - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
