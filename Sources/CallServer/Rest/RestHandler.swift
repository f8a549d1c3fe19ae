import CallDriver
import WebSockets

/// Answers everything that is not a call: REST, metrics and the page. Runs on the control loop; what blocks runs on the blocking pool.
struct RestHandler: HTTPHandler {
  let context: RestContext

  private var server: ServerContext { context.server }

  func respond(to request: HTTPRequest, reply: HTTPReply) {
    let reply = reply.adding(headers(for: request))
    switch server.authorizer.authorize(request) {
    case .answered(let response): reply.send(response)
    case .page: reply.send(server.settings.page?.response(to: request) ?? .unrouted(request))
    case .route(let route, let arguments, let key, _):
      route.handler.handle(
        RouteRequest(http: request, route: route, arguments: arguments, key: key, context: context), reply)
    }
  }

  func headers(for request: HTTPRequest) -> [(name: String, value: String)] {
    server.authorizer.origins.headers(for: request)
  }

  // MARK: - Before the body comes

  /// Bodies up to here are received in any case, so that the connection can go on.
  private static let smallBodyBytes = 16_384

  /// Uploads are turned away before they come, where they would be for nothing.
  func rejectBody(of request: inout HTTPRequest, bodyBytes: Int?) -> HTTPResponse? {
    guard var response = rejectUpload(&request, bodyBytes: bodyBytes) else { return nil }
    response.headers += headers(for: request)
    return response
  }

  private func rejectUpload(_ request: inout HTTPRequest, bodyBytes: Int?) -> HTTPResponse? {
    if let refusal = server.authorizer.rejectName(of: request) { return refusal }
    // A body in chunks may become as long as it likes; its length is looked at once it is there.
    let isSmall = bodyBytes.map { $0 <= Self.smallBodyBytes } ?? false
    let finding = RouteTable.find(request)
    request.attachment = finding
    guard case .route(let route, _) = finding else { return isSmall ? nil : rejectUpload(request, to: finding) }
    if !isSmall, let refusal = server.authorizer.rejectUpload(request, for: route) { return refusal }
    guard let body = route.body else {
      let refusal = SpeechRefusal(413, "\(request.method) \(request.path) takes no body")
      return isSmall ? nil : refusal.response(route.errors)
    }
    let count = bodyBytes ?? 0
    guard route.handler.place == .speech else {
      guard count > body.bytesMax else { return nil }
      return SpeechRefusal(413, "expected at most \(body.bytesMax) bytes, got \(count)", code: "too_large")
        .response(route.errors)
    }
    guard count <= body.bytesMax else {
      let what = body.isUpload ? "the upload" : "the request"
      return SpeechRefusal(413, "\(what) has \(count) bytes; at most \(body.bytesMax) are taken", code: "too_large")
        .response(route.errors)
    }
    return context.speechAPI.rejectOverload(holding: count)?.response(route.errors)
  }

  /// Nothing that is no route takes a body.
  private func rejectUpload(_ request: HTTPRequest, to finding: RouteTable.Finding) -> HTTPResponse {
    if case .page = finding, request.method == "GET" || request.method == "HEAD" {
      return .problem(status: 413, detail: "\(request.path) takes no body")
    }
    return .unrouted(request, allowed: finding.allowed)
  }
}
