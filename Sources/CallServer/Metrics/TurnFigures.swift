import Bounds
import CallCore
import Formats
import Threads

/// How fast turns were answered lately, what went wrong at which stage, and what callers thought of it: over all calls of this server since
/// its start, whichever wire they came by. Touched a few times a turn, never for a packet.
final class TurnFigures: Sendable {
  private struct State {
    var samples = Queue<TurnSample>()
    var metrics = TurnMetrics()
  }

  private let state = Locked(State())

  /// The last samples, oldest first; at most `TurnMetrics.samplesMax`.
  var samples: [TurnSample] { state.withLock { $0.samples.prefix(TurnMetrics.samplesMax) } }

  /// Everything so far.
  /// - Parameter load: now.
  func metrics(_ load: ConversationLoad) -> TurnMetrics {
    let (metrics, samples) = state.withLock { ($0.metrics, $0.samples.prefix(TurnMetrics.samplesMax)) }
    return metrics.summed(over: samples, load: load)
  }

  func add(_ sample: TurnSample) {
    state.withLock { state in
      state.samples.append(sample)
      if state.samples.count > TurnMetrics.samplesMax { _ = state.samples.popFirst() }
      state.metrics.add(sample)
    }
  }

  func add(_ rating: QualityRating) {
    state.withLock { $0.metrics.quality[rating.category, default: TurnMetrics.Mean()].add(rating.score) }
  }

  func addError(at stage: TurnMetrics.Stage) { state.withLock { $0.metrics.errors[stage, default: 0] += 1 } }
}

/// Watches one call's reports for what `TurnFigures` counts.
struct TurnObserver {
  private let figures: TurnFigures
  private var startedAtUnixMicroseconds: Int64 = 0
  private var isSpoken = true
  private var clock: () -> Timestamp = { .zero }
  /// Whether the caller's last turn was spoken.
  private var wasSpoken = true
  /// A speech engine failed in this call.
  private var hasEngineTrouble = false

  init(figures: TurnFigures) { self.figures = figures }

  /// - Parameters:
  ///   - isSpoken: whether the agent is heard.
  ///   - clock: what time it is in the call.
  mutating func begin(atUnixMicroseconds start: Int64, isSpoken: Bool, clock: @escaping () -> Timestamp) {
    (startedAtUnixMicroseconds, self.isSpoken, self.clock) = (start, isSpoken, clock)
  }

  mutating func observe(_ report: CallReport, load: @autoclosure () -> ConversationLoad) {
    switch report {
    case .transcript(let entry, final: true): wasSpoken = entry.source == .speech
    case .turnAnswered(let latency):
      figures.add(
        TurnSample(
          latency, atUnixMicroseconds: startedAtUnixMicroseconds + clock().microseconds, wasSpoken: wasSpoken,
          isSpoken: isSpoken, load: load()))
    case .trouble(let code, _):
      let stage = Self.stage(of: code)
      hasEngineTrouble = hasEngineTrouble || stage != .connection
      figures.addError(at: stage)
    case .transcript, .speechStarted, .speechStopped, .stateEntered, .agentStarted, .agentContinued, .agentFinished,
      .agentInterrupted, .agentPaused, .agentResumed,
      .nobodySpoke, .toolsWanted, .toolUsed, .clear:
      break
    }
  }

  /// The call is over. A flow ends it by itself when a tool fails for which it has no other way.
  mutating func end(_ reason: CloseReason) {
    if reason == .engineFailed, !hasEngineTrouble { figures.addError(at: .agent) }
  }

  private static func stage(of code: String) -> TurnMetrics.Stage {
    switch code {
    case "recognition-failed": .recognition
    case "synthesis-failed": .synthesis
    case "nothing-to-say", "model-failed", "model-broke-off": .agent
    default: .connection  // what the client sent
    }
  }
}
