import CallCore
import Wires
import Formats
import Simulation

/// A call put together by hand, one act after the other; times in milliseconds.
struct SampleCall {
  private(set) var now = 300
  private(set) var turns: [TurnResult] = []
  private var evidence: CallEvidence
  private var record: CallRecord
  private var checks: [CheckResult] = []

  init(mode: RunMode, flow: String) {
    evidence = CallEvidence(mode: mode)
    record = CallRecord(flow: flow, voice: "heart")
  }

  private static func at(_ milliseconds: Int) -> Timestamp { Timestamp(microseconds: Int64(milliseconds) * 1000) }

  private static func span(_ start: Int, _ end: Int) -> SpeechSpan { SpeechSpan(start: at(start), end: at(end)) }

  mutating func enters(_ state: String) {
    evidence.notices.append(.init(at: Self.at(now), message: .state(name: state, from: "", because: "sample")))
    if !turns.isEmpty { turns[turns.count - 1].state = state }
  }

  /// The agent is audible; its words belong to the last turn.
  mutating func agentSays(_ words: String, for milliseconds: Int, heard: String? = nil) {
    evidence.agentSpeech.append(Self.span(now, now + milliseconds))
    var entry = TranscriptEntry(
      turn: TurnID(turns.count), role: .agent, text: words, at: Self.at(now), source: .speech,
      utterance: UtteranceID(record.transcript.count + 1), playedText: heard ?? words)
    entry.interrupted = heard != nil
    record.transcript.append(entry)
    if !turns.isEmpty {
      turns[turns.count - 1].reply += (turns[turns.count - 1].reply.isEmpty ? "" : " ") + (heard ?? words)
      turns[turns.count - 1].replyAt = turns[turns.count - 1].replyAt ?? Self.at(now)
    }
    now += milliseconds
  }

  /// The caller speaks, 60 ms for each letter.
  mutating func callerSays(_ pieces: [SpokenPiece], understood: String?, latency: Int?, action: String = "says") {
    now += 300
    var act = CallerAct(turn: turns.count + 1, began: Self.at(now), ended: Self.at(now))
    var turn = TurnResult(number: turns.count + 1, action: action)
    turn.began = Self.at(now)
    for piece in pieces {
      var length = [piece].wording.count * 60
      if case .pause(let pause) = piece { length = pause.milliseconds }
      let span = Self.span(now, now + length)
      act.pieces.append(.init(piece: piece, span: span))
      if case .pause = piece {} else { evidence.callerSpeech.append(span) }
      now += length
    }
    act.ended = Self.at(now)
    evidence.acts.append(act)
    for started in [true, false] {
      evidence.notices.append(
        .init(
          at: Self.at(now),
          message: .speech(started: started, at: Self.at((started ? turn.began ?? .zero : act.ended).milliseconds + 60))
        ))
    }
    turn.said = pieces.meaning
    turn.spoken = pieces.wording
    turn.understood = understood
    turn.wordErrors = understood.map { WordErrorRate(reference: pieces.meaning, heard: $0) }
    finish(turn, latency: latency)
  }

  mutating func callerPresses(_ keys: String, latency: Int) {
    now += 300
    var act = CallerAct(turn: turns.count + 1, began: Self.at(now), ended: Self.at(now))
    var turn = TurnResult(number: turns.count + 1, action: "presses \(keys)")
    turn.began = Self.at(now)
    for key in keys.compactMap({ Key($0) }) {
      act.keys.append(.init(key: key, at: Self.at(now)))
      now += 150
    }
    act.ended = Self.at(now)
    evidence.acts.append(act)
    finish(turn, latency: latency)
  }

  /// The last turn interrupted the agent, which talked on for `yield`.
  mutating func interrupted(yield: Int) {
    turns[turns.count - 1].yield = .milliseconds(yield)
    guard let began = turns[turns.count - 1].began else { return }
    evidence.agentSpeech.append(Self.span(began.milliseconds - 1_800, began.milliseconds + yield))
  }

  private mutating func finish(_ turn: TurnResult, latency: Int?) {
    var turn = turn
    turn.isReached = true
    turn.ended = Self.at(now)
    if let latency {
      turn.latency = .milliseconds(latency)
      turn.stages = TurnLatency(
        turn: TurnID(turn.number), endpoint: .milliseconds(turn.said.isEmpty ? 0 : 500),
        recognition: .milliseconds(latency / 20),
        flow: .milliseconds(4), synthesis: .milliseconds(latency / 8), playout: .milliseconds(20))
    }
    turn.checks.append(
      CheckResult(
        .reply, turn: turn.number, verdict: latency == nil ? .failed : .passed, expected: "an answer within 8000 ms",
        actual: latency == nil ? "none" : "one", at: Self.at(now + (latency ?? 0))))
    turns.append(turn)
    now += latency ?? 0
  }

  /// Adds to the last turn.
  mutating func checked(_ kind: CheckKind, _ verdict: Verdict, _ expected: String, _ actual: String, line: Int = 0) {
    let number = turns.count
    turns[number - 1].checks.append(
      CheckResult(
        kind, turn: number, verdict: verdict, expected: expected, actual: actual, at: Self.at(now), line: line))
  }

  mutating func checkedWhole(_ kind: CheckKind, _ verdict: Verdict, _ expected: String, _ actual: String) {
    checks.append(CheckResult(kind, turn: nil, verdict: verdict, expected: expected, actual: actual))
  }

  /// A turn that was written and not reached.
  mutating func misses(_ action: String) { turns.append(TurnResult(number: turns.count + 1, action: action)) }

  /// The call is over.
  func result(
    of test: TestCase, attempt: Int, verdict: Verdict, hiss: Int = 0, hasTracks: Bool = true,
    failure: CallFailure? = nil
  ) -> CaseResult {
    var evidence = evidence
    var record = record
    let length = now + 400
    evidence.duration = .milliseconds(length)
    evidence.failure = failure
    record.reason = failure == nil ? .completed : nil
    record.outcome = failure == nil ? "done" : ""
    record.slots = ["order": "4711", "name": "Ada"]
    if failure == nil { evidence.record = record }
    if hasTracks {
      let voice = SampleSound.track(evidence.callerSpeech, milliseconds: length, hertz: 210)
      let microphone = SampleSound.track(evidence.callerSpeech, milliseconds: length, hertz: 210, hiss: hiss)
      let agent = SampleSound.track(evidence.agentSpeech, milliseconds: length, hertz: 330)
      evidence.tracks = CallTracks(voice: voice, microphone: microphone, agent: agent)
      evidence.network.sent = length / 20
      evidence.network.lost = hiss / 40
    }
    let all = turns.flatMap(\.checks) + checks
    return CaseResult(
      testCase: test, attempt: attempt, seed: SeededStream.seed(from: 7, test.id, attempt),
      verdict: verdict, reasons: verdict == .passed ? [] : all.filter { $0.verdict != .passed }, turns: turns,
      checks: checks, metrics: metrics(evidence), evidence: evidence,
      replay: "voiceforge simulate Samples/testcases --filter '\(test.id)' --seed \(attempt)")
  }

  private func metrics(_ evidence: CallEvidence) -> CallMetrics {
    var metrics = CallMetrics()
    metrics.turnsWritten = turns.count
    metrics.turnsReached = turns.count { $0.isReached }
    metrics.latencies = turns.compactMap(\.latency)
    metrics.yields = turns.compactMap(\.yield)
    metrics.missedTurns = turns.count { $0.isReached && $0.latency == nil }
    metrics.wordErrors = turns.compactMap(\.wordErrors).reduce(nil) { sum, next in sum.map { $0 + next } ?? next }
    metrics.talkOver = .milliseconds(420)
    metrics.agentLevelTenths = evidence.tracks == nil ? nil : 184
    metrics.noiseRatioTenths = evidence.network.lost > 0 ? 103 : nil
    metrics.lossPermille = evidence.network.sent == 0 ? nil : evidence.network.lost * 1000 / evidence.network.sent
    metrics.duration = evidence.duration
    return metrics
  }
}
