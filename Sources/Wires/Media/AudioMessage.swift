/// A message that carries audio as Base64 in a member of its own, read without allocating; lent from the frame.
struct AudioMessage {
  /// Names of its members.
  struct Names {
    /// What `type` says.
    var type: StaticString
    /// The member with the audio.
    var audio: StaticString
    /// The member with the sender's id of the message.
    var id: StaticString
  }

  /// Base64.
  private(set) var audio = UnsafeRawBufferPointer(start: nil, count: 0)
  /// The sender's id of the message, where it has one: printable ASCII without quotation marks.
  private(set) var id: UnsafeRawBufferPointer?

  /// - Returns: `nil` for any other message, and for one that only the parser can read.
  init?(_ frame: UnsafeRawBufferPointer, _ names: Names) {
    guard var scanner = MemberScanner(frame) else { return nil }
    var (isWanted, hasAudio) = (false, false)
    var (audio, id) = (self.audio, self.id)
    let isRead = scanner.forEach { depth, name, value in
      guard depth == 1, case .text(let range) = value else { return }
      let text = UnsafeRawBufferPointer(rebasing: frame[range])
      if name.isEqual(to: "type") {
        isWanted = text.isEqual(to: names.type)
      } else if name.isEqual(to: names.audio) {
        (audio, hasAudio) = (text, true)
      } else if name.isEqual(to: names.id) {
        id = text
      }
    }
    guard isRead, isWanted, hasAudio else { return nil }
    (self.audio, self.id) = (audio, id)
  }
}
