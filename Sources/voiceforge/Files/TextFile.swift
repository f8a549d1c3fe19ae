/// Text files that people edit, on whatever system.
enum TextFile {
  /// The text of a file: UTF-8, with or without a byte order mark, or UTF-16 behind one, as editors and PowerShell of Windows write
  /// them.
  /// - Returns: the text without its mark; `nil` when it is neither.
  static func text(of bytes: [UInt8]) -> String? {
    switch (bytes.first, bytes.dropFirst().first) {
    case (0xFF, 0xFE): wide(bytes.dropFirst(2)) { low, high in UInt16(high) << 8 | UInt16(low) }
    case (0xFE, 0xFF): wide(bytes.dropFirst(2)) { high, low in UInt16(high) << 8 | UInt16(low) }
    // UTF-16 without a mark is full of zeros, and would pass for text of which nothing can be read.
    default: bytes.contains(0) ? nil : String(validating: withoutMark(bytes), as: UTF8.self)
    }
  }

  /// The same of a file that the user named.
  /// - Throws: what is wrong with it, and what to do.
  static func text(of bytes: [UInt8], from path: String) throws(CommandFault) -> String {
    guard let text = text(of: bytes) else { throw CommandFault("\(path) is not UTF-8 text; save it as UTF-8") }
    return text
  }

  private static func withoutMark(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
  }

  private static func wide(_ bytes: ArraySlice<UInt8>, _ unit: (UInt8, UInt8) -> UInt16) -> String? {
    guard bytes.count.isMultiple(of: 2) else { return nil }
    let units = stride(from: bytes.startIndex, to: bytes.endIndex, by: 2).map { unit(bytes[$0], bytes[$0 + 1]) }
    return String(validating: units, as: UTF16.self)
  }
}
