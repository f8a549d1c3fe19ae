/// Takes the body of one request out of the bytes that follow its head.
package struct BodyReader: Sendable {
  private enum State: Sendable {
    case length(remaining: Int)
    case chunkSize(digits: Int, size: Int)
    case chunkExtension(size: Int, length: Int)
    case chunkSizeFeed(size: Int)
    case chunk(remaining: Int)
    case chunkEnd
    case chunkEndFeed
    case trailer(lineLength: Int, total: Int)
    case trailerFeed(total: Int)
    case lastFeed
    case done
  }

  /// What was received of the body so far.
  package private(set) var body: [UInt8] = []
  private var state: State
  private let bytesMax: Int
  /// Bytes of all extensions so far.
  private var extensionBytes = 0

  /// Bytes of a chunk's extension, and of all trailers; both are read over.
  private static let commentBytesMax = 4_096
  /// Bytes of the extensions of all chunks together: a signature for every 64 KiB of a long upload is less.
  private static let extensionBytesMax = 65_536

  /// - Parameter bytesMax: a longer body is answered 413.
  package init(_ framing: RequestHead.Framing, bytesMax: Int) throws(HTTPFault) {
    self.bytesMax = bytesMax
    switch framing {
    case .length(let count):
      if count > bytesMax { throw Self.tooLong(bytesMax) }
      state = count == 0 ? .done : .length(remaining: count)
      body.reserveCapacity(min(count, 1 << 16))
    case .chunked: state = .chunkSize(digits: 0, size: 0)
    }
  }

  /// The body is complete.
  package var isDone: Bool {
    if case .done = state { true } else { false }
  }

  /// - Returns: how many of the bytes belong to this request; fewer than all only when it is complete.
  package mutating func consume(_ bytes: UnsafeRawBufferPointer) throws(HTTPFault) -> Int {
    var index = 0
    while index < bytes.count, !isDone {
      switch state {
      case .length(let remaining):
        let count = append(bytes, from: index, atMost: remaining)
        state = count == remaining ? .done : .length(remaining: remaining - count)
        index += count
      case .chunk(let remaining):
        let count = append(bytes, from: index, atMost: remaining)
        state = count == remaining ? .chunkEnd : .chunk(remaining: remaining - count)
        index += count
      default:
        try consumeFraming(bytes[index])
        index += 1
      }
    }
    return index
  }

  private mutating func append(_ bytes: UnsafeRawBufferPointer, from index: Int, atMost: Int) -> Int {
    let count = min(atMost, bytes.count - index)
    body.append(contentsOf: bytes[index..<(index + count)])
    return count
  }

  /// One byte of what stands around chunks. A chunk's line ends with CR LF and nothing else: who takes a lone line feed for its end
  /// can be told another length than a proxy.
  private mutating func consumeFraming(_ byte: UInt8) throws(HTTPFault) {
    switch (state, byte) {
    case (.chunkSize(let digits, let size), _) where hexDigit(byte) != nil:
      guard digits < 8 else { throw Self.tooLong(bytesMax) }
      state = .chunkSize(digits: digits + 1, size: size << 4 | Int(hexDigit(byte) ?? 0))
    case (.chunkSize(1..., let size), 0x0D):
      if size > bytesMax - body.count { throw Self.tooLong(bytesMax) }
      state = .chunkSizeFeed(size: size)
    case (.chunkSize(1..., let size), 0x3B):
      if size > bytesMax - body.count { throw Self.tooLong(bytesMax) }
      state = .chunkExtension(size: size, length: 0)
    case (.chunkExtension(let size, _), 0x0D): state = .chunkSizeFeed(size: size)
    case (.chunkExtension(let size, let length), 0x20...)
    where length < Self.commentBytesMax && extensionBytes < Self.extensionBytesMax:
      extensionBytes += 1
      state = .chunkExtension(size: size, length: length + 1)
    case (.chunkSizeFeed(0), 0x0A): state = .trailer(lineLength: 0, total: 0)
    case (.chunkSizeFeed(let size), 0x0A): state = .chunk(remaining: size)
    case (.chunkEnd, 0x0D): state = .chunkEndFeed
    case (.chunkEndFeed, 0x0A): state = .chunkSize(digits: 0, size: 0)
    case (.trailer(0, _), 0x0D): state = .lastFeed
    case (.lastFeed, 0x0A): state = .done
    case (.trailer(_, let total), 0x0D): state = .trailerFeed(total: total)
    case (.trailerFeed(let total), 0x0A): state = .trailer(lineLength: 0, total: total)
    case (.trailer(let line, let total), _)
    where (byte == 0x09 || byte >= 0x20) && total < Self.commentBytesMax:
      state = .trailer(lineLength: line + 1, total: total + 1)
    default: throw HTTPFault(400, "the chunks of the body are broken")
    }
  }

  static func tooLong(_ bytesMax: Int) -> HTTPFault { HTTPFault(413, "the body is longer than \(bytesMax) bytes") }
}
