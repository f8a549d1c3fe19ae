/// A bot's message with audio, found without allocating; its parts lie in the message.
struct BotMedia {
  /// The stream that it is for, where it says so.
  let streamID: UnsafeRawBufferPointer?
  /// Audio as Base64.
  let payload: UnsafeRawBufferPointer
  /// What its audio is, where it says so.
  let contentType: UnsafeRawBufferPointer?
  /// Whether it has a member that does not belong there.
  let hasMore: Bool

  /// - Returns: `nil` for another message, and for one that only the parser can read.
  init?(_ frame: UnsafeRawBufferPointer, _ dialect: TelephonyDialect) {
    guard var scanner = MemberScanner(frame) else { return nil }
    var parts = Parts()
    let isWhole = scanner.forEach { depth, name, value in parts.add(depth, name, value, frame, dialect) }
    guard isWhole, parts.isMedia, let payload = parts.payload else { return nil }
    (streamID, self.payload, contentType, hasMore) = (parts.streamID, payload, parts.contentType, parts.hasMore)
  }

  private struct Parts {
    var isMedia = false
    var isInMedia = false
    var hasMore = false
    var streamID: UnsafeRawBufferPointer?
    var payload: UnsafeRawBufferPointer?
    var contentType: UnsafeRawBufferPointer?

    mutating func add(
      _ depth: Int, _ name: UnsafeRawBufferPointer, _ value: MemberScanner.Value, _ frame: UnsafeRawBufferPointer,
      _ dialect: TelephonyDialect
    ) {
      switch value {
      case .object:
        isInMedia = name.isEqual(to: "media")
        hasMore = hasMore || !isInMedia
      case .text(let range):
        let text = UnsafeRawBufferPointer(rebasing: frame[range])
        if depth == 1, name.isEqual(to: "event") {
          isMedia = text.isEqual(to: dialect.mediaEvent)
        } else if depth == 1, let key = dialect.streamKey, name.isEqual(to: key) {
          streamID = text
        } else if depth == 2, isInMedia, name.isEqual(to: "payload") {
          payload = text
        } else if depth == 2, isInMedia, name.isEqual(to: "contentType") {
          contentType = text
          hasMore = true
        } else {
          hasMore = true
        }
      case .plain: hasMore = true
      }
    }
  }
}
