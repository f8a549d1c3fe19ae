import CallCore
import CallDriver
import Formats

extension ChatRefusal {
  /// Refusals of the model's server that are the client's affair: what it asked for, and how often.
  private static let passedStatuses: Set<Int> = [400, 404, 413, 422, 429]

  /// What the client is told. A key that the model's server refuses is this server's own, so that this is never a 401.
  var speechRefusal: SpeechRefusal {
    if let status, Self.passedStatuses.contains(status) {
      var fault = OpenAIFault(status, message ?? "\(self.fault)", parameter: parameter, code: code)
      fault.type = type
      return SpeechRefusal(fault, retryAfterSeconds: status == 429 ? retryAfterSeconds ?? 5 : nil)
    }
    let (status, code, seconds): (Int, String, Int?) =
      switch fault.kind {
      case .refusedKey: (502, "model_key_refused", nil)
      case .unreachable: (503, "model_unreachable", 5)
      case .late, .stalled: (504, "model_timeout", nil)
      case .limited: (503, "model_limited", retryAfterSeconds ?? 5)
      case .cancelled: (503, "model_unavailable", 5)
      case .failed where self.status == 503: (503, "model_failed", retryAfterSeconds ?? 5)
      case .missing, .refusedRequest, .failed, .malformed, .empty, .tooLarge: (502, "model_failed", nil)
      }
    return SpeechRefusal(status, "\(fault)", code: code, retryAfterSeconds: seconds)
  }
}
