import CLibwebsockets

/// What libwebsockets' callbacks about one descriptor are sent to. The descriptor keeps its owner alive.
class DescriptorOwner {
  unowned let loop: LoopContext
  private(set) var wsi: OpaquePointer?

  init(loop: LoopContext) { self.loop = loop }

  /// The pointer to give libwebsockets as `opaque`. `WSI_DESTROY` balances it.
  func retainedPointer() -> UnsafeMutableRawPointer { Unmanaged.passRetained(self).toOpaque() }

  func bind(to wsi: OpaquePointer) {
    if self.wsi == nil { self.wsi = wsi }
  }

  /// Has libwebsockets poll a descriptor of this owner's, and close it with the loop.
  func adopt(_ descriptor: Int32) -> Bool {
    guard let wsi = vf_lws_adopt_file(loop.vhost, descriptor, nil, retainedPointer()) else { return false }
    bind(to: wsi)
    return true
  }

  /// - Returns: what the callback returns to libwebsockets; 0 goes on, −1 mostly closes.
  func handle(_ reason: lws_callback_reasons, _ input: UnsafeMutableRawPointer?, _ count: Int) -> Int32 { 0 }

  /// libwebsockets frees the connection after this. Overriders call `super`.
  func destroyed() { wsi = nil }
}

/// The one callback libwebsockets knows. A function at file scope: a closure literal could be taken for the main actor's.
///
/// - Parameter user: unused; the owner of a descriptor travels as its opaque pointer.
func libraryCallback(
  wsi: OpaquePointer?, reason: lws_callback_reasons, user: UnsafeMutableRawPointer?,
  input: UnsafeMutableRawPointer?, count: Int
) -> Int32 {
  guard let wsi else { return 0 }
  switch reason {
  case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
    loopContext(of: wsi)?.drainMailbox()
    return 0
  case LWS_CALLBACK_PROTOCOL_INIT, LWS_CALLBACK_PROTOCOL_DESTROY, LWS_CALLBACK_GET_THREAD_ID,
    LWS_CALLBACK_OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS, LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS,
    LWS_CALLBACK_LOCK_POLL, LWS_CALLBACK_UNLOCK_POLL, LWS_CALLBACK_ADD_POLL_FD, LWS_CALLBACK_DEL_POLL_FD,
    LWS_CALLBACK_CHANGE_MODE_POLL_FD, LWS_CALLBACK_WSI_CREATE:
    return 0  // these come without a connection
  case LWS_CALLBACK_WSI_DESTROY:
    guard let opaque = lws_get_opaque_user_data(wsi) else { return 0 }
    lws_set_opaque_user_data(wsi, nil)
    Unmanaged<DescriptorOwner>.fromOpaque(opaque).takeRetainedValue().destroyed()
    return 0
  default:
    if lws_get_opaque_user_data(wsi) == nil, let loop = loopContext(of: wsi), let owner = loop.adopting {
      loop.adopting = nil
      lws_set_opaque_user_data(wsi, owner.retainedPointer())
    }
    guard let opaque = lws_get_opaque_user_data(wsi) else { return 0 }
    let owner = Unmanaged<DescriptorOwner>.fromOpaque(opaque).takeUnretainedValue()
    owner.bind(to: wsi)
    let heartbeat = owner.loop.load.heartbeat
    heartbeat.called(back: reason)
    defer { heartbeat.isBackInLibrary() }
    return owner.handle(reason, input, count)
  }
}

/// Looks what an epoll set has to say, without waiting.
func forEachReady(in epoll: Int32, _ body: (_ token: UInt64, _ events: UInt32) -> Void) {
  withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: 64) { events in
    let ready = epoll_wait(epoll, events.baseAddress, Int32(events.count), 0)
    for index in 0..<max(0, Int(ready)) {
      var event = events[index]
      body(vf_epoll_token(&event), vf_epoll_events(&event))
    }
  }
}

private func loopContext(of wsi: OpaquePointer) -> LoopContext? {
  guard let context = lws_get_context(wsi), let user = lws_context_user(context) else { return nil }
  return Unmanaged<LoopContext>.fromOpaque(user).takeUnretainedValue()
}

/// Peer's address in digits, empty when it is already gone.
func peerAddress(of wsi: OpaquePointer) -> String {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
    buffer.initialize(repeating: 0)
    guard let start = buffer.baseAddress else { return "" }
    lws_get_peer_simple(wsi, start, buffer.count)
    return String(cString: start)
  }
}

/// A socket with something to say when its loop stops.
protocol StoppableSocket: AnyObject {
  /// Ends at once unless an answer is being written.
  func loopStops()
}
