import CallCore

/// What of something that the agent says came and was played, from its first sound to its last: two marks in the `PlayoutQueue` tell when it begins
/// and when all of it was played, or it is cut off before.
struct PlayedUtterance {
  /// What is played of it.
  enum Playback { case waiting, playing, over }

  /// From 1.
  let number: Int
  /// The caller's turn that it answers.
  let turn: Int
  private(set) var playback = Playback.waiting
  /// Its audio, as received and as played.
  var receivedBytes = 0
  var playedBytes = 0
  /// Whether nothing more of it is expected.
  private(set) var isClosed = false
  /// Whether it was cut off.
  private(set) var isCut = false

  init(number: Int, turn: Int) { (self.number, self.turn) = (number, turn) }

  // MARK: - Marks

  /// What its marks mean.
  /// - Returns: the number of the utterance, and whether it begins; `nil` for a mark that is none of an utterance's.
  static func read(_ mark: String) -> (number: Int, isStart: Bool)? {
    guard let kind = mark.first, kind == "b" || kind == "e" else { return nil }
    return Int(mark.dropFirst()).map { ($0, kind == "b") }
  }

  /// Sets the mark before its first sound.
  /// - Returns: false when there is no room for it.
  func markStart(_ queue: inout PlayoutQueue) -> Bool { queue.append(mark: "b\(number)") }

  /// Nothing more of it is expected: sets the mark behind its last sound, once.
  /// - Returns: false when there is no room for it.
  mutating func close(_ queue: inout PlayoutQueue) -> Bool {
    guard !isClosed, playback != .over else { return true }
    isClosed = true
    return queue.append(mark: "e\(number)")
  }

  // MARK: - What is played

  /// Its first sound is played.
  mutating func start() { playback = .playing }

  /// All before the mark behind it was played.
  mutating func playOut() { playedBytes = receivedBytes }

  /// Nothing more of it is played.
  /// - Returns: whether that is news: it was being played.
  mutating func finish(isCut: Bool) -> Bool {
    guard playback == .playing else { return false }
    (playback, self.isCut) = (.over, isCut)
    return true
  }

  /// Nothing more of it is played or expected; what was never heard need not be told.
  mutating func drop() {
    if playback != .over { isCut = true }
    (playback, isClosed) = (.over, true)
  }

  /// What the caller is told of it.
  /// - Parameter text: its words, as far as they are known.
  func notice(_ text: String, _ format: AudioFormat, at now: Timestamp) -> PlatformEvent {
    var entry = TranscriptEntry(
      turn: TurnID(turn), role: .agent, text: text, at: now, source: .speech, utterance: UtteranceID(number),
      playedText: text)
    entry.heard = format.duration(ofBytes: playedBytes)
    entry.interrupted = isCut
    return .told(.agent(AgentNotice(playback != .over ? .started : isCut ? .interrupted : .finished, entry)))
  }
}
