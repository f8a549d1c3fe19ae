/// Writes values one after the other; `MessageReader` reads them in the same order. Numbers have eight bytes, lowest first.
struct MessageWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ number: Int) { withUnsafeBytes(of: Int64(number).littleEndian) { bytes += $0 } }

  mutating func write(_ texts: [String]) {
    write(texts.count)
    for text in texts {
      write(text.utf8.count)
      bytes += text.utf8
    }
  }

  mutating func write(_ samples: [Int16]) {
    write(samples.count)
    // Between two processes of one machine: its own order of bytes.
    samples.withUnsafeBytes { bytes += $0 }
  }
}

/// Reads what `MessageWriter` wrote. Gives nil for anything else and reads nothing behind the end.
struct MessageReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  mutating func number() -> Int? {
    guard let bytes = take(8) else { return nil }
    return Int(truncatingIfNeeded: bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }

  mutating func texts() -> [String]? {
    // Each text has eight bytes at least: no count makes us take more memory than came.
    guard let count = number(), (0...rest.count / 8).contains(count) else { return nil }
    var texts: [String] = []
    for _ in 0..<count {
      guard let length = number(), let bytes = take(length) else { return nil }
      texts.append(String(decoding: bytes, as: UTF8.self))
    }
    return texts
  }

  mutating func samples() -> [Int16]? {
    guard let count = number(), (0...rest.count / 2).contains(count), let bytes = take(2 * count) else { return nil }
    return [Int16](unsafeUninitializedCapacity: count) { samples, written in
      bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(samples).copyMemory(from: $0) }
      written = count
    }
  }

  private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard (0...rest.count).contains(count) else { return nil }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }
}
