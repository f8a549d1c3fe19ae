import TestSupport
import WebSockets

/// What one client has seen.
struct ClientLog: Sendable {
  var isOpen = false
  var subprotocol: String?
  var texts: [String] = []
  var binaries: [[UInt8]] = []
  var closed: [(code: Int, reason: String)] = []
  var failure: WebSocketClientFailure?
}

/// One WebSocket client of the module, driven by a test's thread.
final class TestClient: Sendable {
  let log = Probe(ClientLog())
  private let loop: ServiceLoop
  private let connectionID = Probe<UInt64>(0)

  init(_ request: WebSocketClientRequest, on loop: ServiceLoop) {
    self.loop = loop
    let (log, id) = (log, connectionID)
    let isPosted = loop.post { $0.connect(request, handler: Recorder(log: log, id: id)) }
    if !isPosted { log.change { $0.failure = .unreachable("loop full") } }
  }

  convenience init(_ url: String, subprotocol: String? = "voiceforge.v1", on loop: ServiceLoop) {
    self.init(WebSocketClientRequest(url: url, subprotocol: subprotocol), on: loop)
  }

  var isOpen: Bool { log.wait { $0.isOpen || $0.failure != nil } && log.current.isOpen }

  func send(_ text: String) {
    let id = connectionID.current
    _ = loop.post { $0.connection(id)?.send(text: text) }
  }

  func send(_ bytes: [UInt8]) {
    let id = connectionID.current
    _ = loop.post { context in bytes.withUnsafeBytes { _ = context.connection(id)?.sendBinary($0) } }
  }

  func close(code: Int, reason: String = "") {
    let id = connectionID.current
    _ = loop.post { $0.connection(id)?.close(code: code, reason: reason) }
  }

  private final class Recorder: WebSocketClientHandler {
    private let log: Probe<ClientLog>
    private let id: Probe<UInt64>

    init(log: Probe<ClientLog>, id: Probe<UInt64>) {
      self.log = log
      self.id = id
    }

    func opened(_ connection: WebSocketConnection) {
      id.change { $0 = connection.id }
      let subprotocol = connection.subprotocol
      log.change {
        $0.isOpen = true
        $0.subprotocol = subprotocol
      }
    }

    func received(_ bytes: UnsafeRawBufferPointer, isText: Bool, on connection: WebSocketConnection, at now: UInt64) {
      let bytes = Array(bytes)
      log.change {
        if isText { $0.texts.append(String(decoding: bytes, as: UTF8.self)) } else { $0.binaries.append(bytes) }
      }
    }

    func closed(_ connection: WebSocketConnection, code: Int, reason: String) {
      log.change { $0.closed.append((code, reason)) }
    }

    func failed(_ failure: WebSocketClientFailure) { log.change { $0.failure = failure } }
  }
}

/// A loop for clients, stopped with the test.
final class ClientLoop {
  let loop: ServiceLoop

  init(_ adjust: (inout ServiceLoopConfiguration) -> Void = { _ in }) throws {
    var configuration = ServiceLoopConfiguration()
    configuration.name = "clients"
    adjust(&configuration)
    loop = ServiceLoop(configuration: configuration) { QuietLoopHandler() }
    try loop.start()
  }

  deinit { loop.stop() }
}
