import Glibc
import WebSockets

/// Acceptor, control loop and one media loop of this process, as a server has them, on a free port. Short waits, so that what a client
/// leaves half done is over soon.
final class LoopbackServer {
  let port: UInt16
  private let control: ServiceLoop
  private let media: ServiceLoop
  private let acceptor: Acceptor

  init() throws {
    var configuration = ServiceLoopConfiguration()
    configuration.requestTimeMax = .milliseconds(500)
    configuration.keepAliveTime = .seconds(1)
    configuration.closeTimeMax = .milliseconds(100)
    configuration.requestBodyBytesMax = 1 << 16
    configuration.messageBytesMax = 1 << 14
    configuration.httpHandler = EchoRoutes()
    control = ServiceLoop(configuration: configuration) { QuietLoopHandler() }
    media = ServiceLoop(configuration: configuration) { EchoLoop() }
    var accepting = AcceptorConfiguration()
    accepting.headTimeMax = .milliseconds(500)
    accepting.peerLimits = nil  // all inputs come from one address
    acceptor = try Acceptor(configuration: accepting, control: control, media: [media])
    port = acceptor.port
    try control.start()
    try media.start()
    try acceptor.start()
  }
}

/// Answers every request, a body with a body, at once or in pieces.
private struct EchoRoutes: HTTPHandler {
  func respond(to request: HTTPRequest, reply: HTTPReply) {
    switch request.path {
    case "/large": reply.send(HTTPResponse(status: 200, body: [UInt8](repeating: 120, count: 1 << 17)))
    case "/drop": break  // answered with 500 by its end
    default: reply.send(HTTPResponse(status: 200, contentType: "text/plain", text: "\(request.method) \(request.path)"))
    }
  }

  func refusal(of request: inout HTTPRequest, bodyBytes: Int?) -> HTTPResponse? {
    request.path == "/refuse" ? .problem(status: 403, detail: "refused") : nil
  }
}

/// Sends every message back.
private final class EchoLoop: LoopHandler {
  func tick(at now: UInt64, slot: Int) {}
  func upgradeRequested(_ request: UpgradeRequest) -> UpgradeDecision { .accept }
  func opened(_ connection: WebSocketConnection) {}

  func received(_ bytes: UnsafeRawBufferPointer, isText: Bool, on connection: WebSocketConnection, at now: UInt64) {
    if isText {
      connection.send(text: String(decoding: bytes, as: UTF8.self))
    } else {
      _ = connection.sendBinary(bytes)
    }
  }

  func closed(_ connection: WebSocketConnection, code: Int, reason: String) {}
}
