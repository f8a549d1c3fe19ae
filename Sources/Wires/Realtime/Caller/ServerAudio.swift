/// A server's event with audio, found without allocating; its parts lie in the event.
struct ServerAudio {
  let responseID: UnsafeRawBufferPointer
  let itemID: UnsafeRawBufferPointer
  /// As Base64.
  let audio: UnsafeRawBufferPointer
  let hasEventID: Bool
  /// Whether it has the name of the protocol's beta.
  let isBeta: Bool

  /// - Returns: `nil` for another event, for one that only the parser can read, and for one with an id that is too long or empty.
  init?(_ frame: UnsafeRawBufferPointer) {
    guard var scanner = MemberScanner(frame) else { return nil }
    var (isAudio, isBeta, hasEventID) = (false, false, false)
    var (response, item, audio): (UnsafeRawBufferPointer?, UnsafeRawBufferPointer?, UnsafeRawBufferPointer?)
    let isRead = scanner.forEach { depth, name, value in
      guard depth == 1, case .text(let range) = value else { return }
      let text = UnsafeRawBufferPointer(rebasing: frame[range])
      if name.isEqual(to: "type") {
        isBeta = text.isEqual(to: "response.audio.delta")
        isAudio = isBeta || text.isEqual(to: "response.output_audio.delta")
      } else if name.isEqual(to: "response_id") {
        response = text
      } else if name.isEqual(to: "item_id") {
        item = text
      } else if name.isEqual(to: "delta") {
        audio = text
      } else if name.isEqual(to: "event_id") {
        hasEventID = true
      }
    }
    guard isRead, isAudio, let response, let item, let audio else { return nil }
    // It is ASCII: bytes are characters.
    let lengths = 1...RealtimePlatformSide.idCharactersMax
    guard lengths.contains(response.count), lengths.contains(item.count) else { return nil }
    (responseID, itemID, self.audio, self.hasEventID, self.isBeta) = (response, item, audio, hasEventID, isBeta)
  }
}
