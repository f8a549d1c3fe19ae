package import CallCore
import Formats
package import Simulation

extension TestRun {
  /// Enters what came of the call.
  ///
  /// - Parameters:
  ///   - startedAt: microseconds since 1970 UTC, on which the call's own clock is laid.
  ///   - transcriptEntriesMax: further lines are counted, not kept.
  package mutating func finish(with result: CaseResult, startedAt: Int64, transcriptEntriesMax: Int) {
    status = result.hasCall ? .completed : .failed
    evaluation = RunEvaluation(result)
    turnsDone = result.metrics.turnsReached
    let lines = Self.lines(of: result, startedAt: startedAt)
    transcript = Array(lines.prefix(transcriptEntriesMax))
    transcriptDropped = lines.count - transcript.count
  }

  /// What the caller said as it was spoken, and what was heard of the agent, in order of time.
  private static func lines(of result: CaseResult, startedAt: Int64) -> [TestRunUtterance] {
    let begun = result.turns.compactMap { turn in turn.began.map { (number: turn.number, at: $0) } }
    var lines = zip(result.testCase.turns, result.turns).compactMap { written, turn in
      turn.began.map { began in
        TestRunUtterance(
          speaker: .user, text: turn.actualInput(of: written), step: turn.number,
          atUnixMicroseconds: startedAt + began.microseconds)
      }
    }
    for entry in result.evidence.record?.transcript ?? [] where entry.role == .agent && !entry.playedText.isEmpty {
      let step = begun.last { $0.at <= entry.at }?.number ?? 0
      lines.append(
        TestRunUtterance(
          speaker: .agent, text: entry.playedText, step: step, atUnixMicroseconds: startedAt + entry.at.microseconds))
    }
    return lines.enumerated().sorted {
      ($0.element.atUnixMicroseconds, $0.offset) < ($1.element.atUnixMicroseconds, $1.offset)
    }.map(\.element)
  }
}

extension CaseResult {
  /// Whether there was a call at all.
  fileprivate var hasCall: Bool {
    switch evidence.failure {
    case .unreachable, .refused, .callerEngine: false
    case .brokenOff, .rubbish, .hung, .tooLong, nil: true
    }
  }
}

extension TurnResult {
  /// What was audible of the caller, or a remark in parentheses; empty when the call did not come to it.
  func actualInput(of written: TestTurn) -> String {
    guard isReached else { return "" }
    return spoken.isEmpty ? written.deed.userInput : spoken
  }
}
