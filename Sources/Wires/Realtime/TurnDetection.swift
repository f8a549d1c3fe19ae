import CallCore
import JSON

/// How a client wants its turns to be found: `session.audio.input.turn_detection`. `nil` in its place: by `input_audio_buffer.commit` alone.
struct TurnDetection: Equatable {
  /// What ends a turn.
  enum Kind: String, CaseIterable { case silence = "server_vad", meaning = "semantic_vad" }

  var kind = Kind.silence
  /// Probability of speech, in thousandths.
  var threshold = Self.thresholdDefault
  var prefixPaddingMilliseconds = 300
  var silenceMilliseconds = Self.silenceDefault
  var idleMilliseconds: Int?
  var eagerness = "auto"
  var createsResponse = true
  var interruptsResponse = true

  /// OpenAI's own defaults. They are taken for "as the agent likes it": its flow knows where people pause.
  private static let (thresholdDefault, silenceDefault) = (500, 500)
  private static let millisecondsMax = 60_000

  /// Members that are absent stay as they are, unless the kind changes.
  func updated(_ fields: RealtimeFields) throws(RealtimeFault) -> TurnDetection {
    let name = try fields.choice("type", of: Kind.allCases.map(\.rawValue))
    var next = self
    if let kind = name.flatMap(Kind.init), kind != self.kind { (next, next.kind) = (TurnDetection(), kind) }
    try fields.update("threshold") { value throws(RealtimeFault) in
      next.threshold = try value.map { value throws(RealtimeFault) in try Self.thousandths(value, fields) } ?? 500
    }
    let range = 0...Self.millisecondsMax
    if let padding = try fields.number("prefix_padding_ms", range) { next.prefixPaddingMilliseconds = padding }
    if let silence = try fields.number("silence_duration_ms", range) { next.silenceMilliseconds = silence }
    try fields.update("idle_timeout_ms") { _ throws(RealtimeFault) in
      next.idleMilliseconds = try fields.number("idle_timeout_ms", 1000...Self.millisecondsMax)
    }
    if let eagerness = try fields.choice("eagerness", of: ["low", "medium", "high", "auto"]) {
      next.eagerness = eagerness
    }
    if let flag = try fields.flag("create_response") { next.createsResponse = flag }
    if let flag = try fields.flag("interrupt_response") { next.interruptsResponse = flag }
    return next
  }

  private static func thousandths(_ value: JSONValue, _ fields: RealtimeFields) throws(RealtimeFault) -> Int {
    let number: Double
    switch value {
    case .integer(let whole): number = Double(whole)
    case .number(let any): number = any
    default: throw fields.wrongType("threshold", "a number from 0 to 1", value)
    }
    guard (0...1).contains(number) else { throw fields.outOfRange("threshold", "a number from 0 to 1", value) }
    return Int(nearest: number * 1000)
  }

  func writeMembers(to writer: inout JSONWriter) {
    writer.field("type", kind.rawValue)
    switch kind {
    case .silence:
      writer.field("threshold", thousandths: threshold)
      writer.field("prefix_padding_ms", prefixPaddingMilliseconds)
      writer.field("silence_duration_ms", silenceMilliseconds)
      writer.field("idle_timeout_ms", idleMilliseconds)
    case .meaning: writer.field("eagerness", eagerness)
    }
    writer.field("create_response", createsResponse)
    writer.field("interrupt_response", interruptsResponse)
  }

  /// What the call is told of it.
  var turnSettings: TurnSettings {
    var settings = TurnSettings()
    settings.repliesByItself = createsResponse
    settings.speechInterrupts = interruptsResponse
    switch kind {
    case .silence:
      if silenceMilliseconds != Self.silenceDefault { settings.endOfTurnSilence = .milliseconds(silenceMilliseconds) }
      if threshold != Self.thresholdDefault { settings.speechThreshold = SpeechProbability(thousandths: threshold) }
      settings.noInputAfter = idleMilliseconds.map { .milliseconds($0) }
    case .meaning: settings.endOfTurnSilence = Self.silences[eagerness]
    }
    return settings
  }

  /// Between the flow's own, which `medium` and `auto` leave alone, and what makes people wait or cuts them off.
  private static let silences: [String: CallDuration] = ["high": .milliseconds(300), "low": .milliseconds(1200)]
}
