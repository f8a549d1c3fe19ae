extension CallSpans {
  /// What a call was, as spans: the call, its turns with their stages, what the agent said, and what was asked of engines, tools and models.
  ///
  /// The stages of a turn follow one another without a gap, from the end of the caller's speech to the agent's first packet, so that their sum is
  /// `TurnLatency.total`.
  ///
  /// - Parameters:
  ///   - record: of a call that is over.
  ///   - log: what the call asked for; empty for a call of which only the record is left.
  ///   - showsWords: whether what was said and the numbers in it stand in the spans.
  public init(
    of record: CallRecord, _ log: CallRequestLog = CallRequestLog(), in context: SpanContext, showsWords: Bool
  ) {
    var builder = CallSpanBuilder(record: record, context: context, showsWords: showsWords)
    builder.addTurns()
    builder.addUtterances()
    builder.addToolUses()
    for request in log.requests { builder.add(request) }
    builder.addCall(requestsDropped: log.dropped)
    trace = context.trace
    startedAtUnixMicroseconds = record.startedAtUnixMicroseconds
    spans = builder.sorted
  }
}

/// Makes the spans of a call, one kind after the other.
struct CallSpanBuilder {
  let record: CallRecord
  let context: SpanContext
  let showsWords: Bool
  private var spans: [CallSpan] = []
  /// Places of the turns in `spans`, by their number.
  private var turns: [Int: Int] = [:]

  init(record: CallRecord, context: SpanContext, showsWords: Bool) {
    (self.record, self.context, self.showsWords) = (record, context, showsWords)
  }

  private var call: SpanID { context.id(of: .call) }
  private var end: Timestamp { .zero + record.duration }

  /// The call, then the others in the order of their beginnings; what begins at the same time stays in the order in which it was added.
  var sorted: [CallSpan] {
    spans.enumerated().sorted { left, right in
      let (isCall, isOtherCall) = (left.element.id == call, right.element.id == call)
      if isCall != isOtherCall { return isCall }
      return (left.element.start, left.offset) < (right.element.start, right.offset)
    }.map(\.element)
  }

  // MARK: - Turns

  /// One for each that was answered aloud: of the others, nothing but the words is known.
  mutating func addTurns() {
    for latency in record.turnLatencies {
      guard turns[latency.turn.number] == nil, let answeredAt = answeredAt(latency) else { continue }
      let inputEnd = answeredAt - latency.total
      let words = record.transcript.last { $0.turn == latency.turn && $0.role == .caller }
      let start = min(words?.at ?? inputEnd, inputEnd)
      let id = context.id(of: .turn(latency.turn.number))
      var span = CallSpan(id, of: call, "turn", from: start, to: answeredAt)
      span.set("voiceforge.turn.number", latency.turn.number)
      span.set("voiceforge.turn.latency_ms", latency.total.milliseconds)
      span.set("voiceforge.turn.ended_by", latency.endedBy?.rawValue)
      span.set("voiceforge.turn.source", words?.source.rawValue)
      setWords(words?.text, of: &span)
      turns[latency.turn.number] = spans.count
      spans.append(span)
      addStages(of: latency, from: inputEnd, in: id)
    }
  }

  private mutating func addStages(of latency: TurnLatency, from start: Timestamp, in turn: SpanID) {
    var start = start
    let stages = [
      ("endpoint", latency.endpoint), ("recognition", latency.recognition), ("flow", latency.flow),
      ("synthesis", latency.synthesis), ("playout", latency.playout),
    ]
    for (index, (name, length)) in stages.enumerated() {
      let id = context.id(of: .stage(turn: latency.turn.number, index))
      var span = CallSpan(id, of: turn, name, from: start, to: start + length)
      if name == "flow", let model = latency.model {
        span.set("voiceforge.model.first_token_ms", model.firstToken.milliseconds)
        span.set("voiceforge.model.first_sentence_ms", model.firstSentence.milliseconds)
        span.set("voiceforge.model.tools_ms", model.tools.milliseconds)
      }
      spans.append(span)
      start = span.end
    }
  }

  /// When the agent's first packet of its answer was sent. The transcript says so, where it has room for the answer; otherwise the timeline says when a
  /// turn of speech was over.
  private func answeredAt(_ latency: TurnLatency) -> Timestamp? {
    if let answer = record.transcript.first(where: { $0.turn == latency.turn && $0.role == .agent }) {
      return answer.at
    }
    let text = "turn \(latency.turn.number)"
    let ended = record.timeline.last { $0.kind == .turnEnded && $0.detail == text }
    return ended.map { $0.at + (latency.total - latency.endpoint) }
  }

  // MARK: - What was said

  mutating func addUtterances() {
    for entry in record.transcript {
      guard entry.role == .agent, let utterance = entry.utterance else { continue }
      let turn = turns[entry.turn.number]
      let parent = turn.map { spans[$0].id } ?? call
      let id = context.id(of: .utterance(utterance.number))
      // Packets are sent a little before they are heard: those of the last moment never were.
      let spoken = min(entry.at + max(entry.heard, .zero), end)
      var span = CallSpan(id, of: parent, "utterance", from: entry.at, to: spoken)
      span.set("voiceforge.utterance.number", utterance.number)
      span.set("voiceforge.utterance.interrupted", entry.interrupted)
      setWords(entry.text, of: &span)
      if let turn { spans[turn].end = max(spans[turn].end, span.end) }
      spans.append(span)
    }
  }

  /// Words are counted as the log counts them.
  private func setWords(_ text: String?, of span: inout CallSpan) {
    guard let text else { return }
    span.set("voiceforge.words", text.split(whereSeparator: \.isWhitespace).count)
    if showsWords { span.set("voiceforge.text", text) }
  }

  // MARK: - What was asked

  mutating func addToolUses() {
    for use in record.toolCalls {
      let id = context.id(of: .toolUse(use.number))
      let name = masked(use.name)
      var span = CallSpan(
        id, of: parent(at: use.at), "execute_tool \(name)", from: use.at, to: use.duration.map { use.at + $0 } ?? end)
      span.set("gen_ai.operation.name", "execute_tool")
      span.set("gen_ai.tool.name", name)
      if use.state == .failed { fail(&span, "failed", "the tool did not do what was wanted") }
      spans.append(span)
    }
  }

  mutating func add(_ request: CallRequest) {
    let place: SpanPlace
    switch (request.request, request.work) {
    case (let id?, _): place = .request(id.number)
    case (nil, .synthesis(let utterance, let sentence)):
      place = .sentence(utterance: utterance.number, sentence)
    case (nil, _): return  // everything else has a number
    }
    let (start, end) = (request.askedAt, request.endedAt ?? end)
    var span = CallSpan(context.id(of: place), of: parent(at: start), request.work.name, from: start, to: end)
    span.describe(request)
    switch request.outcome {
    case .answered: break
    case .failed(let why): fail(&span, why, "no answer: \(why)")
    case .cancelled, nil: span.set("voiceforge.cancelled", true)
    }
    spans.append(span)
  }

  private func fail(_ span: inout CallSpan, _ kind: String, _ why: String) {
    span.set("error.type", kind)
    span.failure = why
  }

  /// The turn that goes on then: of two of which one interrupts the other, the later one.
  private func parent(at instant: Timestamp) -> SpanID {
    var (latest, number) = (CallSpan?.none, 0)
    for (turn, place) in turns where spans[place].start <= instant && instant <= spans[place].end {
      guard latest.map({ ($0.start, number) < (spans[place].start, turn) }) ?? true else { continue }
      (latest, number) = (spans[place], turn)
    }
    return latest?.id ?? call
  }

  // MARK: - The call

  mutating func addCall(requestsDropped: Int) {
    var span = CallSpan(call, of: context.parent?.span, "call", from: .zero, to: end)
    span.kind = .server
    span.set("session.id", record.id)
    span.set("gen_ai.conversation.id", record.id)
    span.set("voiceforge.flow.name", record.flow)
    span.set("voiceforge.flow.final_state", record.finalState.isEmpty ? nil : record.finalState)
    span.set("voiceforge.voice", record.voice)
    span.set("voiceforge.wire", record.wire)
    span.set("voiceforge.codec", record.codec.isEmpty ? nil : record.codec)
    span.set("voiceforge.call.reason", record.reason?.rawValue)
    span.set("voiceforge.call.outcome", record.outcome.isEmpty ? nil : masked(record.outcome))
    span.set("voiceforge.call.turns", record.turns)
    span.set("voiceforge.packets.received", record.audio.received)
    span.set("voiceforge.packets.lost", record.audio.lost)
    if requestsDropped > 0 { span.set("voiceforge.requests.dropped", requestsDropped) }
    if let reason = record.reason, reason.isFailure {
      fail(&span, reason.rawValue, "the call ended: \(reason.rawValue)")
    }
    for entry in record.timeline {
      if let event = event(of: entry) { span.add(event) }
    }
    span.eventsDropped += record.timelineDropped
    spans.append(span)
  }

  /// What no span tells. Keys that were pressed, values and words are in none.
  private func event(of entry: TimelineEntry) -> SpanEvent? {
    let name = "voiceforge.\(entry.kind.rawValue.replacing("-", with: "_"))"
    func event(_ attribute: String? = nil, _ value: String = "") -> SpanEvent {
      var event = SpanEvent(at: entry.at, name: name)
      if let attribute { event.attributes = [SpanAttribute(name: attribute, value: .text(value))] }
      return event
    }
    switch entry.kind {
    case .stateEntered: return event("voiceforge.flow.state", entry.detail)
    case .slotFilled: return event("voiceforge.flow.slot", String(entry.detail.prefix { $0 != "=" }))
    case .engineFailed: return event("error.type", String(entry.detail.prefix { $0 != ":" }))
    case .limitReached: return event("voiceforge.limit", entry.detail)
    case .bargeIn, .interruptionTakenBack, .keyPressed, .noInput, .noMatch, .modelFailed: return event()
    case .speechStarted, .speechStopped, .turnEnded, .agentStarted, .agentFinished, .toolCalled, .toolAnswered,
      .modelAsked, .modelAnswered, .modelStopped, .ended:
      return nil
    }
  }

  /// Without digits, which may be a number that the caller told.
  private func masked(_ text: String) -> String {
    showsWords ? text : String(text.map { $0.isNumber ? "#" : $0 })
  }
}

extension CloseReason {
  /// Whether the call did not end as calls should.
  fileprivate var isFailure: Bool {
    switch self {
    case .engineFailed, .protocolError, .refused, .callerVanished: true
    case .completed, .callerHungUp, .noInput, .noMatch, .transferred, .timeLimit, .serverShutdown: false
    }
  }
}
