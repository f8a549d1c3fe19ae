import CallDriver

/// A request or an answer as it travels: its kind and three lists, each with its length in front. Numbers have eight bytes, lowest first.
struct EngineMessage {
  /// Which request, or which answer.
  var kind: Int
  var texts: [String] = []
  var numbers: [Int] = []
  var samples: [Int16] = []

  var bytes: [UInt8] {
    var bytes = kind.littleEndianBytes + texts.count.littleEndianBytes
    for text in texts { bytes += text.utf8.count.littleEndianBytes + Array(text.utf8) }
    for number in [numbers.count] + numbers + [samples.count] { bytes += number.littleEndianBytes }
    // Between two processes of one machine: its own order of bytes.
    samples.withUnsafeBytes { bytes += $0 }
    return bytes
  }
}

extension EngineMessage {
  /// Nil for anything that `bytes` did not give. No count makes it take more memory than came.
  init?(_ bytes: [UInt8]) {
    var rest = bytes[...]
    func read(_ count: Int) -> ArraySlice<UInt8>? {
      guard (0...rest.count).contains(count) else { return nil }
      defer { rest = rest.dropFirst(count) }
      return rest.prefix(count)
    }
    func number() -> Int? {
      read(8).map { Int(truncatingIfNeeded: $0.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }) }
    }
    func list<Item>(_ bytesMin: Int, _ item: () -> Item?) -> [Item]? {
      guard let count = number(), (0...rest.count / bytesMin).contains(count) else { return nil }
      let items = (0..<count).compactMap { _ in item() }
      return items.count == count ? items : nil
    }
    guard let kind = number(),
      let texts = list(8, { number().flatMap { read($0) }.map { String(decoding: $0, as: UTF8.self) } }),
      let numbers = list(8, number), let count = number(), (0...rest.count / 2).contains(count),
      let sound = read(2 * count)
    else { return nil }
    let samples = [Int16](unsafeUninitializedCapacity: count) { samples, written in
      sound.withUnsafeBytes { UnsafeMutableRawBufferPointer(samples).copyMemory(from: $0) }
      written = count
    }
    self.init(kind: kind, texts: texts, numbers: numbers, samples: samples)
  }
}
