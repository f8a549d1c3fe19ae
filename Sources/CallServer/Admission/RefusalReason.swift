/// Why a call was not taken.
package enum RefusalReason: String, CaseIterable, Sendable {
  /// The server is going down.
  case stopping
  /// This node takes no calls: `ServerSettings.takesCalls`.
  case speechOnly = "speech-only"
  /// A speech engine is missing.
  case engineMissing = "engine-missing"
  /// The speech engines are still loading.
  case loading
  /// All lines are busy.
  case lines
  /// `AdmissionLimits.tickLatenessMax`.
  case tickLateness = "tick-lateness"
  /// `AdmissionLimits.loopShareMax`.
  case loopShare = "loop-share"
  /// `AdmissionLimits.engineWaitMax`.
  case engineWait = "engine-wait"
  /// `AdmissionLimits.engineQueueMax`.
  case engineQueue = "engine-queue"
  /// `AdmissionLimits.engineShareMax`.
  case engineShare = "engine-share"
  /// `AdmissionLimits.callStartsPerSecondMax`.
  case pace
  /// What the caller asked for cannot be had; known only after its `start`.
  case request

  /// Seconds after which to try again: as long as it takes to change.
  var retryAfterSeconds: Int {
    switch self {
    case .stopping: 10
    case .engineMissing: 60
    case .speechOnly: 3600
    case .loading: 2
    case .lines: 5
    case .tickLateness, .loopShare, .engineWait, .engineQueue, .engineShare: 3
    case .pace: 1
    case .request: 0
    }
  }
}
