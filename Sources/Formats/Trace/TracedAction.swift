public import CallCore
import JSON

/// Every kind of action by its word in traces and logs.
private enum ActionWord: String, CaseIterable {
  case openTurn = "open-turn"
  case transcribe
  case judgeTurn = "judge-turn"
  case hurry
  case cancel
  case closeTurn = "close-turn"
  case speak
  case speakPart = "speak-part"
  case stopPlayout = "stop-playout"
  case pausePlayout = "pause-playout"
  case resumePlayout = "resume-playout"
  case callTool = "call-tool"
  case compare
  case askModel = "ask-model"
  case askModelEarly = "ask-model-early"
  case report
  case end
}

extension CallAction {
  private var kind: ActionWord {
    switch self {
    case .openTurn: .openTurn
    case .transcribe: .transcribe
    case .judgeTurn: .judgeTurn
    case .hurry: .hurry
    case .cancel: .cancel
    case .closeTurn: .closeTurn
    case .speak: .speak
    case .speakPart: .speakPart
    case .stopPlayout: .stopPlayout
    case .pausePlayout: .pausePlayout
    case .resumePlayout: .resumePlayout
    case .callTool: .callTool
    case .compare: .compare
    case .askModel: .askModel
    case .askModelEarly: .askModelEarly
    case .report: .report
    case .end: .end
    }
  }

  /// Its word in traces and logs, such as `open-turn`.
  public var word: String { kind.rawValue }

  /// Writes its members. Of a tool's request, what may be a credential is left out: everything but host, method, names and time-out.
  func writeTrace(to writer: inout JSONWriter) {
    writer.field("action", word)
    switch self {
    case .openTurn(let turn, let start):
      writer.field("turn", turn.number)
      writer.field("speechStartUs", start.microseconds)
    case .transcribe(let request, let purpose):
      writer.field("request", request.number)
      writer.field("purpose", purpose.rawValue)
    case .judgeTurn(let request), .hurry(let request), .cancel(let request): writer.field("request", request.number)
    case .closeTurn(let turn): writer.field("turn", turn.number)
    case .speak(let utterance, let sentences):
      writer.field("utterance", utterance.number)
      SynthesisText.writeTrace(sentences, to: &writer)
    case .speakPart(let utterance, let sentences, let isLast):
      writer.field("utterance", utterance.number)
      SynthesisText.writeTrace(sentences, to: &writer)
      writer.field("last", isLast)
    case .stopPlayout(let utterance), .pausePlayout(let utterance), .resumePlayout(let utterance):
      writer.field("utterance", utterance.number)
    case .callTool(let request, let tool):
      writer.field("request", request.number)
      writer.object("tool", tool.writeTrace)
    case .compare(let request, let question):
      writer.field("request", request.number)
      writer.field("text", question.text)
      writer.list("phrases", question.phrases)
    case .askModel(let request, let question), .askModelEarly(let request, let question):
      writer.field("request", request.number)
      writer.object("question") { ModelRequestDocument(question).writeMembers(to: &$0) }
    case .report(let report): report.writeTrace(to: &writer)
    case .end(let reason): writer.field("reason", reason.rawValue)
    }
  }

  /// - Parameter fields: as `writeTrace` wrote them.
  init(traced fields: JSONFields) throws(WireFault) {
    func request() throws(WireFault) -> RequestID { RequestID(try fields.tracedCount("request")) }
    func turn() throws(WireFault) -> TurnID { TurnID(try fields.tracedCount("turn")) }
    func utterance() throws(WireFault) -> UtteranceID { UtteranceID(try fields.tracedCount("utterance")) }
    func question() throws(WireFault) -> ModelRequest {
      try ModelRequestDocument(try fields.object("question")).request
    }
    switch try fields.choice("action", of: ActionWord.allCases) {
    case .openTurn: self = .openTurn(try turn(), speechStart: try fields.tracedInstant("speechStartUs"))
    case .transcribe: self = .transcribe(try request(), try fields.choice("purpose", of: Purpose.allCases))
    case .judgeTurn: self = .judgeTurn(try request())
    case .hurry: self = .hurry(try request())
    case .cancel: self = .cancel(try request())
    case .closeTurn: self = .closeTurn(try turn())
    case .speak: self = .speak(try utterance(), sentences: try SynthesisText.traced(fields))
    case .speakPart:
      self = .speakPart(
        try utterance(), sentences: try SynthesisText.traced(fields), isLast: try fields.flag("last"))
    case .stopPlayout: self = .stopPlayout(try utterance())
    case .pausePlayout: self = .pausePlayout(try utterance())
    case .resumePlayout: self = .resumePlayout(try utterance())
    case .callTool: self = .callTool(try request(), try ToolRequest(traced: try fields.object("tool")))
    case .compare:
      self = .compare(
        try request(), MeaningQuestion(try fields.text("text"), phrases: try fields.textList("phrases")))
    case .askModel: self = .askModel(try request(), try question())
    case .askModelEarly: self = .askModelEarly(try request(), try question())
    case .report: self = .report(try CallReport(traced: fields))
    case .end: self = .end(try fields.choice("reason", of: CloseReason.allCases))
    }
  }
}

extension SynthesisText {
  /// Their words, and where one is not spoken plainly, how each is.
  fileprivate static func writeTrace(_ sentences: [SynthesisText], to writer: inout JSONWriter) {
    writer.list("sentences", sentences.map(\.words))
    guard sentences.contains(where: { $0.delivery != .plain }) else { return }
    writer.objects("deliveries", sentences) { writer, sentence in
      writer.field("ratePercent", sentence.delivery.ratePercent)
      writer.field("pauseBeforeUs", sentence.delivery.pauseBefore.microseconds)
      if let pause = sentence.delivery.pauseAfter { writer.field("pauseAfterUs", pause.microseconds) }
    }
  }

  fileprivate static func traced(_ fields: JSONFields) throws(WireFault) -> [SynthesisText] {
    let words = try fields.textList("sentences")
    guard fields["deliveries"] != nil else { return words.map { SynthesisText($0) } }
    let deliveries = try fields.list("deliveries") { fields throws(WireFault) in
      SpeechDelivery(
        ratePercent: try fields.number("ratePercent", 25...400),
        pauseBefore: try fields.tracedSpan("pauseBeforeUs"),
        pauseAfter: fields["pauseAfterUs"] == nil ? nil : try fields.tracedSpan("pauseAfterUs"))
    }
    guard deliveries.count == words.count else {
      throw WireFault(
        .outOfRange, "deliveries: expected one for each of \(words.count) sentences, got \(deliveries.count)")
    }
    return zip(words, deliveries).map { SynthesisText($0, $1) }
  }
}

extension ToolRequest {
  /// The request without what may be a credential: behind the host, in values of headers, and in the body there is nothing but a mask.
  public var withoutCredentials: ToolRequest {
    var request = ToolRequest(
      state: state, method: method, url: TraceMask.address(url),
      headers: headers.map { (name: $0.name, value: TraceMask.mask) }, body: body.map { _ in TraceMask.mask },
      wanted: wanted, timeout: timeout)
    request.meanwhile = meanwhile
    return request
  }

  func writeTrace(to writer: inout JSONWriter) {
    let tool = withoutCredentials
    writer.field("state", tool.state)
    writer.field("method", tool.method)
    writer.field("url", tool.url)
    writer.list("headers", tool.headers.map(\.name))
    if let body = tool.body { writer.field("body", body) }
    writer.list("wanted", tool.wanted)
    writer.field("timeoutUs", tool.timeout.microseconds)
    if let words = tool.meanwhile { writer.field("meanwhile", words) }
  }

  init(traced fields: JSONFields) throws(WireFault) {
    self.init(
      state: try fields.text("state"), method: try fields.text("method"), url: try fields.text("url"),
      headers: try fields.textList("headers").map { (name: $0, value: TraceMask.mask) },
      body: try fields.optionalText("body"), wanted: try fields.textList("wanted"),
      timeout: try fields.tracedSpan("timeoutUs"))
    meanwhile = try fields.optionalText("meanwhile")
  }
}

/// Every kind of report by its word in traces and logs.
private enum ReportWord: String, CaseIterable {
  case speechStarted = "speech-started"
  case speechStopped = "speech-stopped"
  case transcript
  case stateEntered = "state-entered"
  case agentStarted = "agent-started"
  case agentContinued = "agent-continued"
  case agentFinished = "agent-finished"
  case agentInterrupted = "agent-interrupted"
  case agentPaused = "agent-paused"
  case agentResumed = "agent-resumed"
  case clear
  case nobodySpoke = "nobody-spoke"
  case toolsWanted = "tools-wanted"
  case toolUsed = "tool-used"
  case turnAnswered = "turn-answered"
  case trouble
}

extension CallReport {
  private var kind: ReportWord {
    switch self {
    case .speechStarted: .speechStarted
    case .speechStopped: .speechStopped
    case .transcript: .transcript
    case .stateEntered: .stateEntered
    case .agentStarted: .agentStarted
    case .agentContinued: .agentContinued
    case .agentFinished: .agentFinished
    case .agentInterrupted: .agentInterrupted
    case .agentPaused: .agentPaused
    case .agentResumed: .agentResumed
    case .clear: .clear
    case .nobodySpoke: .nobodySpoke
    case .toolsWanted: .toolsWanted
    case .toolUsed: .toolUsed
    case .turnAnswered: .turnAnswered
    case .trouble: .trouble
    }
  }

  /// Its word in traces and logs, such as `speech-started`.
  public var word: String { kind.rawValue }

  func writeTrace(to writer: inout JSONWriter) {
    writer.field("report", word)
    switch self {
    case .speechStarted(let at), .speechStopped(let at): writer.field("speechUs", at.microseconds)
    case .transcript(let entry, let final):
      writer.object("entry", entry)
      writer.field("final", final)
    case .stateEntered(let name, let from, let because):
      writer.field("state", name)
      writer.field("from", from)
      writer.field("because", because)
    case .agentStarted(let entry), .agentContinued(let entry), .agentFinished(let entry), .agentInterrupted(let entry),
      .agentPaused(let entry), .agentResumed(let entry):
      writer.object("entry", entry)
    case .clear(let utterance): writer.field("utterance", utterance.number)
    case .nobodySpoke(let since): writer.field("sinceUs", since.microseconds)
    case .toolsWanted(let calls):
      ModelRequestDocument(ModelRequest([.assistant("", calls: calls)])).writeMembers(to: &writer)
    case .toolUsed(let entry): writer.object("entry", entry)
    case .turnAnswered(let latency): writer.object("latency", latency)
    case .trouble(let code, let message):
      writer.field("code", code)
      writer.field("message", message)
    }
  }

  init(traced fields: JSONFields) throws(WireFault) {
    func entry() throws(WireFault) -> TranscriptEntry { try fields.archived("entry") }
    switch try fields.choice("report", of: ReportWord.allCases) {
    case .speechStarted: self = .speechStarted(at: try fields.tracedInstant("speechUs"))
    case .speechStopped: self = .speechStopped(at: try fields.tracedInstant("speechUs"))
    case .transcript: self = .transcript(try entry(), final: try fields.flag("final"))
    case .stateEntered:
      self = .stateEntered(
        name: try fields.text("state"), from: try fields.text("from"), because: try fields.text("because"))
    case .agentStarted: self = .agentStarted(try entry())
    case .agentContinued: self = .agentContinued(try entry())
    case .agentFinished: self = .agentFinished(try entry())
    case .agentInterrupted: self = .agentInterrupted(try entry())
    case .agentPaused: self = .agentPaused(try entry())
    case .agentResumed: self = .agentResumed(try entry())
    case .clear: self = .clear(UtteranceID(try fields.tracedCount("utterance")))
    case .nobodySpoke: self = .nobodySpoke(since: try fields.tracedInstant("sinceUs"))
    case .toolsWanted:
      guard case .assistant(_, let calls)? = try ModelRequestDocument(fields).request.messages.first else {
        throw fields.outOfRange("messages", "a message with calls", .null)
      }
      self = .toolsWanted(calls)
    case .toolUsed: self = .toolUsed(try fields.archived("entry"))
    case .turnAnswered: self = .turnAnswered(try fields.archived("latency"))
    case .trouble: self = .trouble(code: try fields.text("code"), message: try fields.text("message"))
    }
  }
}
