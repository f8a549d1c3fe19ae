import CLibwebsockets

/// An answer whose body is made while it is sent: chunked (RFC 9112, 7.1), or to a client of HTTP/1.0 up to the end of the connection.
struct StreamWriter {
  let exchange: UInt64
  let source: any HTTPBodySource
  /// The connection ends after this answer.
  let closes: Bool
  private let isChunked: Bool
  private var bytes: [UInt8]
  private var sent = 0
  private var isLast = false
  /// A piece was asked for and has not come.
  private(set) var isWaiting = false

  /// - Parameter response: its body is the first piece.
  init(_ response: HTTPResponse, exchange: UInt64, source: any HTTPBodySource, isChunked: Bool, closes: Bool) {
    self.exchange = exchange
    self.source = source
    self.isChunked = isChunked
    self.closes = closes || !isChunked
    bytes = Array(ResponseWriter.streamHead(of: response, isChunked: isChunked, closes: self.closes).utf8)
    append(response.body)
  }

  enum Progress {
    /// Call again when the socket is writeable.
    case more
    /// All was passed on to the kernel: ask for the next piece.
    case hungry
    case done
    case broken
  }

  /// Takes in the piece that was asked for.
  mutating func goOn(with piece: [UInt8], isLast: Bool) {
    isWaiting = false
    bytes = []
    sent = 0
    append(piece)
    self.isLast = isLast
    if isLast, isChunked { bytes += Array("0\r\n\r\n".utf8) }
  }

  mutating func waits() { isWaiting = true }

  /// Writes as much as the loop's buffer holds. Once for each writeable callback.
  mutating func write(to wsi: OpaquePointer, through buffer: SendBuffer) -> Progress {
    let end = min(bytes.count, sent + buffer.capacity)
    if sent < end {
      let isFinal = isLast && end == bytes.count
      let isWritten = bytes.withUnsafeBytes { all in
        buffer.writeHTTP(
          UnsafeRawBufferPointer(start: nil, count: 0), UnsafeRawBufferPointer(rebasing: all[sent..<end]),
          isLast: isFinal, to: wsi)
      }
      guard isWritten else { return .broken }
      sent = end
    }
    guard sent == bytes.count, lws_partial_buffered(wsi) == 0 else { return .more }
    return isLast ? .done : .hungry
  }

  private mutating func append(_ piece: [UInt8]) {
    guard !piece.isEmpty else { return }  // an empty chunk would be the last one
    if isChunked { bytes += Array("\(String(piece.count, radix: 16))\r\n".utf8) }
    bytes += piece
    if isChunked { bytes += [13, 10] }
  }
}
