import CallCore
import JSON
import Logging
import WebSockets
import Formats

/// What REST says about telephone calls that are placed from here.
struct DialController: RouteController {
  let request: RouteRequest

  func state() -> HTTPResponse { .json(document()) }

  /// Ends every call that was dialed, and dials nothing more.
  func stop() -> HTTPResponse {
    let ended = server.dials.stopAll(why: "all telephone calls were stopped with POST /api/dial/stop")
    server.log.warning("dialing was stopped; \(ended) calls are ended")
    return .json(document(ended: ended))
  }

  /// Dials again.
  func resume() -> HTTPResponse {
    server.dials.resume()
    server.log.notice("telephone calls may be placed again")
    return .json(document())
  }

  private func document(ended: Int? = nil) -> JSONObject {
    let (figures, settings) = (server.dials.figures, server.dials.settings)
    return .dialing(
      .init(
        missing: server.dials.missingSettings, stopped: figures.stopped, prefixes: settings.rules.prefixes,
        underWay: figures.underWay, placed: figures.placed, perMinute: settings.limits.perMinute,
        perDay: settings.limits.perDay, atOnce: settings.limits.atOnce, ended: ended))
  }
}
