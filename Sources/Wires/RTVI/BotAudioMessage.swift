/// A message `eval-bot-audio`, found without allocating; its audio lies in the message.
struct BotAudioMessage {
  /// As Base64.
  let audio: UnsafeRawBufferPointer
  /// Samples a second; `nil` where it is none.
  let sampleRate: Int?
  /// Whether it bears the label of the protocol.
  let isLabelled: Bool

  /// - Returns: `nil` for another message, and for one that only the parser can read.
  init?(_ frame: UnsafeRawBufferPointer) {
    guard var scanner = MemberScanner(frame) else { return nil }
    var (isAudio, isLabelled, isInData) = (false, false, false)
    var (audio, rate): (UnsafeRawBufferPointer?, UInt64?)
    let isRead = scanner.forEach { depth, name, value in
      switch value {
      case .object: isInData = depth == 1 && name.isEqual(to: "data")
      case .text(let range):
        let text = UnsafeRawBufferPointer(rebasing: frame[range])
        if depth == 1, name.isEqual(to: "label") { isLabelled = text.isEqual(to: "rtvi-ai") }
        if depth == 1, name.isEqual(to: "type") { isAudio = text.isEqual(to: "eval-bot-audio") }
        if depth == 2, isInData, name.isEqual(to: "audio") { audio = text }
      case .plain(let range):
        if depth == 2, isInData, name.isEqual(to: "sampleRate") {
          rate = UnsafeRawBufferPointer(rebasing: frame[range]).wholeNumber
        }
      }
    }
    guard isRead, isAudio, let audio else { return nil }
    (self.audio, sampleRate, self.isLabelled) = (audio, rate.flatMap { Int(exactly: $0) }, isLabelled)
  }
}
