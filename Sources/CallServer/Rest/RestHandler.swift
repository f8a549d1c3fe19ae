import CallCore
import CallDriver
import JSON
import Formats
import WebSockets

/// Answers everything that is not a call: REST, metrics and the page. Quick answers are given on the control loop; whatever
/// reads the history runs on the blocking pool.
struct RestHandler: HTTPHandler {
  private let server: ServerContext
  private let media: [ServiceLoop]
  private let page: StaticFiles?
  /// `nil` on a server without test cases.
  private let tests: TestRoutes?
  private let loads: LoadRoutes
  private let keys: KeyRoutes
  private let voices: VoiceRoutes
  private let speech: SpeechRoutes
  private let export: ExportRoutes

  init(
    server: ServerContext, media: [ServiceLoop], speechAPI: SpeechAPIContext, tests: TestRoutes?, loads: LoadRoutes,
    export: ExportRoutes
  ) throws(WebSocketError) {
    self.server = server
    self.media = media
    self.tests = tests
    self.loads = loads
    self.export = export
    keys = KeyRoutes(server: server)
    voices = VoiceRoutes(server: server, speechAPI: speechAPI)
    speech = SpeechRoutes(server: server, speechAPI: speechAPI)
    page = server.settings.page
  }

  func respond(to request: HTTPRequest, reply: HTTPReply) {
    let path = request.path.split(separator: "/").map(String.init)
    let reply = reply.adding(headers(for: request))
    if let answer = server.authorizer.preflight(request, path) { return reply.send(answer) }
    switch server.authorizer.authorize(request, path) {
    case .refused(let response): reply.send(response)
    case .unknown(let allowed): reply.send(SpeechRoutes.unknown(request, path, allowed: allowed))
    case .page: reply.send(file(request))
    case .route(let key): respond(to: request, path, key: key, reply: reply)
    }
  }

  private func file(_ request: HTTPRequest) -> HTTPResponse {
    page?.response(to: request) ?? .problem(status: 404, detail: "nothing is at \(request.path)")
  }

  private func respond(to request: HTTPRequest, _ path: [String], key: String?, reply: HTTPReply) {
    if KeyRoutes.owns(path) { return keys.respond(to: request, path, key: key, reply: reply) }
    if let tests, TestRoutes.owns(path) { return tests.respond(to: request, path, reply: reply) }
    if FlowRoutes.owns(path) { return FlowRoutes(server: server).respond(to: request, path, reply: reply) }
    if LoadRoutes.owns(path) { return loads.respond(to: request, path, reply: reply) }
    if VoiceRoutes.owns(path) { return voices.respond(to: request, path, reply: reply) }
    if SpeechRoutes.owns(path) { return speech.respond(to: request, path, key: key, reply: reply) }
    if ExportRoutes.owns(path) { return export.respond(to: request, path, reply: reply) }
    switch path.count {
    case 1 where path[0] == APIDocument.path:
      if let document = server.openAPI.made { return reply.send(document) }
      onBlockingPool(request, reply) { server.openAPI.response }
    case 2 where path == Self.callPath: reply.send(server.answerCallWithoutSocket())
    case 1: reply.send(answerOwn(path[0]))
    case 2: answerList(path[1], request, reply)
    case 3: answerOne(path[1], path[2], request, reply)
    case 4 where path[1] == "calls" && path[3] == "recording":
      onBlockingPool(request, reply) { CallController(server: server).recording(of: path[2]).ranged(by: request) }
    default: reply.send(.problem(status: 404, detail: "nothing is at \(request.path)"))
    }
  }

  private static let callPath = ["v1", "call"]

  /// Bodies up to here are received in any case, so that the connection can go on.
  private static let smallBodyBytes = 16_384

  /// Uploads are turned away before they come, where they would be for nothing.
  func refusal(of request: HTTPRequest, bodyBytes: Int?) -> HTTPResponse? {
    guard var response = uploadRefusal(of: request, bodyBytes: bodyBytes) else { return nil }
    response.headers += headers(for: request)
    return response
  }

  func headers(for request: HTTPRequest) -> [(name: String, value: String)] {
    server.authorizer.origins.headers(for: request)
  }

  private func uploadRefusal(of request: HTTPRequest, bodyBytes announced: Int?) -> HTTPResponse? {
    if let refusal = server.authorizer.nameRefusal(of: request) { return refusal }
    let path = request.path.split(separator: "/").map(String.init)
    // A body in chunks may become as long as it likes; its length is looked at once it is there.
    let bodyBytes = announced ?? 0
    if bodyBytes > Self.smallBodyBytes || announced == nil {
      switch RouteTable.find(request.method, path) {
      case .nothing: return SpeechRoutes.unknown(request, path, allowed: nil)
      case .otherMethod(let allowed): return SpeechRoutes.unknown(request, path, allowed: allowed)
      case .page where request.method == "GET" || request.method == "HEAD":
        return .problem(status: 413, detail: "\(request.path) takes no body")
      case .page: return SpeechRoutes.unknown(request, path, allowed: "GET, HEAD")
      case .route: break
      }
      if let refusal = server.authorizer.refusal(of: request, path) { return refusal }
    }
    if VoiceRoutes.owns(path) { return voices.refusal(of: path, bodyBytes: bodyBytes) }
    if SpeechRoutes.owns(path) { return speech.refusal(of: path, bodyBytes: bodyBytes) }
    guard case .route(let route) = RouteTable.find(request.method, path) else { return nil }
    guard let limit = APIDocument.bodyBytesMax(of: route) else {
      let isSmall = announced.map { $0 <= Self.smallBodyBytes } ?? false
      return isSmall ? nil : .problem(status: 413, detail: "\(request.method) \(request.path) takes no body")
    }
    return bodyBytes > limit
      ? .problem(status: 413, detail: "expected at most \(limit) bytes, got \(bodyBytes)") : nil
  }

  private func answerOwn(_ name: String) -> HTTPResponse {
    switch name {
    case "healthz": .json(Health(version: server.settings.version))
    case "readyz": readiness()
    case "metrics":
      HTTPResponse(
        status: 200, contentType: "text/plain; version=0.0.4; charset=utf-8",
        text: MetricsText(server: server, media: media).text)
    default: .problem(status: 404, detail: "nothing is at /\(name)")
    }
  }

  private func answerList(_ name: String, _ request: HTTPRequest, _ reply: HTTPReply) {
    switch name {
    case "calls": onBlockingPool(request, reply) { CallController(server: server).list(request) }
    case "usage": onBlockingPool(request, reply) { UsageController(server: server).report(request) }
    default: reply.send(.problem(status: 404, detail: "nothing is at /api/\(name)"))
    }
  }

  private func answerOne(_ kind: String, _ name: String, _ request: HTTPRequest, _ reply: HTTPReply) {
    switch kind {
    case "calls": onBlockingPool(request, reply) { CallController(server: server).one(name) }
    default: reply.send(.problem(status: 404, detail: "nothing is at /api/\(kind)/\(name)"))
    }
  }

  private func onBlockingPool(
    _ request: HTTPRequest, _ reply: HTTPReply, _ answer: @escaping @Sendable () -> HTTPResponse
  ) {
    if let refusal = server.requestPool.submit(from: server.peer(of: request), { reply.send(answer()) }) {
      reply.send(refusal)
    }
  }

  /// Without a history calls can still be taken, so its trouble is told and changes no status.
  private func readiness() -> HTTPResponse {
    let parts = server.engines.readiness
    let needed = parts.filter(\.isNeeded)
    let callsOff = server.settings.takesCalls ? nil : ServerContext.speechOnly
    let standing = server.standingThreads
    let state: EngineReadiness.State =
      !standing.isEmpty
      ? .failed : needed.contains { $0.state == .failed } ? .failed : server.speechService == nil ? .loading : .ready
    let trouble: String? = if case .degraded(let why) = server.store.health { why } else { nil }
    var response = HTTPResponse.json(
      ReadinessDocument(
        state: state, parts: parts, historyTrouble: trouble, storeTroubles: server.storeWatch.troubles,
        callsOff: callsOff, standingThreads: standing))
    response.status = state == .ready && !server.capacity.isClosed ? 200 : 503
    return response
  }
}

extension HTTPResponse {
  /// 200 with a document.
  static func json(_ document: some JSONDocument) -> HTTPResponse {
    HTTPResponse(status: 200, headers: [("content-type", "application/json")], body: document.json)
  }
}
