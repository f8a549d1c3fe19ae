public import CallCore
import Wires

/// What came of one case with one seed.
public struct CaseResult: Sendable {
  /// The case.
  public var testCase: TestCase
  /// Which of the repeats, from 1.
  public var attempt: Int
  /// The seed that the caller's luck was drawn from.
  public var seed: UInt64
  /// What it came to, `mustFail` taken into account.
  public var verdict: Verdict
  /// Why it did not pass, the first reason first; empty when it passed.
  public var reasons: [CheckResult]
  /// Turn by turn.
  public var turns: [TurnResult]
  /// Checks of the whole call.
  public var checks: [CheckResult]
  /// Figures.
  public var metrics: CallMetrics
  /// What it was drawn from; the tracks are dropped where they are not wanted for a report.
  public var evidence: CallEvidence
  /// The command that repeats it.
  public var replay: String
  /// Calls before this one that were thrown away, because a model played the caller badly.
  public var discarded: [DiscardedCall] = []
  /// Among all calls of the run, from 0.
  public var place = 0
  /// What a language model was to be asked about the call, and what came of it.
  public var judged: [JudgedCriterion] = []

  package init(
    testCase: TestCase, attempt: Int, seed: UInt64, verdict: Verdict, reasons: [CheckResult],
    turns: [TurnResult], checks: [CheckResult], metrics: CallMetrics, evidence: CallEvidence, replay: String
  ) {
    (self.testCase, self.attempt, self.seed, self.replay) = (testCase, attempt, seed, replay)
    (self.verdict, self.reasons, self.turns, self.checks) = (verdict, reasons, turns, checks)
    (self.metrics, self.evidence) = (metrics, evidence)
  }

  /// How the call was held.
  public var mode: RunMode { evidence.mode }

  /// Every check, those of the turns first.
  public var allChecks: [CheckResult] { turns.flatMap(\.checks) + checks }
}

/// A call that says nothing about the agent, because a model played its caller badly.
public struct DiscardedCall: Sendable, Equatable {
  /// Of the call.
  public var seed: UInt64
  /// What the caller did.
  public var misbehavior: Misbehavior
}

extension CaseResult {
  /// Name of this attempt's files, without extension: the id with `+` for `/`, and the attempt where there are several, such as
  /// `orders+status@2`. Neither sign can stand in an id, so names are unique; anything else that cannot becomes `-`.
  public var fileName: String {
    let letters = testCase.id.map { letter in
      letter == "/"
        ? "+" : letter.isASCII && (letter.isLetter || letter.isNumber || "-_.".contains(letter)) ? letter : "-"
    }
    return String(letters) + (attempt > 1 ? "@\(attempt)" : "")
  }

  /// For people: the id, and which attempt.
  func name(in run: SimulationRun) -> String {
    run.repeats > 1 ? "\(testCase.id) (attempt \(attempt) of \(run.repeats))" : testCase.id
  }

  /// The agent's record, or what the messages said where the record did not come, or what was heard of an agent that sends neither.
  package var transcript: [TranscriptEntry] {
    if let record = evidence.record { return record.transcript }
    if evidence.wire != .voiceforge { return foreignTranscript }
    return evidence.notices.compactMap { notice in
      guard case .transcript(let said) = notice.message, said.isFinal else { return nil }
      return TranscriptEntry(said)
    }
  }

  /// Over a wire of others: what the agent said as far as it was heard, and what it understood.
  private var foreignTranscript: [TranscriptEntry] {
    var entries: [TranscriptEntry] = []
    for notice in evidence.notices {
      switch notice.message {
      case .transcript(let said) where said.isFinal && said.role == .caller: entries.append(TranscriptEntry(said))
      case .agent(let news) where news.state.isEnd:
        // It may be told once more, with its words; it was heard when it was told first.
        let first = entries.first { $0.role == .agent && $0.utterance == news.utterance }?.at
        entries.removeAll { $0.role == .agent && $0.utterance == news.utterance }
        var entry = TranscriptEntry(
          turn: news.turn, role: .agent, text: news.text, at: first ?? notice.at - news.heard, source: .speech,
          utterance: news.utterance, playedText: news.playedText)
        entry.heard = news.heard
        entry.interrupted = news.state == .interrupted
        entries.append(entry)
      default: break
      }
    }
    return entries.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
  }
}

extension TranscriptEntry {
  fileprivate init(_ said: TranscriptNotice) {
    self.init(
      turn: said.turn, role: said.role, text: said.text, at: said.at, source: said.source, playedText: said.text)
  }
}

/// The figures of one call. How each is measured: `Sources/Documentation.docc/Simulate.md`.
public struct CallMetrics: Sendable, Equatable {
  /// Of these definitions; stands in every report.
  public static let version = 2

  /// Turns that were written, and turns that the call came to.
  public var turnsWritten = 0
  /// See `turnsWritten`.
  public var turnsReached = 0
  /// One for each answered turn, in order.
  public var latencies: [CallDuration] = []
  /// One for each interruption of the agent by the caller, in order.
  public var yields: [CallDuration] = []
  /// Time in which both speak.
  public var talkOver = CallDuration.zero
  /// How often the agent began inside a caller's turn.
  public var agentInterruptions = 0
  /// How many of these were in a pause that was written or drawn: the agent took it for the end.
  public var falseEnds = 0
  /// When the agent paused for speech over it and went on, as it was no interruption, in order; only where the agent tells it.
  public var interruptionsTakenBack: [Timestamp] = []
  /// Turns that wanted an answer and got none in time.
  public var missedTurns = 0
  /// Over all spoken turns that the agent gave its understanding of; `nil` without any.
  public var wordErrors: WordErrorRate?
  /// Gaps over 20 ms inside an utterance of the agent, not counting those between sentences.
  public var dropouts = 0
  /// Samples of the agent at full scale.
  public var clippedSamples = 0
  /// Level of the agent's speech, in tenths of a dB below full scale; `nil` without sound.
  public var agentLevelTenths: Int?
  /// Power of the caller's speech over the noise in the caller's track, in tenths of a dB; `nil` without noise or sound.
  public var noiseRatioTenths: Int?
  /// Share of the caller's packets that were lost, in tenths of a per cent; `nil` without packets.
  public var lossPermille: Int?
  /// Length of the call.
  public var duration = CallDuration.zero

  /// All empty.
  public init() {}
}
