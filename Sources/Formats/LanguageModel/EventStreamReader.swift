/// Splits a stream of server-sent events into the data of its events (WHATWG HTML, 9.2.6). Comments and other fields than `data` are passed
/// over. Pieces may end anywhere.
struct EventStreamReader {
  /// Longest data of one event in bytes. A model's delta has some hundred; a whole answer in one event is still shorter.
  static let dataBytesMax = 1 << 20

  private var line: [UInt8] = []
  private var data: [UInt8] = []
  private var hasData = false
  private var endedWithReturn = false

  /// - Parameter deliver: takes the data of each event that is whole.
  /// - Returns: false when an event is longer than `dataBytesMax`; nothing more can be read then.
  mutating func read<Failure: Error>(
    _ bytes: UnsafeRawBufferPointer, _ deliver: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) -> Bool {
    for byte in bytes {
      let isFeed = byte == UInt8(ascii: "\n")
      defer { endedWithReturn = byte == UInt8(ascii: "\r") }
      if isFeed, endedWithReturn { continue }
      if isFeed || byte == UInt8(ascii: "\r") {
        try endLine(deliver)
      } else {
        guard line.count + data.count < Self.dataBytesMax else { return false }
        line.append(byte)
      }
    }
    return true
  }

  /// The stream is over. An event without the empty line that ends it counts, too: servers forget that line.
  mutating func end<Failure: Error>(_ deliver: ([UInt8]) throws(Failure) -> Void) throws(Failure) {
    try endLine(deliver)
    try endEvent(deliver)
  }

  private mutating func endLine<Failure: Error>(_ deliver: ([UInt8]) throws(Failure) -> Void) throws(Failure) {
    defer { line.removeAll(keepingCapacity: true) }
    guard !line.isEmpty else { return try endEvent(deliver) }
    let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    var rest = line[...]
    if rest.starts(with: byteOrderMark) { rest = rest.dropFirst(3) }
    guard rest.starts(with: "data:".utf8) else { return }
    rest = rest.dropFirst(5)
    if rest.first == UInt8(ascii: " ") { rest = rest.dropFirst() }
    if hasData { data.append(UInt8(ascii: "\n")) }
    data += rest
    hasData = true
  }

  private mutating func endEvent<Failure: Error>(_ deliver: ([UInt8]) throws(Failure) -> Void) throws(Failure) {
    guard hasData else { return }
    let whole = data
    data.removeAll(keepingCapacity: true)
    hasData = false
    try deliver(whole)
  }
}
