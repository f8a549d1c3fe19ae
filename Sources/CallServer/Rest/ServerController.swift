import CallCore
import CallDriver
import Formats
import JSON
import WebSockets

/// What REST says about the server itself.
struct ServerController: RouteController {
  let request: RouteRequest

  /// Answers at once when the document is made; otherwise a thread of the blocking pool makes it.
  func document(_ reply: HTTPReply) {
    if let document = server.openAPI.made { return reply.send(document) }
    let refusal = server.requestPool.submit(from: server.peer(of: request.http)) { [server] in
      reply.send(server.openAPI.response)
    }
    if let refusal { reply.send(refusal) }
  }

  func health() -> HTTPResponse { .json(.health(version: server.settings.version)) }

  func metrics() -> HTTPResponse {
    HTTPResponse(
      status: 200, contentType: "text/plain; version=0.0.4; charset=utf-8",
      text: MetricsText(server: server, media: request.context.media).text)
  }

  /// Without a history calls can still be taken, so its trouble is told and changes no status.
  func readiness() -> HTTPResponse {
    let parts = server.engines.readiness
    let needed = parts.filter(\.isNeeded)
    let callsOff = server.settings.takesCalls ? nil : ServerContext.speechOnly
    let standing = server.standingThreads
    let state: EngineReadiness.State =
      !standing.isEmpty
      ? .failed : needed.contains { $0.state == .failed } ? .failed : server.speechService == nil ? .loading : .ready
    let trouble: String? = if case .degraded(let why) = server.store.health { why } else { nil }
    return .json(
      .readiness(
        state, parts: parts, historyTrouble: trouble, storeTroubles: server.storeWatch.troubles, callsOff: callsOff,
        standingThreads: standing),
      status: state == .ready && !server.capacity.isClosed ? 200 : 503)
  }

  /// A request for a call that is no handshake.
  func callWithoutSocket() -> HTTPResponse { server.answerCallWithoutSocket() }
}
