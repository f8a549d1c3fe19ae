import TestSupport
import Synchronization
import Testing
import WebSockets

/// A whole server of this module on a free port: control loop, media loops that echo, acceptor.
final class TestServer: Sendable {
  let log = Probe(EchoLog())
  let control: ServiceLoop
  let media: [ServiceLoop]
  let acceptor: Acceptor
  private let isStopped = Atomic<Bool>(false)

  init(
    mediaCount: Int = 1, http: (any HTTPHandler)? = nil,
    admission: @escaping @Sendable () -> AdmissionDecision = { .admit },
    decide: @escaping @Sendable (UpgradeRequest) -> UpgradeDecision = { _ in .accept },
    loop adjustLoop: (inout ServiceLoopConfiguration) -> Void = { _ in },
    acceptor adjustAcceptor: (inout AcceptorConfiguration) -> Void = { _ in }
  ) throws {
    var configuration = ServiceLoopConfiguration()
    configuration.closeTimeMax = .milliseconds(300)  // raw sockets do not answer a close
    adjustLoop(&configuration)
    var controlConfiguration = configuration
    controlConfiguration.name = "control"
    controlConfiguration.httpHandler = http
    control = ServiceLoop(configuration: controlConfiguration) { QuietLoopHandler() }
    media = (0..<mediaCount).map { [log] index in
      var configuration = configuration
      configuration.name = "media \(index)"
      return ServiceLoop(configuration: configuration) { EchoHandler(log: log, name: "media \(index)", decide: decide) }
    }
    var acceptorConfiguration = AcceptorConfiguration()
    acceptorConfiguration.peerLimits = nil  // all peers of a test have one address
    adjustAcceptor(&acceptorConfiguration)
    acceptor = try Acceptor(
      configuration: acceptorConfiguration, control: control, media: media, admission: admission)
    for loop in [control] + media { try loop.start() }
    try acceptor.start()
  }

  /// For `get`, started with the first one.
  let client = HTTPClient()

  deinit { stop() }

  var callURL: String { "ws://127.0.0.1:\(acceptor.port)/v1/call" }
  var baseURL: String { "http://127.0.0.1:\(acceptor.port)" }

  func stop() {
    guard !isStopped.exchange(true, ordering: .relaxed) else { return }
    acceptor.stopAccepting()
    for loop in media + [control] { loop.stop() }
  }
}

extension TestServer {
  /// - Returns: `nil` when there is no answer within 5 s.
  func get(_ path: String, headers: [(name: String, value: String)] = []) async -> HTTPClientResponse? {
    let request = HTTPClientRequest(url: baseURL + path, headers: headers, timeout: .seconds(5))
    return try? await client.send(request).get()
  }
}
