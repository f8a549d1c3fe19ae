import CallCore
import JSON
import Wires

extension RouteArea {
  /// Calls of clients that were written for OpenAI.
  static let realtime = RouteArea(
    name: "Realtime", about: "Calls of clients that speak OpenAI's Realtime protocol.",
    routes: RouteTable.realtimePaths.map(session), schemas: [:])

  private static func session(_ path: String) -> Route {
    Route(
      "GET \(path)", path == RouteTable.realtimePaths[0] ? "realtime" : "realtimeWithoutVersion",
      "A session of OpenAI's Realtime protocol with an agent flow", scope: .call,
      .onLoop(ServerController.callWithoutSocket),
      about: """
        A WebSocket handshake, with the subprotocol `realtime` or none; `Sources/Documentation.docc/RealtimeServer.md` says what of the protocol is spoken. \
        A model that is no flow is answered on the WebSocket, by an `error` with the code `model_not_found`. A request that is no handshake is 426, \
        or 503 when no call would be taken.
        """,
      [.query("model", .text(), "The flow that answers; the server's own, if absent.")],
      answers: [
        .empty(101, "The session begins.", .upgrade), .problem(400, "No good handshake."),
        .problem(426, "Calls are WebSocket connections of version 13.", .upgrade), .busy,
      ])
  }
}
