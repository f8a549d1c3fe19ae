import CLibwebsockets
import Glibc

/// The bytes of one accepted connection, in clear or under TLS. Owns the descriptor until it is taken away. Used by one thread at a
/// time: the loop that has the connection, which may hand it to another loop.
final class SocketStream: @unchecked Sendable {
  /// What became of a read or write.
  enum Outcome: Equatable {
    /// So many bytes, 1 and up.
    case count(Int)
    /// Nothing now; the socket says when.
    case wait
    /// The peer sends no more.
    case ended
    /// The connection is of no use any more.
    case broken
  }

  /// The peer's address in digits.
  let peer: String
  /// Its place among the connections of its address; goes with the connection.
  let place: ConnectionSlot
  /// Whether TLS wants to write before it can read.
  private(set) var wantsWrite = false
  private(set) var descriptor: Int32
  private var session: OpaquePointer?

  /// - Parameter context: of OpenSSL, when the connection begins with TLS.
  /// Makes the kernel say early that a caller does not keep up: by default it would take megabytes, minutes of speech.
  /// 16 KiB are 3 s of Opus with its headers or half a second of 16 kHz PCM, beyond what is on its way.
  static func limitUnsent(_ descriptor: Int32) {
    var bytes: Int32 = 16 << 10
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NOTSENT_LOWAT, &bytes, socklen_t(MemoryLayout<Int32>.size))
  }

  /// - Returns: `nil` without memory for TLS; the descriptor is closed then.
  init?(_ descriptor: Int32, _ place: ConnectionSlot, secure context: OpaquePointer?) {
    self.descriptor = descriptor
    self.place = place
    peer = place.address ?? peerAddress(of: descriptor)
    if let context {
      session = vf_tls_accept(context, descriptor)
      if session == nil { return nil }
    }
  }

  deinit {
    if let session { vf_tls_free(session) }
    if descriptor >= 0 { close(descriptor) }
  }

  var isSecure: Bool { session != nil }

  /// Gives the descriptor of a connection in clear away.
  func takeDescriptor() -> Int32 {
    precondition(!isSecure, "bytes under TLS are read here only")
    defer { descriptor = -1 }
    return descriptor
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
    let count: Int
    if let session {
      count = Int(vf_tls_read(session, buffer.baseAddress, Int32(clamping: buffer.count)))
      wantsWrite = count == -2
    } else {
      count = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
      if count < 0 { return Self.isPassing(errno) ? .wait : .broken }
    }
    return Self.outcome(count)
  }

  func write(_ bytes: UnsafeRawBufferPointer) -> Outcome {
    guard !bytes.isEmpty else { return .wait }
    if let session {
      let count = Int(vf_tls_write(session, bytes.baseAddress, Int32(clamping: min(bytes.count, 1 << 20))))
      return count == 0 ? .broken : Self.outcome(count)
    }
    let count = send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
    if count < 0 { return Self.isPassing(errno) ? .wait : .broken }
    return Self.outcome(count)
  }

  /// Says that nothing more will be written.
  func finishWriting() {
    if let session { vf_tls_shutdown(session) }
    shutdown(descriptor, Int32(SHUT_WR))
  }

  /// - Parameter count: as the functions of the C target give it: −1 and −2 mean wait, less is broken.
  private static func outcome(_ count: Int) -> Outcome {
    switch count {
    case 1...: .count(count)
    case 0: .ended
    case -1, -2: .wait
    default: .broken
    }
  }

  private static func isPassing(_ code: Int32) -> Bool { code == EAGAIN || code == EINTR }
}

/// Peer's address in digits; empty when it is already gone.
func peerAddress(of descriptor: Int32) -> String {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
    buffer.initialize(repeating: 0)
    guard let start = buffer.baseAddress, vf_peer_address(descriptor, start, buffer.count) == 0 else { return "" }
    return String(cString: start)
  }
}

/// OpenSSL's context of a server: its certificate and what it speaks. Made by one loop and used by it alone.
final class TLSServerContext {
  let pointer: OpaquePointer

  init(_ certificate: ServerCertificate) throws(WebSocketError) {
    guard let pointer = vf_tls_server(certificate.certificatePath, certificate.keyPath) else {
      throw .contextUnavailable
    }
    self.pointer = pointer
  }

  deinit { vf_tls_server_free(pointer) }
}
