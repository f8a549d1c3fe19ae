import CallDriver
import Formats
import JSON
import WebSockets

/// How fast turns are answered, over REST.
struct TurnMetricsController: RouteController {
  let request: RouteRequest

  func metrics() -> HTTPResponse { .json(server.turnFigures.metrics(server.conversationLoad).json) }

  /// `?format=json|csv`
  func history() -> HTTPResponse {
    let history = TurnHistory(server.turnFigures.samples)
    switch request.queryValue("format") ?? "json" {
    case "json": return .json(history.json)
    case "csv":
      return HTTPResponse(status: 200, contentType: "text/csv; charset=utf-8; header=present", text: history.csv)
    case let other:
      return .problem(status: 400, detail: "format: expected json or csv, got \"\(other.prefix(40))\"")
    }
  }
}
