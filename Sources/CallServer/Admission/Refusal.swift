import CallCore
import WebSockets

/// A call that is not taken: why, and what its caller is told.
struct Refusal {
  let reason: RefusalReason
  let text: String

  /// - Parameter text: for the operator of the calling side.
  init(_ reason: RefusalReason, _ text: String) {
    self.reason = reason
    self.text = text
  }

  /// Because of the load: says which limit, its name among the settings, and where the figure was.
  init(_ reason: RefusalReason, door: Admission) {
    let (load, limits) = (door.refusingLoad, door.limits)
    let text =
      switch reason {
      case .tickLateness:
        "tick-lateness: the media loops were \(load.tickLateness.milliseconds) ms late; "
          + "the limit is \(limits.tickLatenessMax.milliseconds) ms"
      case .loopShare:
        "loop-share: the media loops used \(Self.percent(load.loopShare)) of a core, and calls that just came will use more; "
          + "the limit is \(Self.percent(limits.loopShareMax))"
      case .engineWait:
        "engine-wait: the speech engines were waited for \(load.engineWait.milliseconds) ms; "
          + "the limit is \(limits.engineWaitMax.milliseconds) ms"
      case .engineQueue:
        "engine-queue: \(load.engineQueue) requests waited for each speech thread; the limit is \(limits.engineQueueMax)"
      case .engineShare:
        "engine-share: the speech engines were busy for \(Self.percent(load.engineShare)) of the time, and calls that just came "
          + "will need more: \(Self.percent(door.foretoldEngineShare)) once all callers speak, or all at once, as those who began together; "
          + "the limit is \(Self.percent(door.engineShareMax))"
      case .pace: "pace: more than \(limits.callStartsPerSecondMax) calls began within a second"
      case .stopping, .speechOnly, .engineMissing, .loading, .lines, .request: reason.rawValue
      }
    self.init(reason, text)
  }

  /// As the acceptor wants it.
  var decision: AdmissionDecision { .refuse(retryAfterSeconds: reason.retryAfterSeconds, reason: text) }

  /// 503 with `Retry-After`.
  var response: HTTPResponse {
    var response = HTTPResponse.problem(status: 503, detail: text)
    response.headers.append(("retry-after", String(reason.retryAfterSeconds)))
    return response
  }

  private static func percent(_ share: Double) -> String { "\(Int(nearest: share * 100)) %" }
}
