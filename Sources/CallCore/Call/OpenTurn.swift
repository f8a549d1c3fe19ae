/// The caller's turn that is being taken or answered.
struct OpenTurn: Sendable {
  /// A recognition on trial in a short pause.
  enum Speculation: Sendable, Equatable {
    case none
    case asked(RequestID, at: Timestamp)
    case answered(String)
  }

  let id: TurnID
  let source: TranscriptEntry.Source
  /// When the caller began.
  let start: Timestamp
  /// End of the caller's last speech, key or text.
  var inputEnd: Timestamp
  /// The longest turn was reached: nothing can be added to it.
  var isFull = false
  /// Keys so far.
  var keys = ""
  var speculation = Speculation.none
  /// The last request for words to show, and when it was made.
  var partial: RequestID?
  var partialAskedAt: Timestamp?
  /// When the turn was found to be over, its words known, its reply known, and audio of that ready.
  var endedAt: Timestamp?
  var wordsAt: Timestamp?
  var replyAt: Timestamp?
  var audioAt: Timestamp?
  /// The flow before it heard of this turn, in case the caller goes on; `nil` when there is no way back.
  var flowBefore: (any AgentFlow)?

  init(id: TurnID, source: TranscriptEntry.Source, start: Timestamp) {
    self.id = id
    self.source = source
    self.start = start
    inputEnd = start
  }

  /// The waits of the turn, once its first packet was sent at `playedAt`; `nil` before the reply is known.
  func latency(playedAt: Timestamp) -> TurnLatency? {
    guard let endedAt, let wordsAt, let replyAt else { return nil }
    let audioAt = audioAt ?? playedAt
    return TurnLatency(
      turn: id, endpoint: endedAt - inputEnd, recognition: wordsAt - endedAt, flow: replyAt - wordsAt,
      synthesis: audioAt - replyAt, playout: playedAt - audioAt)
  }
}
