public import CallCore
import JSON

/// What bounds the numbers of a trace: the machine calculates with them, and plain arithmetic must not overflow.
enum TraceBounds {
  /// Two days either way, in microseconds, as on the wire; the start of speech may lie before the start of the call.
  static let instant = -spanMax...spanMax
  /// Lengths, in microseconds.
  static let span = 0...spanMax
  /// Turns, utterances, requests, sentences and limits that count.
  static let count = 0...WireLimits.countMax
  /// Of 16-bit samples.
  static let meanSquare = 0...1 << 30
  /// What a library answered, with which nobody calculates.
  static let code = Int(Int32.min)...Int(Int32.max)
  private static let spanMax = WireLimits.millisecondsMax * 1000
}

extension JSONFields {
  func tracedInstant(_ name: String) throws(WireFault) -> Timestamp {
    Timestamp(microseconds: Int64(try number(name, TraceBounds.instant)))
  }

  /// Of a comparison, in thousandths.
  func similarities(_ name: String) throws(WireFault) -> [Similarity] {
    guard case .array(let values)? = self[name] else { throw missing(name, "a list of whole numbers") }
    var similarities: [Similarity] = []
    for value in values {
      guard let whole = value.wholeNumber, let number = Int(exactly: whole), (-1000...1000).contains(number) else {
        throw outOfRange(name, "whole numbers from -1000 to 1000", value)
      }
      similarities.append(Similarity(thousandths: number))
    }
    return similarities
  }

  func tracedSpan(_ name: String) throws(WireFault) -> CallDuration {
    .microseconds(Int64(try number(name, TraceBounds.span)))
  }

  func tracedCount(_ name: String) throws(WireFault) -> Int { try number(name, TraceBounds.count) }
}

/// Every kind of event by its word in traces and logs.
private enum EventWord: String, CaseIterable {
  case began
  case speechWindow = "speech-window"
  case keyPressed = "key-pressed"
  case beepHeard = "beep-heard"
  case typed
  case transcribed
  case recognitionFailed = "recognition-failed"
  case turnJudged = "turn-judged"
  case turnJudgementFailed = "turn-judgement-failed"
  case sentenceReady = "sentence-ready"
  case synthesisFailed = "synthesis-failed"
  case playoutStarted = "playout-started"
  case playoutFinished = "playout-finished"
  case playoutStopped = "playout-stopped"
  case played
  case toolAnswered = "tool-answered"
  case compared
  case comparisonFailed = "comparison-failed"
  case modelDelta = "model-delta"
  case modelFinished = "model-finished"
  case modelFailed = "model-failed"
  case configured
  case committed
  case inputDiscarded = "input-discarded"
  case replyWanted = "reply-wanted"
  case replyCancelled = "reply-cancelled"
  case instructed
  case instructedOnce = "instructed-once"
  case messageAdded = "message-added"
  case messageRemoved = "message-removed"
  case hungUp = "hung-up"
  case vanished
  case protocolBroken = "protocol-broken"
  case serverStopping = "server-stopping"
  case tick
}

extension CallEvent {
  private var kind: EventWord {
    switch self {
    case .began: .began
    case .speechWindow: .speechWindow
    case .keyPressed: .keyPressed
    case .beepHeard: .beepHeard
    case .typed: .typed
    case .transcribed: .transcribed
    case .recognitionFailed: .recognitionFailed
    case .turnJudged: .turnJudged
    case .turnJudgementFailed: .turnJudgementFailed
    case .sentenceReady: .sentenceReady
    case .synthesisFailed: .synthesisFailed
    case .playoutStarted: .playoutStarted
    case .playoutFinished: .playoutFinished
    case .playoutStopped: .playoutStopped
    case .played: .played
    case .toolAnswered: .toolAnswered
    case .compared: .compared
    case .comparisonFailed: .comparisonFailed
    case .modelDelta: .modelDelta
    case .modelFinished: .modelFinished
    case .modelFailed: .modelFailed
    case .commanded(.configure): .configured
    case .commanded(.commit): .committed
    case .commanded(.discardInput): .inputDiscarded
    case .commanded(.reply): .replyWanted
    case .commanded(.cancelReply): .replyCancelled
    case .commanded(.instruct(.session)): .instructed
    case .commanded(.instruct(.once)): .instructedOnce
    case .commanded(.instruct(.message)): .messageAdded
    case .commanded(.instruct(.forget)): .messageRemoved
    case .hungUp: .hungUp
    case .vanished: .vanished
    case .protocolBroken: .protocolBroken
    case .serverStopping: .serverStopping
    case .tick: .tick
    }
  }

  /// Its word in traces and logs, such as `speech-window`.
  public var word: String { kind.rawValue }

  /// Writes the members of its line.
  func writeTrace(to writer: inout JSONWriter) {
    writer.field("event", word)
    switch self {
    case .began, .beepHeard, .hungUp, .vanished, .protocolBroken, .serverStopping, .tick: break
    case .speechWindow(let probability, let until, let loudUntil, let meanSquare):
      writer.field("probability", probability.thousandths)
      writer.field("untilUs", until.microseconds)
      writer.field("loudUntilUs", loudUntil.microseconds)
      if let meanSquare { writer.field("meanSquare", meanSquare) }
    case .commanded(.configure(let settings)): settings.writeTrace(to: &writer)
    case .commanded(.instruct(.session(let settings))), .commanded(.instruct(.once(let settings))):
      ModelRequestDocument(settings).writeMembers(to: &writer)
    case .commanded(.instruct(.message(let message))), .commanded(.instruct(.forget(let message))):
      ModelRequestDocument(ModelRequest([message])).writeMembers(to: &writer)
    case .commanded: break
    case .keyPressed(let key): writer.field("key", String(key.character))
    case .typed(let text): writer.field("text", text)
    case .transcribed(let request, let text):
      writer.field("request", request.number)
      writer.field("text", text)
    case .turnJudged(let request, let completeness):
      writer.field("request", request.number)
      writer.field("completeness", completeness.thousandths)
    case .recognitionFailed(let request, let error), .comparisonFailed(let request, let error),
      .turnJudgementFailed(let request, let error):
      writer.field("request", request.number)
      writer.object("error", error.writeTrace)
    case .sentenceReady(let utterance, let sentence, let duration):
      writer.field("utterance", utterance.number)
      writer.field("sentence", sentence)
      writer.field("durationUs", duration.microseconds)
    case .synthesisFailed(let utterance, let error):
      writer.field("utterance", utterance.number)
      writer.object("error", error.writeTrace)
    case .playoutStarted(let utterance), .playoutFinished(let utterance): writer.field("utterance", utterance.number)
    case .playoutStopped(let utterance, let played), .played(let utterance, let played):
      writer.field("utterance", utterance.number)
      writer.field("playedUs", played.microseconds)
    case .toolAnswered(let request, let response):
      writer.field("request", request.number)
      writer.object("response", response.writeTrace)
    case .compared(let request, let similarities):
      writer.field("request", request.number)
      writer.list("similarities", similarities) { $0.value($1.thousandths) }
    case .modelDelta(let request, let delta):
      writer.field("request", request.number)
      delta.writeMembers(to: &writer)
    case .modelFinished(let request): writer.field("request", request.number)
    case .modelFailed(let request, let fault):
      writer.field("request", request.number)
      writer.field("kind", fault.kind.rawValue)
      writer.field("message", fault.description)
    }
  }

  /// - Parameter fields: of a line, as `writeTrace` wrote it.
  init(traced fields: JSONFields) throws(WireFault) {
    func utterance() throws(WireFault) -> UtteranceID { UtteranceID(try fields.tracedCount("utterance")) }
    func request() throws(WireFault) -> RequestID { RequestID(try fields.tracedCount("request")) }
    func message() throws(WireFault) -> ModelMessage {
      guard let message = try ModelRequestDocument(fields).request.messages.first else {
        throw fields.outOfRange("messages", "a message", .null)
      }
      return message
    }
    func error() throws(WireFault) -> EngineError { try EngineError(traced: try fields.object("error")) }
    switch try fields.choice("event", of: EventWord.allCases) {
    case .began: self = .began
    case .speechWindow:
      self = .speechWindow(
        SpeechProbability(thousandths: try fields.number("probability", 0...1000)),
        until: try fields.tracedInstant("untilUs"), loudUntil: try fields.tracedInstant("loudUntilUs"),
        meanSquare: try fields.optionalNumber("meanSquare", TraceBounds.meanSquare))
    case .keyPressed:
      let text = try fields.text("key")
      guard text.unicodeScalars.count == 1, let key = text.first.flatMap({ Key($0) }) else {
        throw fields.outOfRange("key", "one of 0-9, * and #", .string(text))
      }
      self = .keyPressed(key)
    case .beepHeard: self = .beepHeard
    case .typed: self = .typed(try fields.text("text"))
    case .transcribed: self = .transcribed(try request(), try fields.text("text"))
    case .recognitionFailed: self = .recognitionFailed(try request(), try error())
    case .turnJudged:
      self = .turnJudged(
        try request(), TurnCompleteness(thousandths: try fields.number("completeness", 0...1000)))
    case .turnJudgementFailed: self = .turnJudgementFailed(try request(), try error())
    case .sentenceReady:
      self = .sentenceReady(
        try utterance(), sentence: try fields.tracedCount("sentence"), try fields.tracedSpan("durationUs"))
    case .synthesisFailed: self = .synthesisFailed(try utterance(), try error())
    case .playoutStarted: self = .playoutStarted(try utterance())
    case .playoutFinished: self = .playoutFinished(try utterance())
    case .playoutStopped: self = .playoutStopped(try utterance(), played: try fields.tracedSpan("playedUs"))
    case .played: self = .played(try utterance(), try fields.tracedSpan("playedUs"))
    case .toolAnswered:
      self = .toolAnswered(try request(), try ToolResponse(traced: try fields.object("response")))
    case .compared:
      self = .compared(try request(), try fields.similarities("similarities"))
    case .comparisonFailed: self = .comparisonFailed(try request(), try error())
    case .modelDelta: self = .modelDelta(try request(), try ModelDelta(fields))
    case .modelFinished: self = .modelFinished(try request())
    case .modelFailed:
      let kind = try fields.choice("kind", of: ModelFault.Kind.allCases)
      self = .modelFailed(try request(), ModelFault(kind, try fields.text("message")))
    case .configured: self = .commanded(.configure(try TurnSettings(traced: fields)))
    case .committed: self = .commanded(.commit)
    case .inputDiscarded: self = .commanded(.discardInput)
    case .replyWanted: self = .commanded(.reply)
    case .replyCancelled: self = .commanded(.cancelReply)
    case .instructed: self = .commanded(.instruct(.session(try ModelRequestDocument(fields).request)))
    case .instructedOnce: self = .commanded(.instruct(.once(try ModelRequestDocument(fields).request)))
    case .messageAdded: self = .commanded(.instruct(.message(try message())))
    case .messageRemoved: self = .commanded(.instruct(.forget(try message())))
    case .hungUp: self = .hungUp
    case .vanished: self = .vanished
    case .protocolBroken: self = .protocolBroken
    case .serverStopping: self = .serverStopping
    case .tick: self = .tick
    }
  }
}

extension TurnSettings {
  func writeTrace(to writer: inout JSONWriter) {
    writer.field("detectsTurns", detectsTurns)
    writer.field("repliesByItself", repliesByItself)
    writer.field("speechInterrupts", speechInterrupts)
    if let endOfTurnSilence { writer.field("endOfTurnSilenceUs", endOfTurnSilence.microseconds) }
    if let noInputAfter { writer.field("noInputAfterUs", noInputAfter.microseconds) }
    if let speechThreshold { writer.field("speechThreshold", speechThreshold.thousandths) }
  }

  init(traced fields: JSONFields) throws(WireFault) {
    func span(_ name: String) throws(WireFault) -> CallDuration? {
      fields[name] == nil ? nil : try fields.tracedSpan(name)
    }
    self.init()
    detectsTurns = try fields.flag("detectsTurns")
    repliesByItself = try fields.flag("repliesByItself")
    speechInterrupts = try fields.flag("speechInterrupts")
    endOfTurnSilence = try span("endOfTurnSilenceUs")
    noInputAfter = try span("noInputAfterUs")
    speechThreshold = try fields.optionalNumber("speechThreshold", 0...1000).map(SpeechProbability.init(thousandths:))
  }
}

extension EngineError {
  private enum Kind: String, CaseIterable {
    case modelUnavailable = "model-unavailable"
    case timedOut = "timed-out"
    case library
    case overloaded
    case unsupported
    case crashed
    case remote
  }

  func writeTrace(to writer: inout JSONWriter) {
    func write(_ kind: Kind, _ text: String? = nil) {
      writer.field("kind", kind.rawValue)
      if let text { writer.field("text", text) }
    }
    switch self {
    case .modelUnavailable(let path): write(.modelUnavailable, path)
    case .timedOut(let limit):
      write(.timedOut)
      writer.field("limitUs", limit.microseconds)
    case .library(let function, let code):
      write(.library, function)
      writer.field("code", code)
    case .overloaded(let queue, let limit):
      write(.overloaded, queue)
      writer.field("limit", limit)
    case .unsupported(let what): write(.unsupported, what)
    case .crashed(let what): write(.crashed, what)
    case .remote(let what): write(.remote, what)
    }
  }

  init(traced fields: JSONFields) throws(WireFault) {
    switch try fields.choice("kind", of: Kind.allCases) {
    case .modelUnavailable: self = .modelUnavailable(path: try fields.text("text"))
    case .timedOut: self = .timedOut(limit: try fields.tracedSpan("limitUs"))
    case .library:
      self = .library(function: try fields.text("text"), code: try fields.number("code", TraceBounds.code))
    case .overloaded: self = .overloaded(queue: try fields.text("text"), limit: try fields.tracedCount("limit"))
    case .unsupported: self = .unsupported(try fields.text("text"))
    case .crashed: self = .crashed(try fields.text("text"))
    case .remote: self = .remote(try fields.text("text"))
    }
  }
}

extension ToolResponse {
  private enum Kind: String, CaseIterable {
    case answered
    case failed
    case timedOut = "timed-out"
  }

  /// Writes what the flow saw of the answer: values as long as a flow keeps them, without those that a path names as a secret.
  func writeTrace(to writer: inout JSONWriter) {
    switch self {
    case .answered(let status, let values):
      writer.field("kind", Kind.answered.rawValue)
      writer.field("status", status)
      writer.field(
        "values",
        Dictionary(uniqueKeysWithValues: values.map { ($0.key, TraceMask.value($0.value, at: $0.key)) }))
    case .failed(let why):
      writer.field("kind", Kind.failed.rawValue)
      writer.field("text", why)
    case .timedOut: writer.field("kind", Kind.timedOut.rawValue)
    }
  }

  init(traced fields: JSONFields) throws(WireFault) {
    switch try fields.choice("kind", of: Kind.allCases) {
    case .answered:
      self = .answered(status: try fields.number("status", 100...999), values: try fields.texts("values"))
    case .failed: self = .failed(try fields.text("text"))
    case .timedOut: self = .timedOut
    }
  }
}

extension CallEvent {
  /// Whether the trace holds a tool's answer without a value that was used: what the flow makes of it cannot be repeated.
  var isMasked: Bool {
    guard case .toolAnswered(_, .answered(status: _, let values)) = self else { return false }
    return values.values.contains(TraceMask.mask)
  }
}

/// Takes credentials out of what traces hold of tools. What is masked stays as it is when it is masked again.
enum TraceMask {
  /// Stands for what was taken out.
  static let mask = SecretName.mask

  /// Scheme and host: whatever stands behind them, and before the host, may be a credential.
  static func address(_ url: String) -> String {
    guard let scheme = url.firstRange(of: "://") else { return mask }
    let rest = url[scheme.upperBound...]
    let authority = rest.prefix { !"/?#\\".contains($0) }
    let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
    return "\(url[..<scheme.upperBound])\(host)/\(mask)"
  }

  static func value(_ value: String, at path: String) -> String {
    SecretName.isSecret(path) ? mask : value.bounded(to: FlowMachine.valueMax)
  }
}
