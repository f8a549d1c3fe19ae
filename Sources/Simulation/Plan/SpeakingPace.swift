import CallCore

/// How long words take when nobody speaks them: for text mode, and to tell when a phrase of the agent comes.
enum SpeakingPace {
  /// The voice `heart` speaks a letter, blanks included, in this time on average (72 sentences of the sample flows).
  static let letter = CallDuration.milliseconds(62)

  /// How long `text` takes at `ratePercent` of the usual pace.
  static func duration(of text: String, ratePercent: Int = 100) -> CallDuration {
    .microseconds(letter.microseconds * Int64(text.utf8.count) * 100 / Int64(ratePercent))
  }
}
