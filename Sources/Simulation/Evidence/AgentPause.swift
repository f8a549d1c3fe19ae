import CallCore
import Wires

/// A pause that the agent made for speech over it, to find out whether that is an interruption.
struct AgentPause: Equatable {
  /// From the pause to what followed it.
  var span: SpeechSpan
  /// Whether the agent went on, as it was none.
  var isTakenBack: Bool
}

extension CallEvidence {
  /// Those that the agent told of, in order; one that nothing followed lasts to the end of the call.
  var agentPauses: [AgentPause] {
    var pauses: [AgentPause] = []
    var start: Timestamp?
    for notice in notices {
      guard case .agent(let news) = notice.message else { continue }
      if let begun = start, news.state != .paused {
        pauses.append(AgentPause(span: SpeechSpan(start: begun, end: notice.at), isTakenBack: news.state == .resumed))
        start = nil
      }
      if news.state == .paused { start = notice.at }
    }
    if let start {
      pauses.append(AgentPause(span: SpeechSpan(start: start, end: max(start, .zero + duration)), isTakenBack: false))
    }
    return pauses
  }
}
