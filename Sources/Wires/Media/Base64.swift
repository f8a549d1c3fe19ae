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
    var (index, place) = (0, 0)
    pairs.withUnsafeBufferPointer { pairs in
      while index + 4 <= payload.count {
        let bytes = UInt32(bigEndian: payload.loadUnaligned(fromByteOffset: index, as: UInt32.self))
        let front = UInt32(pairs[Int(bytes >> 20)])
        let group = front | UInt32(pairs[Int((bytes >> 8) & 0xFFF)]) << 16
        text.storeBytes(of: group.littleEndian, toByteOffset: place, as: UInt32.self)
        index += 3
        place += 4
      }
    }
    alphabet.withUTF8Buffer { letters in
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
    let values = Self.values
    return values.span.withUnsafeBufferPointer { decode(text, into: payload, by: $0) }
  }

  private static func decode(
    _ text: UnsafeRawBufferPointer, into payload: UnsafeMutableRawBufferPointer, by values: UnsafeBufferPointer<UInt8>
  ) -> Int? {
    guard text.count.isMultiple(of: 4) else { return nil }
    guard let last = text.indices.last else { return 0 }
    /// What four letters stand for, in 24 bits; `nil` when one of them is none.
    func bits(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) -> UInt32? {
      let parts = (values[Int(first)], values[Int(second)], values[Int(third)], values[Int(fourth)])
      guard (parts.0 | parts.1 | parts.2 | parts.3) & none == 0 else { return nil }
      return UInt32(parts.0) << 18 | UInt32(parts.1) << 12 | UInt32(parts.2) << 6 | UInt32(parts.3)
    }
    var place = 0
    var index = 0
    while index < last - 3 {
      guard let bits = bits(text[index], text[index + 1], text[index + 2], text[index + 3]) else { return nil }
      // A byte more than three, which the next group writes.
      payload.storeBytes(of: (bits << 8).bigEndian, toByteOffset: place, as: UInt32.self)
      place += 3
      index += 4
    }
    let padded = text[last] != padding ? 0 : text[last - 1] == padding ? 2 : 1
    let zero = UInt8(ascii: "A")
    guard
      let bits = bits(
        text[index], text[index + 1], padded == 2 ? zero : text[index + 2], padded > 0 ? zero : text[index + 3])
    else { return nil }
    for byte in 0..<(3 - padded) { payload[place + byte] = UInt8(truncatingIfNeeded: bits >> (16 - byte * 8)) }
    return place + 3 - padded
  }

  /// No value of a letter has this bit.
  private static let none: UInt8 = 64

  /// The two letters of each 12 bits, the first one in the low byte: half as many look-ups as with one letter at a time.
  private static let pairs: [UInt16] = alphabet.withUTF8Buffer { letters in
    (0..<4_096).map { UInt16(letters[$0 >> 6]) | UInt16(letters[$0 & 63]) << 8 }
  }

  /// What each letter stands for.
  private static let values: InlineArray<256, UInt8> = {
    var values = InlineArray<256, UInt8>(repeating: none)
    alphabet.withUTF8Buffer { letters in
      for (value, letter) in letters.enumerated() { values[Int(letter)] = UInt8(value) }
    }
    return values
  }()
}
