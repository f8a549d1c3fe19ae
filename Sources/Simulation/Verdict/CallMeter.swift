import CallCore

/// Works out the figures of a call. `Sources/Documentation.docc/Simulate.md` defines them.
struct CallMeter {
  /// Who begins to speak this soon after the other could not have known: both began at once. A detector needs 100 ms of speech, and the
  /// sound has to travel both ways.
  static let collisionMax = CallDuration.milliseconds(200)
  /// A silence of the caller that an agent can take for the end; shorter ones are inside words.
  static let pauseMin = CallDuration.milliseconds(200)

  let call: CallReading

  func metrics(turns: [TurnResult]) -> CallMetrics {
    let evidence = call.evidence
    var metrics = CallMetrics()
    metrics.turnsWritten = turns.count
    metrics.turnsReached = turns.count { $0.isReached }
    metrics.latencies = turns.compactMap(\.latency)
    metrics.yields = turns.compactMap(\.yield)
    metrics.talkOver = Self.overlap(evidence.callerSpeech, evidence.agentSpeech)
    for act in call.acts {
      let intrusions = intrusions(into: act)
      metrics.agentInterruptions += intrusions.count
      metrics.falseEnds += intrusions.count { isInPause($0.began, of: act) }
    }
    for errors in turns.compactMap(\.wordErrors) {
      metrics.wordErrors = metrics.wordErrors.map { $0 + errors } ?? errors
    }
    metrics.duration = evidence.duration
    if evidence.network.sent > 0 {
      metrics.lossPermille = (evidence.network.lost * 2000 + evidence.network.sent) / (2 * evidence.network.sent)
    }
    metrics.interruptionsTakenBack = evidence.agentPauses.filter(\.isTakenBack).map(\.span.start)
    guard let tracks = evidence.tracks else { return metrics }
    let agent = AgentMeter(track: tracks.agent, speech: evidence.agentSpeech)
    metrics.dropouts = agent.dropouts(
      in: call.utterances.compactMap(\.sound), besides: evidence.agentPauses.map(\.span))
    metrics.clippedSamples = agent.clippedSamples()
    metrics.agentLevelTenths = agent.levelTenths()
    if call.testCase.world.noise != nil { metrics.noiseRatioTenths = NoiseMeter(call, tracks: tracks).ratioTenths() }
    return metrics
  }

  /// Utterances that the agent began while the caller had the floor.
  func intrusions(into act: ActReading) -> [AgentUtterance] {
    guard act.turn.action.takesTheFloor else { return [] }
    return call.utterances.filter { $0.began > act.start + Self.collisionMax && $0.began < act.end }
  }

  /// Whether the caller was silent just then, within the turn.
  func isInPause(_ instant: Timestamp, of act: ActReading) -> Bool {
    let placed = act.act.pieces.first { $0.span.start <= instant && instant < $0.span.end }
    if case .pause = placed?.piece { return true }
    if placed == nil, !act.act.pieces.isEmpty { return true }
    var before = act.start
    for span in call.evidence.callerSpeech {
      if span.start <= instant, instant < span.end { return false }
      if span.start > instant { return span.start - before >= Self.pauseMin }
      before = span.end
    }
    return true
  }

  /// Time that lies in a span of each.
  static func overlap(_ left: [SpeechSpan], _ right: [SpeechSpan]) -> CallDuration {
    var sum = CallDuration.zero
    var (i, j) = (0, 0)
    while i < left.count, j < right.count {
      sum += left[i].overlap(with: right[j])
      if left[i].end < right[j].end { i += 1 } else { j += 1 }
    }
    return sum
  }

  /// Time of `window` in which `speech` is audible.
  static func audible(_ speech: [SpeechSpan], in window: SpeechSpan) -> CallDuration {
    var sum = CallDuration.zero
    for span in speech where span.end > window.start {
      guard span.start < window.end else { break }
      sum += span.overlap(with: window)
    }
    return sum
  }
}
