package import CallCore
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
    let tracks = CallTracks.length(evidence.soundFrames)
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

/// Where a moment of a call lies in its picture, in per cent of the width, so that the picture can be stretched.
struct TimelineScale {
  /// What the whole width shows; more than nothing.
  let duration: CallDuration

  /// A place, such as `12.345%`; within the picture.
  func place(_ at: Timestamp) -> String { share(at - .zero) }

  /// A width, such as `3.210%`.
  func share(_ span: CallDuration) -> String {
    let whole = max(duration.microseconds, 1)
    let thousandths = Int(min(max(span.microseconds, 0), whole) * 100_000 / whole)
    return "\(ReportText.decimal(thousandths, places: 3))%"
  }

  /// Seconds between the marks of the ruler: so many that the whole call shown at once on a desk, about 1,100 pixels, leaves 32 for
  /// each time.
  var markSeconds: Int {
    let seconds = Int(duration.microseconds / 1_000_000)
    return [1, 2, 5, 10, 30, 60, 120].first { seconds / $0 <= 34 } ?? 600
  }

  /// How wide a second is drawn at first; a word is then about 15 pixels.
  static let pixelsPerSecond = 40

  /// Width of the whole picture at first, in pixels.
  var pixels: Int { Int(duration.microseconds * Int64(Self.pixelsPerSecond) / 1_000_000) }
}

/// A part of a turn's latency with its name in the page.
package struct LatencyStage {
  /// As in the page's style.
  package let name: String
  package let span: CallDuration

  /// The stages in their order. Where a language model was asked, its stages stand before what is left of the flow's.
  package static func all(of latency: TurnLatency) -> [LatencyStage] {
    [
      LatencyStage(name: "endpoint", span: latency.endpoint),
      LatencyStage(name: "recognition", span: latency.recognition),
    ] + all(of: latency.model) + [
      LatencyStage(name: "flow", span: latency.flow - (latency.model?.total ?? .zero)),
      LatencyStage(name: "synthesis", span: latency.synthesis), LatencyStage(name: "playout", span: latency.playout),
    ]
  }

  private static func all(of model: ModelLatency?) -> [LatencyStage] {
    guard let model else { return [] }
    return [
      LatencyStage(name: "first-token", span: model.firstToken),
      LatencyStage(name: "first-sentence", span: model.firstSentence),
    ] + (model.tools > .zero ? [LatencyStage(name: "tools", span: model.tools)] : [])  // few turns have any
  }
}
