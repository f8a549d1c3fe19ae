/// Notices a peer that keeps its connection busy with what is no message: pings, pongs, fragments of a few bytes. libwebsockets answers and joins
/// them without a word, so what the socket received is compared with the bytes of messages.
struct ControlFrameMeter {
  /// Bytes between two looks that belong to no message: some 10,000 pings. Our own pings are answered with one pong in ten seconds.
  static let bytesMax = 65_536

  private var lastUnseen: Int?

  /// - Parameters:
  ///   - received: bytes that the connection received so far and libwebsockets has read.
  ///   - messages: bytes of messages so far, with a header for each.
  mutating func isFlood(received: Int, messages: Int) -> Bool {
    let unseen = received &- messages
    defer { lastUnseen = unseen }
    guard let lastUnseen else { return false }
    return unseen &- lastUnseen > Self.bytesMax
  }
}
