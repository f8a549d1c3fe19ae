import CallCore
import FoundationEssentials
import JSON
import WebSockets
import Wires

/// What clients of the Realtime protocol ask for besides their sessions.
struct RealtimeController: RouteController {
  let request: RouteRequest

  /// Makes a secret that stands for the key which asks; where there is none sessions need none, and then any does no harm.
  func clientSecret() -> HTTPResponse {
    guard request.http.headers["content-type"]?.lowercased().hasPrefix("application/json") == true else {
      return SpeechRefusal(415, "the body must be application/json").response(.openAI)
    }
    let body: RealtimeSecretRequest
    do throws(RealtimeFault) {
      body = try RealtimeSecretRequest(
        parsing: request.http.body, RealtimeAddress(model: server.settings.defaultFlow, server: server),
        seconds: CallTokens.secretSeconds, isModel: { server.hasModel && server.flows[$0] == nil })
    } catch {
      return SpeechRefusal(400, error.message, parameter: error.param, code: error.code).response(.openAI)
    }
    do throws(CallTokens.Refusal) {
      let secret = try makeSecret(body)
      let expiresAt = Int(nearest: Date().timeIntervalSince1970) + body.seconds
      var response = HTTPResponse.json(body.response(secret, expiresAt: expiresAt))
      response.headers.append(("cache-control", "no-store"))
      return response
    } catch {
      return SpeechRefusal(error).response(.openAI)
    }
  }

  private func makeSecret(_ body: RealtimeSecretRequest) throws(CallTokens.Refusal) -> String {
    guard let keys = server.authorizer.keyService else {
      return CallTokens.secretPrefix + UUID().uuidString.lowercased()
    }
    return try keys.makeSecret(for: request.key ?? "", seconds: body.seconds, preset: body.preset)
  }
}

extension SpeechRefusal {
  fileprivate init(_ refusal: CallTokens.Refusal) {
    switch refusal {
    case .share(let seconds):
      self.init(
        429, "this key has its share of secrets and tokens that are not over", code: "rate_limit_exceeded",
        retryAfterSeconds: seconds)
    case .full(let seconds):
      self.init(503, "too many secrets and tokens are not over", code: "overloaded", retryAfterSeconds: seconds)
    }
  }
}

extension RealtimeAddress {
  /// A session that begins now.
  /// - Parameter model: what its address names.
  init(model: String, server: ServerContext) {
    self.init(
      id: "sess_\(UUID().uuidString.lowercased().filter { $0 != "-" })", model: model,
      voice: server.flows[model]?.voice ?? server.defaultVoice,
      expiresAt: Int(nearest: Date().timeIntervalSince1970)
        + server.settings.limits.callDurationMax.milliseconds / 1000)
    isModel = server.hasModel && server.flows[model] == nil
  }
}
