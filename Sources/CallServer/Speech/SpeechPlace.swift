/// A request's place at the speech desk; it is given back when this goes away.
final class SpeechPlace: Sendable {
  private let desk: SpeechDesk
  private let bytes: Int

  init(at desk: SpeechDesk, holding bytes: Int) {
    self.desk = desk
    self.bytes = bytes
  }

  deinit { desk.give(back: bytes) }
}
