/// Whether a call may come in now.
public enum AdmissionDecision: Sendable, Equatable {
  /// Hand it to a media loop.
  case admit
  /// Answer 503 with `Retry-After` and `reason` as the problem's detail.
  case refuse(retryAfterSeconds: Int, reason: String)
}
