import CallCore
import Wires

/// What the agent said at a stretch, by its own account, and where that is audible in the track.
struct AgentUtterance {
  /// How much sooner than the notice of an utterance its first sound may arrive: three packets are sent ahead of it.
  static let noticeSlack = CallDuration.milliseconds(60)

  let id: UtteranceID
  /// The caller's turn that it answers, by the agent's count.
  let turn: TurnID
  let noticedAt: Timestamp
  /// What of it was heard; empty when nobody said.
  private(set) var playedText = ""
  /// Whether the agent broke it off.
  private(set) var isCut = false
  /// When the caller was told so.
  private var cutAt: Timestamp?
  /// First to last sound; `nil` when it was not audible at all.
  private(set) var sound: SpeechSpan?

  /// Those that are audible, in order. What was announced and never heard was not said.
  static func all(in evidence: CallEvidence) -> [AgentUtterance] {
    var utterances: [AgentUtterance] = []
    for notice in evidence.notices {
      guard case .agent(let news) = notice.message else { continue }
      let index = utterances.lastIndex { $0.id == news.utterance }
      if let index, news.state.isEnd {
        utterances[index].playedText = news.playedText
        utterances[index].isCut = news.state == .interrupted
        utterances[index].cutAt = news.state == .interrupted ? notice.at : nil
      } else if index == nil {
        utterances.append(AgentUtterance(news, at: notice.at))
      }
    }
    fillPlayedTexts(from: evidence.record, for: &utterances)
    place(evidence.agentSpeech, on: &utterances)
    utterances.removeAll { $0.sound == nil }
    return utterances
  }

  private init(_ news: AgentNotice, at instant: Timestamp) {
    id = news.utterance
    turn = news.turn
    noticedAt = instant - news.heard
    if news.state.isEnd { playedText = news.playedText }
    isCut = news.state == .interrupted
  }

  /// Of utterances whose end the caller was not told.
  private static func fillPlayedTexts(from record: CallRecord?, for utterances: inout [AgentUtterance]) {
    guard let record else { return }
    for index in utterances.indices where utterances[index].playedText.isEmpty {
      let entry = record.transcript.last { $0.utterance == utterances[index].id }
      utterances[index].playedText = entry?.playedText ?? ""
    }
  }

  /// A sound belongs to the utterance that was announced last before it. One that follows another without a gap, as the answer to a
  /// key does, begins where it was announced.
  private static func place(_ sounds: [SpeechSpan], on utterances: inout [AgentUtterance]) {
    var owner = -1
    let edges = utterances.indices.map { latestStart(of: $0, in: utterances) }
    for span in parted(sounds, at: edges) {
      while owner + 1 < utterances.count, edges[owner + 1] <= span.start { owner += 1 }
      guard owner >= 0 else { continue }
      utterances[owner].sound = SpeechSpan(start: utterances[owner].sound?.start ?? span.start, end: span.end)
    }
  }

  /// From when on sound belongs to an utterance: a little before its notice, but not before the one before it was cut off.
  private static func latestStart(of index: Int, in utterances: [AgentUtterance]) -> Timestamp {
    let usual = utterances[index].noticedAt - noticeSlack
    guard index > 0, let cut = utterances[index - 1].cutAt else { return usual }
    return max(usual, min(cut, utterances[index].noticedAt))
  }

  private static func parted(_ spans: [SpeechSpan], at instants: [Timestamp]) -> [SpeechSpan] {
    spans.flatMap { span -> [SpeechSpan] in
      let cuts = instants.filter { $0 > span.start && $0 < span.end }
      let edges = [span.start] + cuts + [span.end]
      return zip(edges, edges.dropFirst()).map { SpeechSpan(start: $0, end: $1) }
    }
  }

  /// First sound; only of those that `all` gives.
  var began: Timestamp { sound?.start ?? noticedAt }
  var ended: Timestamp { sound?.end ?? noticedAt }

  /// Whether it was going on: between its first and last sound, or between two of its words when it was broken off there.
  func isGoingOn(at instant: Timestamp) -> Bool {
    began < instant && (ended >= instant || (cutAt.map { $0 >= instant } ?? false))
  }
}
