import CallCore

/// Whether what the caller was to do in a turn is found in the caller's own track. If not, the call says nothing about the agent.
struct StimulusChecks {
  /// Sound that a piece of words must have, and that a pause may have: one frame.
  static let frame = CallDuration.milliseconds(20)

  /// A caller who did not press the next key for so long was not stopped by the end of the call; keys follow at 150 ms.
  static let keyGapMax = CallDuration.milliseconds(200)

  let call: CallReading

  /// One for each thing that is amiss; one that passed when nothing is.
  func checks(of act: ActReading) -> [CheckResult] {
    let faults = wordFaults(in: act) + pauseFaults(in: act) + keyFaults(in: act) + overlapFaults(in: act)
    guard faults.isEmpty else { return faults }
    let action = act.turn.action.described(cue: act.turn.cue)
    return [
      CheckResult(
        .stimulus, turn: act.act.turn, verdict: .passed, expected: "the caller \(action)", actual: "it is in the track",
        at: act.start, line: act.turn.line)
    ]
  }

  private func wordFaults(in act: ActReading) -> [CheckResult] {
    guard act.turn.action.isSpoken, canBeFound(act) else { return [] }
    let whole = SpeechSpan(start: act.act.began, end: max(act.act.ended, act.act.began))
    if CallMeter.audible(call.evidence.callerSpeech, in: whole) < Self.frame {
      return [fault(act, "the caller is heard", "the caller's words are not in the track", at: act.act.began)]
    }
    return breaths(of: act).compactMap { breath in
      guard CallMeter.audible(call.evidence.callerSpeech, in: breath.span) < Self.frame else { return nil }
      return fault(
        act, "the caller says \(ReportFormat.quoted(breath.text))", "the caller's words are not in the track",
        at: breath.span.start)
    }
  }

  /// What is said between two pauses. Inside, where each word lies is only known roughly.
  private func breaths(of act: ActReading) -> [(text: String, span: SpeechSpan)] {
    var breaths: [(text: String, span: SpeechSpan)] = []
    var isNew = true
    for placed in act.act.pieces.filter(wasPlayed) {
      guard let text = placed.piece.text, text.contains(where: { $0.isLetter || $0.isNumber }) else {
        isNew = true
        continue
      }
      if isNew {
        breaths.append((text, placed.span))
      } else {
        let last = breaths.removeLast()
        breaths.append((last.text + " " + text, SpeechSpan(start: last.span.start, end: placed.span.end)))
      }
      isNew = false
    }
    return breaths
  }

  private func pauseFaults(in act: ActReading) -> [CheckResult] {
    act.act.pieces.filter(wasPlayed).compactMap { placed in
      guard case .pause(let length) = placed.piece else { return nil }
      let sound = CallMeter.audible(call.evidence.callerSpeech, in: placed.span)
      guard sound > Self.frame || placed.span.duration + Self.frame < length else { return nil }
      let silence = placed.span.duration - sound
      return fault(
        act, "the caller pauses for \(ReportFormat.span(length))",
        "\(ReportFormat.span(silence)) of silence are in the track",
        at: placed.span.start)
    }
  }

  private func keyFaults(in act: ActReading) -> [CheckResult] {
    guard case .press(let keys) = act.turn.action else { return [] }
    let sent = act.act.keys.map(\.key)
    let wasStopped = act.isLast && keys.starts(with: sent) && call.end - act.end <= Self.keyGapMax
    guard sent != keys, !wasStopped else { return [] }
    let names = String(sent.map(\.character))
    return [
      fault(
        act, "the caller presses \(String(keys.map(\.character)))",
        names.isEmpty ? "no key was sent" : "sent: \(names)",
        at: act.act.began)
    ]
  }

  private func overlapFaults(in act: ActReading) -> [CheckResult] {
    guard act.isOverAgent else { return [] }
    // An agent may stop in the very instant in which a key is pressed.
    if let agent = act.interrupted, agent.isCut || agent.ended - act.start >= Self.frame { return [] }
    let since = call.acts.last { $0.start < act.start }?.start ?? .zero
    guard call.utterances.contains(where: { $0.ended > since && $0.began < act.start }) else {
      // The caller cannot talk over an agent that does not talk: that is the agent's doing.
      return [
        CheckResult(
          .reply, turn: act.act.turn, verdict: .failed, expected: "the agent speaks, so that it can be interrupted",
          actual: "it said nothing", at: act.start, line: act.turn.line)
      ]
    }
    return [fault(act, "the caller speaks over the agent", "the agent was not speaking", at: act.start)]
  }

  /// A call that ends while the caller speaks leaves the rest unsaid.
  private func wasPlayed(_ placed: CallerAct.PlacedPiece) -> Bool { placed.span.end <= call.end }

  /// In text mode a recording whose words nobody wrote down makes no sound; a call may end with the caller's first.
  private func canBeFound(_ act: ActReading) -> Bool {
    if call.evidence.mode == .text, act.turn.action.meaning.isEmpty { return false }
    return act.act.pieces.isEmpty || act.act.pieces.contains(where: wasPlayed)
  }

  private func fault(_ act: ActReading, _ expected: String, _ actual: String, at instant: Timestamp) -> CheckResult {
    CheckResult(
      .stimulus, turn: act.act.turn, verdict: .invalid, expected: expected, actual: actual, at: instant,
      line: act.turn.line)
  }
}

extension SpokenPiece {
  fileprivate var text: String? {
    switch self {
    case .words(let text), .filler(let text), .stumble(let text), .lengthened(let text): text
    case .pause: nil
    }
  }
}
