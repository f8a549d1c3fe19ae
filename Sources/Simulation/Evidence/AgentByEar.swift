public import CallCore
import Wires

extension CallEvidence {
  /// Whether the agent's words were recognised from its track, because the wire does not tell them.
  public var isByEar: Bool { !wire.capabilities.contains(.agentText) }

  /// Adds what the agent said, recognised from its track utterance by utterance, as notices such as an agent gives that announces its words;
  /// where the wire tells the words, both are compared. Takes as long as the recogniser does; a recogniser that fails makes the call one of which nothing can be said.
  /// - Parameter pause: silence that ends an utterance.
  public mutating func hearAgent(with shared: SharedSpeech, pause: CallDuration) {
    guard isByEar else { return compareWords(with: shared) }
    guard let track = tracks?.agent else { return }
    let utterances = RecognizedUtterance.all(in: self, pause: pause)
    var heard: [Notice] = []
    for (index, utterance) in utterances.enumerated() {
      let before = index > 0 ? utterances[index - 1].end : .zero
      let after = index + 1 < utterances.count ? utterances[index + 1].start : .zero + duration
      switch utterance.words(in: track, after: before, before: after, shared) {
      case .success(let words): heard += utterance.notices(words, number: index + 1)
      case .failure(let fault): failure = failure ?? .callerEngine(fault.description)
      }
    }
    notices = (notices + heard).enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(
      \.element)
  }
}

/// What the agent said without a pause for the caller, found in its track.
package struct RecognizedUtterance {
  /// Least silence around the end of a caller's turn that parts what was said before from the answer.
  static let turnGap = CallDuration.milliseconds(500)
  /// Silence around the words that the recogniser is given, too.
  static let margin = CallDuration.milliseconds(200)
  /// Most audio for one recognition; a recogniser takes 30 s (`TurnLimits.turnDurationMax`).
  static let recognitionMax = CallDuration.seconds(28)

  /// How near to an edge of a sound a cut is that edge: a frame, and what the edge is known to.
  static let edgeSlack = CallDuration.milliseconds(25)

  /// A sound that begins so soon after the agent's audio was dropped, is no longer and stands alone was under way just then: Pipecat sends 40 ms
  /// behind its own `clear`.
  static let remnantMax = CallDuration.milliseconds(200)

  /// Its sounds, in order.
  package private(set) var spans: [SpeechSpan]
  /// The caller's turn that it follows; 0: none.
  let turn: Int
  /// Whether the agent broke it off.
  package private(set) var isCut = false

  private init(spans: [SpeechSpan], turn: Int) { (self.spans, self.turn) = (spans, turn) }

  /// One that was told, by where it is audible.
  init(_ utterance: AgentUtterance, in evidence: CallEvidence) {
    let whole = SpeechSpan(start: utterance.began, end: utterance.ended)
    let sounds = evidence.agentSpeech.filter { $0.overlap(with: whole) > .zero }
    self.init(
      spans: sounds.isEmpty
        ? [whole]
        : sounds.map { SpeechSpan(start: max($0.start, whole.start), end: min($0.end, whole.end)) },
      turn: utterance.turn.number)
  }

  var start: Timestamp { spans[0].start }
  var end: Timestamp { spans[spans.count - 1].end }

  /// In order.
  package static func all(in evidence: CallEvidence, pause: CallDuration) -> [RecognizedUtterance] {
    var utterances: [RecognizedUtterance] = []
    let sounds = parted(evidence.agentSpeech, at: evidence.agentCuts)
    for (index, span) in sounds.enumerated() {
      let isRemnant = isRemnant(span, before: index + 1 < sounds.count ? sounds[index + 1] : nil, evidence)
      if let last = utterances.last, isRemnant || !isParted(last.end, span.start, evidence, pause) {
        utterances[utterances.count - 1].spans.append(span)
      } else {
        let acts = evidence.acts.filter { $0.ended <= span.start }
        utterances.append(RecognizedUtterance(spans: [span], turn: acts.last?.turn ?? 0))
      }
    }
    for index in utterances.indices {
      let (start, end) = (utterances[index].start, utterances[index].end)
      utterances[index].isCut = evidence.agentCuts.contains {
        $0 > start && $0 >= end - remnantMax * 2 && $0 <= end + AgentHearing.wordGap
      }
    }
    return utterances
  }

  private static func isRemnant(_ span: SpeechSpan, before next: SpeechSpan?, _ evidence: CallEvidence) -> Bool {
    guard span.end - span.start <= remnantMax, next.map({ $0.start - span.end >= turnGap }) ?? true else {
      return false
    }
    return evidence.agentCuts.contains { $0 <= span.start + edgeSlack && span.start - $0 <= remnantMax }
  }

  private static func isParted(_ end: Timestamp, _ start: Timestamp, _ evidence: CallEvidence, _ pause: CallDuration)
    -> Bool
  {
    if start - end >= pause { return true }
    if evidence.agentCuts.contains(where: { $0 >= end - edgeSlack && $0 <= start + edgeSlack }) { return true }
    return start - end >= turnGap && evidence.acts.contains { $0.ended >= end && $0.ended <= start }
  }

  private static func parted(_ spans: [SpeechSpan], at instants: [Timestamp]) -> [SpeechSpan] {
    spans.flatMap { span -> [SpeechSpan] in
      let cuts = instants.filter { $0 > span.start + edgeSlack && $0 < span.end - edgeSlack }
      let edges = [span.start] + cuts + [span.end]
      return zip(edges, edges.dropFirst()).map { SpeechSpan(start: $0, end: $1) }
    }
  }

  /// Its words, with silence around them that belongs to no other utterance.
  func words(in track: [Int16], after: Timestamp, before: Timestamp, _ shared: SharedSpeech) -> Result<
    String, EngineError
  > {
    let whole = SpeechSpan(start: max(start - Self.margin, after), end: max(min(end + Self.margin, before), end))
    var words: [String] = []
    for piece in pieces(of: whole) {
      let first = min(CallTracks.position(of: piece.start), track.count)
      let last = min(max(CallTracks.position(of: piece.end), first), track.count)
      switch shared.transcribe(Array(track[first..<last])) {
      case .success(let text): words.append(text)
      case .failure(let fault): return .failure(fault)
      }
    }
    return .success(words.filter { !$0.isEmpty }.joined(separator: " "))
  }

  /// Cut between two sounds where it is too long for one recognition.
  private func pieces(of whole: SpeechSpan) -> [SpeechSpan] {
    var pieces: [SpeechSpan] = []
    var start = whole.start
    for (span, next) in zip(spans, spans.dropFirst()) where next.end - start > Self.recognitionMax {
      pieces.append(SpeechSpan(start: start, end: max(span.end, start)))
      start = span.end
    }
    while whole.end - start > Self.recognitionMax {
      pieces.append(SpeechSpan(start: start, end: start + Self.recognitionMax))
      start = start + Self.recognitionMax
    }
    return pieces + [SpeechSpan(start: start, end: max(whole.end, start))]
  }

  /// As if the agent had announced it.
  func notices(_ words: String, number: Int) -> [CallEvidence.Notice] {
    var entry = TranscriptEntry(
      turn: TurnID(turn), role: .agent, text: words, at: start, source: .speech, utterance: UtteranceID(number),
      playedText: words)
    let began = AgentNotice(.started, entry)
    entry.heard = end - start
    entry.interrupted = isCut
    return [
      .init(at: start, message: .agent(began)),
      .init(at: end, message: .agent(AgentNotice(isCut ? .interrupted : .finished, entry))),
      .init(at: end, message: .transcript(TranscriptNotice(entry, isFinal: true))),
    ]
  }
}
