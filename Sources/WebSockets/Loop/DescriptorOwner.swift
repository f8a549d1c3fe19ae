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

  /// - Returns: what the callback returns to libwebsockets; 0 goes on, −1 mostly closes.
  func handle(_ reason: lws_callback_reasons, _ input: UnsafeMutableRawPointer?, _ count: Int) -> Int32 { 0 }

  /// libwebsockets frees the connection after this. Overriders call `super`.
  func destroyed() { wsi = nil }
}
