import CallCore

extension SpeakingStyle {
  /// - Throws: `.unsupported` outside `SpeakingStyle.range`.
  func check() throws(EngineError) {
    let range = Self.range
    guard range.contains(ratePercent), range.contains(pitchPercent) else {
      throw .unsupported(
        "a rate of \(ratePercent) % and a pitch of \(pitchPercent) %; each can be \(range.lowerBound) to \(range.upperBound)"
      )
    }
  }
}
