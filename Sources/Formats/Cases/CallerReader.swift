import CallCore

/// Reads who calls, and how fluently.
struct CallerReader {
  let sheet: CaseParseContext

  func caller(_ fields: FieldReader<CaseParseContext>) -> CallerProfile {
    var caller = CallerProfile()
    let keys = ["voice", "persona", "rate", "pitch", "pause", "patience"]
    guard let written = fields.section("caller", keys: keys) else { return caller }
    caller.voice = written.text("voice") ?? caller.voice
    caller.persona = written.text("persona", max: CaseLimits.personaMax)?.trimming(\.isWhitespace) ?? caller.persona
    caller.style.ratePercent = written.percent("rate", SpeakingStyle.range) ?? caller.style.ratePercent
    caller.style.pitchPercent = written.percent("pitch", SpeakingStyle.range) ?? caller.style.pitchPercent
    caller.pauseBeforeAnswer = written.duration("pause", CaseLimits.pauseBeforeAnswer) ?? caller.pauseBeforeAnswer
    caller.patience = written.duration("patience", CaseLimits.patience) ?? caller.patience
    return caller
  }

  func disfluency(_ fields: FieldReader<CaseParseContext>) -> DisfluencyRates {
    var rates = DisfluencyRates()
    let keys = ["fillers", "repetitions", "restarts", "lengthenings", "pauses", "pause-min", "pause-max"]
    guard let written = fields.section("disfluency", keys: keys) else { return rates }
    rates.fillers = written.percent("fillers", 0...100) ?? rates.fillers
    rates.repetitions = written.percent("repetitions", 0...100) ?? rates.repetitions
    rates.restarts = written.percent("restarts", 0...100) ?? rates.restarts
    rates.lengthenings = written.percent("lengthenings", 0...100) ?? rates.lengthenings
    rates.pauses = written.percent("pauses", 0...100) ?? rates.pauses
    rates.pauseMin = written.duration("pause-min", CaseLimits.disfluentPause) ?? rates.pauseMin
    rates.pauseMax = written.duration("pause-max", CaseLimits.disfluentPause) ?? rates.pauseMax
    if rates.pauseMin > rates.pauseMax {
      let place = written.valuePlace(of: written.has("pause-min") ? "pause-min" : "pause-max")
      let lengths = "\(rates.pauseMin.milliseconds) ms and `pause-max` \(rates.pauseMax.milliseconds) ms"
      sheet.log.add(.contradiction, at: place, "`pause-min` is \(lengths): the smaller one comes first")
    }
    return rates
  }
}
