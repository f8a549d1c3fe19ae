import CallCore
import CallDriver
import Formats
import JSON
import Logging
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
    let isInService = server.drainPhase == .serving
    return .json(
      .readiness(
        state, parts: parts, historyTrouble: trouble, storeTroubles: server.storeWatch.troubles, callsOff: callsOff,
        standingThreads: standing, node: server.settings.nodeName, isDraining: !isInService),
      status: state == .ready && isInService ? 200 : 503)
  }

  /// Takes the server out of service, or brings it back; again changes nothing.
  func drain() -> HTTPResponse {
    let wish: DrainRequest
    do throws(WireFault) { wish = try DrainRequest(parsing: request.http.body) } catch { return .problem(error) }
    let before = server.drainPhase
    if wish.isDraining {
      server.beginDrain(isFinal: false)
    } else if !server.cancelDrain() {
      return .problem(status: 409, detail: "the server is going down; there is no way back")
    }
    let phase = server.drainPhase
    if phase != before { server.log.notice("\(phase.rawValue) now and \(before.rawValue) before, as REST asked") }
    return .json(
      .drain(
        phase.rawValue, node: server.settings.nodeName, callCount: server.capacity.takenCount,
        lameDuckSeconds: Int(server.settings.lameDuckTime.seconds)))
  }

  /// A request for a call that is no handshake.
  func callWithoutSocket() -> HTTPResponse { server.answerCallWithoutSocket() }
}
