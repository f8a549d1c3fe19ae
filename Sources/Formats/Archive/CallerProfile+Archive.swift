import CallCore
import JSON

extension CallerProfile {
  func archive(to writer: inout JSONWriter) {
    writer.field("persona", persona)
    writer.field("voice", voice)
    writer.field("ratePercent", style.ratePercent)
    writer.field("pitchPercent", style.pitchPercent)
    writer.field("pauseBeforeAnswerUs", pauseBeforeAnswer.microseconds)
    writer.field("patienceUs", patience.microseconds)
  }

  init(archived fields: JSONFields) throws(WireFault) {
    self.init()
    persona = try fields.text("persona")
    voice = try fields.text("voice")
    style = SpeakingStyle(
      ratePercent: try fields.number("ratePercent", or: style.ratePercent),
      pitchPercent: try fields.number("pitchPercent", or: style.pitchPercent))
    pauseBeforeAnswer = try fields.exactSpan("pauseBeforeAnswerUs", or: pauseBeforeAnswer)
    patience = try fields.exactSpan("patienceUs", or: patience)
  }
}

extension DisfluencyRates {
  func archive(to writer: inout JSONWriter) {
    writer.field("fillers", fillers)
    writer.field("repetitions", repetitions)
    writer.field("restarts", restarts)
    writer.field("lengthenings", lengthenings)
    writer.field("pauses", pauses)
    writer.field("pauseMinUs", pauseMin.microseconds)
    writer.field("pauseMaxUs", pauseMax.microseconds)
  }

  init(archived fields: JSONFields) throws(WireFault) {
    self.init()
    fillers = try fields.number("fillers")
    repetitions = try fields.number("repetitions")
    restarts = try fields.number("restarts")
    lengthenings = try fields.number("lengthenings")
    pauses = try fields.number("pauses")
    pauseMin = try fields.exactSpan("pauseMinUs", or: pauseMin)
    pauseMax = try fields.exactSpan("pauseMaxUs", or: pauseMax)
  }
}
