/// A request's place in the speech scheduler; it is given back when this goes away.
final class SpeechSlot: Sendable {
  /// What is bounded.
  enum Kind: Hashable, Sendable {
    /// Work that waits or is done.
    case work
    /// An answer that is sent as fast as its client reads.
    case stream
  }

  private let scheduler: SpeechScheduler
  private let bytes: Int
  private let kind: Kind
  private let client: SpeechClient

  init(at scheduler: SpeechScheduler, _ kind: Kind, holding bytes: Int, for client: SpeechClient) {
    self.scheduler = scheduler
    self.kind = kind
    self.bytes = bytes
    self.client = client
  }

  deinit { scheduler.give(back: bytes, kind, of: client) }
}
