import CallCore

/// What a state, or the file, says of asking again; the rest comes from elsewhere.
struct WrittenAskAgain {
  var texts: [FlowText] = []
  var times: Int?
  var next: String?

  /// - Parameters:
  ///   - otherwise: the state's `else`.
  ///   - defaults: what the file says of this case.
  ///   - otherwiseByDefault: the file's `else`.
  func rule(
    otherwise: String?, over defaults: WrittenAskAgain, _ otherwiseByDefault: String?
  ) -> AskAgain {
    let texts = texts.isEmpty ? defaults.texts : texts
    // Whoever writes four texts wants them to be heard.
    let times = times ?? defaults.times ?? max(AskAgain.timesDefault, min(texts.count, FlowLimits.askAgainMax))
    return AskAgain(texts, times: times, next: next ?? otherwise ?? defaults.next ?? otherwiseByDefault)
  }
}
