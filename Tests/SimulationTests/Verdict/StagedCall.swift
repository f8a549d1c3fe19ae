import CallCore
import CallDriver
import Wires
import Simulation

/// `Testing` has an `Expectation` of its own.
typealias Expected = CallCore.Expectation

/// The evidence of a call, put together by hand: who is audible when, in milliseconds, and what the agent's side tells.
struct StagedCall {
  var testCase = TestCase(id: "staged", agent: TestAgent(flow: "clinic"), turns: [])
  var evidence = CallEvidence(mode: .virtual)
  private var utterances = 0

  /// The agent greets from 0.2 to 1.2 s; the case has no turn yet.
  init() {
    evidence.duration = .seconds(30)
    evidence.record = CallRecord(flow: "clinic", voice: "heart")
    evidence.record?.reason = .callerHungUp
    agent("Welcome to the clinic", turn: 0, 200, 1200)
  }

  /// An utterance of the agent, audible in one piece.
  /// - Parameters:
  ///   - noticed: when the caller is told of it; `nil`: when it begins.
  ///   - cut: what was heard of it when it was broken off.
  mutating func agent(
    _ text: String, turn: Int, _ start: Int, _ end: Int, noticed: Int? = nil, cut: String? = nil
  ) {
    utterances += 1
    evidence.agentSpeech.append(Self.span(start, end))
    var entry = TranscriptEntry(
      turn: TurnID(turn), role: .agent, text: text, at: Self.at(start), source: .speech,
      utterance: UtteranceID(utterances), playedText: "")
    tell(.agent(AgentNotice(.started, entry)), noticed ?? start)
    entry.playedText = cut ?? text
    tell(.agent(AgentNotice(cut == nil ? .finished : .interrupted, entry)), end + 40)
  }

  /// Writes a turn and what is expected in it, and makes the caller come to it.
  mutating func caller(
    _ action: CallerAction, _ start: Int, _ end: Int, cue: CallerCue = .whenAsked, expecting: [Expected] = []
  ) {
    write(action, cue: cue, expecting: expecting)
    var act = CallerAct(turn: testCase.turns.count, began: Self.at(start), ended: Self.at(end))
    switch action {
    case .say(let pieces):
      // One after the other, as long as the first pieces are not pauses; tests with pauses place them themselves.
      act.pieces = pieces.map { CallerAct.PlacedPiece(piece: $0, span: Self.span(start, end)) }
      evidence.callerSpeech.append(Self.span(start, end))
    case .play, .backchannel, .answerAsMachine, .hold: evidence.callerSpeech.append(Self.span(start, end))
    case .press(let keys):
      act.keys = keys.enumerated().map { CallerAct.PressedKey(key: $1, at: Self.at(start + 150 * $0)) }
    case .staySilent, .hangUp: break
    }
    evidence.acts.append(act)
  }

  /// `caller` for plain words.
  mutating func say(
    _ text: String, _ start: Int, _ end: Int, cue: CallerCue = .whenAsked, expecting: [Expected.Check] = []
  ) {
    caller(.say([.words(text)]), start, end, cue: cue, expecting: expecting.map { Expected($0) })
  }

  /// Says pieces that lie one after the other; pauses are silent.
  mutating func say(_ pieces: [(SpokenPiece, Int)], from start: Int) {
    write(.say(pieces.map(\.0)))
    var act = CallerAct(turn: testCase.turns.count, began: Self.at(start), ended: Self.at(start))
    var now = start
    for (piece, length) in pieces {
      let span = Self.span(now, now + length)
      act.pieces.append(CallerAct.PlacedPiece(piece: piece, span: span))
      if case .pause = piece {} else { evidence.callerSpeech.append(span) }
      now += length
    }
    act.ended = Self.at(now)
    evidence.acts.append(act)
  }

  /// Writes a turn that the call does not come to.
  mutating func write(_ action: CallerAction, cue: CallerCue = .whenAsked, expecting: [Expected] = []) {
    let number = testCase.turns.count + 1
    testCase.turns.append(
      TestTurn(number: number, cue: cue, action: action, expectations: expecting, line: 10 * number))
  }

  /// The agent tells what it understood.
  mutating func understood(_ text: String, turn: Int, speechAt: Int, _ at: Int) {
    let entry = TranscriptEntry(
      turn: TurnID(turn), role: .caller, text: text, at: Self.at(speechAt), source: .speech, playedText: text)
    tell(.transcript(TranscriptNotice(entry, isFinal: true)), at)
  }

  mutating func state(_ name: String, _ at: Int) { tell(.state(name: name, from: "", because: ""), at) }

  mutating func tell(_ message: ServerMessage, _ at: Int) {
    evidence.notices.append(CallEvidence.Notice(at: Self.at(at), message: message))
  }

  /// What the judge makes of it.
  func judged(by meaning: (any MeaningComparer)? = nil) -> CaseResult {
    var evidence = evidence
    evidence.notices.sort { $0.at < $1.at }
    evidence.callerSpeech.sort { $0.start < $1.start }
    return Judge(meaning: meaning).result(
      of: testCase, attempt: 1, seed: 7, evidence: evidence, replay: "voiceforge test staged")
  }

  static func at(_ milliseconds: Int) -> Timestamp { .zero + .milliseconds(milliseconds) }
  static func span(_ start: Int, _ end: Int) -> SpeechSpan { SpeechSpan(start: at(start), end: at(end)) }

  /// One turn that is answered: the caller asks from 1.5 to 2.5 s, the agent answers from 3.1 to 4.1 s.
  static func oneTurn(
    _ reply: String = "Which day would you like to come?", expecting: [Expected] = []
  ) -> StagedCall {
    var call = StagedCall()
    call.caller(.say([.words("I need an appointment")]), 1500, 2500, expecting: expecting)
    call.understood("I need an appointment", turn: 1, speechAt: 1500, 3000)
    call.state("ask-day", 3000)
    call.agent(reply, turn: 1, 3100, 4100)
    return call
  }
}

extension CaseResult {
  /// The kinds of what failed or was invalid, the first reason first, each once.
  var blamed: [CheckKind] {
    var kinds: [CheckKind] = []
    for reason in reasons where !kinds.contains(reason.kind) { kinds.append(reason.kind) }
    return kinds
  }

  /// The checks of a kind.
  func checks(_ kind: CheckKind) -> [CheckResult] { allChecks.filter { $0.kind == kind } }
}
