import CLibwebsockets
import Glibc

/// Closes clients that do not mask (RFC 6455 section 5.1), which libwebsockets 4.1 would let pass.
///
/// libwebsockets reads the socket and keeps the mask bit to itself. What can be seen is the first frame: a client must
/// wait for our handshake before it sends, so when a connection is established its next byte begins a frame. Reading is
/// held back until two bytes are there, they are peeked at, and then libwebsockets goes on. It costs two system calls
/// for each connection and none for each frame.
///
/// Limit: only the first frame is checked. A client that masks its first frame and not a later one is not noticed.
final class MaskCheck: DescriptorOwner {
  private let epoll: Int32

  init?(watchingIn loop: LoopContext) {
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    if epoll < 0 { return nil }
    super.init(loop: loop)
    if !adopt(epoll) { return nil }
  }

  /// Holds back reading of a connection just established until its first frame shows.
  func watch(_ connection: WebSocketConnection, wsi: OpaquePointer, descriptor: Int32) {
    setLowWater(2, of: descriptor)
    let events = UInt32(EPOLLIN.rawValue) | UInt32(EPOLLRDHUP.rawValue) | UInt32(EPOLLONESHOT.rawValue)
    guard vf_epoll_add(epoll, descriptor, events, connection.id) == 0 else { return }
    lws_rx_flow_control(wsi, 0)
  }

  override func handle(_ reason: lws_callback_reasons, _ input: UnsafeMutableRawPointer?, _ count: Int) -> Int32 {
    guard reason == LWS_CALLBACK_RAW_RX_FILE else { return 0 }
    forEachReady(in: epoll) { token, _ in loop.connection(token)?.firstBytesArrived(checkedBy: self) }
    return 0
  }

  /// - Returns: false when the peeked frame is not masked. A closed socket is none of this check's business.
  func isFirstFrameMasked(_ descriptor: Int32) -> Bool {
    epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, nil)
    setLowWater(1, of: descriptor)
    var bytes: (UInt8, UInt8) = (0, 0)
    let count = recv(descriptor, &bytes, 2, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
    return count < 2 || bytes.1 & 0x80 != 0
  }

  /// Bytes that must wait before the socket counts as readable; the mask bit is in the second.
  private func setLowWater(_ bytes: Int32, of descriptor: Int32) {
    var bytes = bytes
    setsockopt(descriptor, SOL_SOCKET, SO_RCVLOWAT, &bytes, socklen_t(MemoryLayout<Int32>.size))
  }
}
