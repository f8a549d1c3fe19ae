import CallCore
import CallDriver
import CallWire
import WebSockets

/// Answers everything that is not a call: REST, metrics and the page. Quick answers are given on the control loop; whatever
/// reads the history is given to a clerk.
struct RestHandler: HTTPHandler {
  private let exchange: Exchange
  private let media: [ServiceLoop]
  private let page: StaticFiles?
  /// `nil` on a server without test cases.
  private let tests: TestRoutes?
  private let loads: LoadRoutes
  private let voices: VoiceRoutes
  private let speech: SpeechRoutes

  init(
    exchange: Exchange, media: [ServiceLoop], office: SpeechOffice, tests: TestRoutes?, loads: LoadRoutes
  ) throws(WebSocketError) {
    self.exchange = exchange
    self.media = media
    self.tests = tests
    self.loads = loads
    voices = VoiceRoutes(exchange: exchange, office: office)
    speech = SpeechRoutes(exchange: exchange, office: office)
    page = try exchange.settings.webFolder.map { folder throws(WebSocketError) in try StaticFiles(root: folder) }
  }

  func respond(to request: HTTPRequest, reply: HTTPReply) {
    let path = request.path.split(separator: "/").map(String.init)
    if let tests, TestRoutes.owns(path) { return tests.respond(to: request, path, reply: reply) }
    if LoadRoutes.owns(path) { return loads.respond(to: request, path, reply: reply) }
    if VoiceRoutes.owns(path) { return voices.respond(to: request, path, reply: reply) }
    if SpeechRoutes.owns(path) { return speech.respond(to: request, path, reply: reply) }
    guard path.first == "api" || Self.ownPaths.contains(request.path) else {
      return reply.send(page?.response(to: request) ?? .problem(status: 404, detail: "nothing is at \(request.path)"))
    }
    guard request.method == "GET" || request.method == "HEAD" else {
      return reply.send(.notAllowed(request, allowed: "GET, HEAD"))
    }
    switch path.count {
    case 2 where request.path == Self.callPath: reply.send(answerCallWithoutSocket())
    case 1: reply.send(answerOwn(path[0]))
    case 2: answerList(path[1], request, reply)
    case 3: answerOne(path[1], path[2], reply)
    case 4 where path[1] == "calls" && path[3] == "recording":
      byClerk(reply) { CallAnswers(exchange: exchange).recording(of: path[2]).ranged(by: request) }
    default: reply.send(.problem(status: 404, detail: "nothing is at \(request.path)"))
    }
  }

  /// Uploads are turned away before they come, where they would be for nothing.
  func refusal(of request: HTTPRequest, bodyBytes: Int) -> HTTPResponse? {
    let path = request.path.split(separator: "/").map(String.init)
    if VoiceRoutes.owns(path) { return voices.refusal(of: path, bodyBytes: bodyBytes) }
    return SpeechRoutes.owns(path) ? speech.refusal(of: path, bodyBytes: bodyBytes) : nil
  }

  private static let ownPaths: Set<String> = ["/healthz", "/readyz", "/metrics", callPath]
  private static let callPath = "/v1/call"

  private func answerOwn(_ name: String) -> HTTPResponse {
    switch name {
    case "healthz": .json(Health(version: exchange.settings.version))
    case "readyz": readiness()
    case "metrics":
      HTTPResponse(
        status: 200, contentType: "text/plain; version=0.0.4; charset=utf-8",
        text: MetricsText(exchange: exchange, media: media).text)
    default: .problem(status: 404, detail: "nothing is at /\(name)")
    }
  }

  /// A page asks this way why its WebSocket was refused, because browsers hide the answer. A new connection with this path goes to
  /// a media loop, a kept one comes here: both say the same.
  private func answerCallWithoutSocket() -> HTTPResponse {
    if let refusal = exchange.refusal { return refusal.response }
    var response = HTTPResponse.problem(status: 426, detail: "calls are WebSocket connections")
    response.headers.append(("upgrade", "websocket"))
    return response
  }

  private func answerList(_ name: String, _ request: HTTPRequest, _ reply: HTTPReply) {
    switch name {
    case "flows": reply.send(.json(FlowList(exchange.flows.flows)))
    case "calls": byClerk(reply) { CallAnswers(exchange: exchange).list(request) }
    default: reply.send(.problem(status: 404, detail: "nothing is at /api/\(name)"))
    }
  }

  private func answerOne(_ kind: String, _ name: String, _ reply: HTTPReply) {
    switch kind {
    case "flows":
      let flow = exchange.flows[name]
      reply.send(flow.map { .json(FlowDocument($0)) } ?? .problem(status: 404, detail: "there is no flow \(name)"))
    case "calls": byClerk(reply) { CallAnswers(exchange: exchange).one(name) }
    default: reply.send(.problem(status: 404, detail: "nothing is at /api/\(kind)/\(name)"))
    }
  }

  private func byClerk(_ reply: HTTPReply, _ answer: @escaping @Sendable () -> HTTPResponse) {
    let isQueued = exchange.clerks.submit(.waitedFor) { reply.send(answer()) }
    if !isQueued { reply.send(.problem(status: 503, detail: "too many requests are waiting; try again in a second")) }
  }

  private func readiness() -> HTTPResponse {
    let parts = exchange.engines.readiness
    let needed = parts.filter(\.isNeeded)
    let state: EngineReadiness.State =
      needed.contains { $0.state == .failed } ? .failed : exchange.workshop == nil ? .loading : .ready
    var response = HTTPResponse.json(ReadinessDocument(state: state, parts: parts))
    response.status = state == .ready && !exchange.lines.isClosed ? 200 : 503
    return response
  }
}

extension HTTPResponse {
  /// 200 with a document.
  static func json(_ document: some JSONDocument) -> HTTPResponse {
    HTTPResponse(status: 200, headers: [("content-type", "application/json")], body: document.json)
  }
}
