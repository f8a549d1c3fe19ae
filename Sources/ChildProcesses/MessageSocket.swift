import Glibc

/// One end of the socket pair between a program and its child. A message is its length in four bytes, lowest first, and its bytes.
struct MessageSocket {
  /// Why a message could not be passed on.
  enum Fault: Error {
    /// The other end is closed.
    case closed
    /// The message that comes has `count` bytes; more than the limit.
    case tooLarge(count: Int)
    /// The waiting was given up.
    case passed(ChildTimeLimit)
    /// Nobody wants the message any more.
    case unwanted
  }

  /// Waits until the socket takes (`POLLOUT`) or gives (`POLLIN`) bytes; throws when it has waited for too long.
  typealias Wait = (_ events: Int32) throws(Fault) -> Void

  /// Bytes of the length.
  private static let headCount = 4
  private static let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)

  /// Is not closed here.
  let descriptor: Int32

  /// - Parameter message: at most 4 GiB.
  func send(_ message: [UInt8], wait: Wait) throws(Fault) {
    let head = (0..<Self.headCount).map { UInt8(truncatingIfNeeded: message.count >> (8 * $0)) }
    let bytes = head + message
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { all in
        Glibc.send(descriptor, all.baseAddress.map { $0 + sent }, all.count - sent, Self.flags)
      }
      if count > 0 { sent += count } else { try waitAfter(errno, POLLOUT, wait) }
    }
  }

  /// The next message; `.closed` when the other end is closed before its end.
  func receive(bytesMax: Int, wait: Wait) throws(Fault) -> [UInt8] {
    let head = try receive(count: Self.headCount, wait)
    let count = head.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard count <= bytesMax else { throw .tooLarge(count: count) }
    return try receive(count: count, wait)
  }

  private func receive(count: Int, _ wait: Wait) throws(Fault) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var received = 0
    while received < count {
      let piece = bytes.withUnsafeMutableBytes { all in
        recv(descriptor, all.baseAddress.map { $0 + received }, count - received, Self.flags)
      }
      guard piece != 0 else { throw .closed }
      if piece > 0 { received += piece } else { try waitAfter(errno, POLLIN, wait) }
    }
    return bytes
  }

  private func waitAfter(_ code: Int32, _ events: Int32, _ wait: Wait) throws(Fault) {
    switch code {
    case EAGAIN: try wait(events)
    case EINTR: return
    default: throw .closed
    }
  }
}
