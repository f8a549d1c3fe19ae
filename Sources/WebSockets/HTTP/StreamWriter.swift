/// An answer whose body is made while it is sent: chunked (RFC 9112, 7.1), or to a client of HTTP/1.0 up to the end of the connection.
struct StreamWriter {
  let requestID: UInt64
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
  init(_ response: HTTPResponse, requestID: UInt64, source: any HTTPBodySource, isChunked: Bool, closes: Bool) {
    self.requestID = requestID
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

  /// Writes as much as the socket takes.
  mutating func write(to stream: SocketStream) -> Progress {
    while sent < bytes.count {
      switch bytes.withUnsafeBytes({ stream.write(UnsafeRawBufferPointer(rebasing: $0[sent...])) }) {
      case .count(let count): sent += count
      case .wait: return .more
      case .ended, .broken: return .broken
      }
    }
    return isLast ? .done : .hungry
  }

  /// Bytes of the present piece the peer's kernel has taken.
  var sentBytes: Int { sent }

  private mutating func append(_ piece: [UInt8]) {
    guard !piece.isEmpty else { return }  // an empty chunk would be the last one
    if isChunked { bytes += Array("\(String(piece.count, radix: 16))\r\n".utf8) }
    bytes += piece
    if isChunked { bytes += [13, 10] }
  }
}
