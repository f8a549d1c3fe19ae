import CallCore
import JSON
import Wires

/// What the pictures of a call are drawn from.
struct ReportTimeline {
  /// A state of the flow and how long the agent was in it.
  struct Stay {
    let state: String
    let span: SpeechSpan
  }

  /// From the start to the last thing that is known.
  let duration: CallDuration
  /// States in the order of time.
  let stays: [Stay]
  /// Where the agent's own detector took what it heard for speech.
  let detected: [SpeechSpan]
  /// What the agent said before the caller's first turn.
  let greeting: [TranscriptEntry]

  init(_ result: CaseResult) {
    let evidence = result.evidence
    let tracks = evidence.tracks.map(CallSound.duration) ?? .zero
    let speech = (evidence.callerSpeech + evidence.agentSpeech).map(\.end).max() ?? .zero
    duration = max(evidence.duration, result.metrics.duration, tracks, speech - Timestamp.zero, .milliseconds(1))
    let end = Timestamp.zero + duration
    stays = Self.stays(in: evidence, until: end)
    detected = Self.detected(in: evidence, until: end)
    let firstTurn = result.turns.compactMap(\.began).min() ?? end
    greeting = result.transcript.filter { $0.role == .agent && $0.at < firstTurn }
  }

  /// By the messages, which are on the caller's clock; by the record where there are none.
  private static func stays(in evidence: CallEvidence, until end: Timestamp) -> [Stay] {
    var entries = evidence.notices.compactMap { notice -> (at: Timestamp, state: String)? in
      guard case .state(let name, _, _) = notice.message else { return nil }
      return (notice.at, name)
    }
    if entries.isEmpty {
      entries = (evidence.record?.timeline ?? []).filter { $0.kind == .stateEntered }.map { ($0.at, $0.detail) }
    }
    entries.sort { $0.at < $1.at }
    return entries.indices.map { index in
      let (start, state) = entries[index]
      let leaves = index + 1 < entries.count ? entries[index + 1].at : end
      return Stay(state: state, span: SpeechSpan(start: start, end: max(start, leaves)))
    }
  }

  private static func detected(in evidence: CallEvidence, until end: Timestamp) -> [SpeechSpan] {
    var spans: [SpeechSpan] = []
    var start: Timestamp?
    for notice in evidence.notices {
      guard case .speech(let started, let at) = notice.message else { continue }
      if started {
        start = start ?? at
      } else if let began = start {
        spans.append(SpeechSpan(start: began, end: max(began, at)))
        start = nil
      }
    }
    if let start { spans.append(SpeechSpan(start: start, end: max(start, end))) }
    return spans
  }
}
