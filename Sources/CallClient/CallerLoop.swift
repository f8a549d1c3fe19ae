import CallCore
public import CallDriver
import Simulation
public import WebSockets
import Wires

/// A thread that carries scripted callers, hundreds if need be.
public final class CallerLoop: Sendable {
  private let loop: ServiceLoop
  private let key: String?

  /// - Parameters:
  ///   - offersTLS: whether `wss:` servers may be called; costs 50 ms at the start.
  ///   - key: for the servers that are called; `nil`: none is sent.
  public init(offersTLS: Bool = false, key: String? = nil) {
    self.key = key
    var configuration = ServiceLoopConfiguration()
    configuration.name = "callers"
    configuration.checksMasking = false
    configuration.checksTextByPiece = false
    configuration.messageBytesMax = ServerMessage.frameBytesMax
    configuration.offersTLSClients = offersTLS
    let slotCount = configuration.tickSlotCount
    loop = ServiceLoop(configuration: configuration) { CallerLoopHandler(slotCount: slotCount) }
  }

  /// Starts the thread.
  public func start() throws(WebSocketError) { try loop.start() }

  /// Ends every call and joins the thread.
  public func stop() { loop.stop() }

  /// Places a call.
  ///
  /// - Parameters:
  ///   - url: `ws://host:port/v1/call`.
  ///   - tell: called on the loop's thread; `.finished` comes exactly once.
  /// - Returns: false when the loop takes no more work; nothing happens then.
  public func place(
    _ script: CallerScript, to url: String, codecs: any AudioCodecFactory, keepsSamples: Bool = false,
    tell: @escaping @Sendable (CallerEvent) -> Void
  ) -> Bool {
    let request = WebSocketClientRequest(url: url, subprotocol: "voiceforge.v1")
    return connect(to: request, sendsKey: true) { () throws(EngineError) in
      try ScriptedCallClient(script: script, codecs: codecs, keepsSamples: keepsSamples, tell: tell)
    } failed: { error in
      var report = CallerReport()
      report.failure = .refused(code: "codec", message: error.description)
      tell(.finished(report))
    }
  }

  /// Places a simulated call; `done` is called on the loop's thread, exactly once.
  /// - Parameters:
  ///   - makeClient: called on the loop's thread.
  ///   - request: without the loop's key.
  ///   - sendsKey: whether the loop's key goes along.
  /// - Returns: false when the loop takes no more work; nothing happens then.
  func place(
    _ makeClient: @escaping @Sendable () throws(EngineError) -> any CallConnection, to request: WebSocketClientRequest,
    sendsKey: Bool, done: @escaping @Sendable (CallEvidence) -> Void
  ) -> Bool {
    connect(to: request, sendsKey: sendsKey, makeClient) { error in
      var evidence = CallEvidence(mode: .live)
      evidence.failure = .callerEngine(error.description)
      done(evidence)
    }
  }

  /// Makes a caller on the loop's thread and connects it.
  private func connect(
    to request: WebSocketClientRequest, sendsKey: Bool,
    _ make: @escaping @Sendable () throws(EngineError) -> any CallConnection,
    failed: @escaping @Sendable (EngineError) -> Void
  ) -> Bool {
    loop.post { [key] context in
      guard let handler = context.handler as? CallerLoopHandler else { return }
      do throws(EngineError) {
        let client = try make()
        handler.add(client)
        var request = request
        if sendsKey { request.authorize(with: key) }
        context.connect(request, handler: client)
      } catch {
        failed(error)
      }
    }
  }

  /// Makes every caller hang up.
  public func hangUp() {
    _ = loop.post { context in (context.handler as? CallerLoopHandler)?.hangUp() }
  }
}

/// Ticks the callers of one loop, each in its own millisecond of the frame.
final class CallerLoopHandler: LoopHandler {
  private var slots: [[any CallConnection]]

  init(slotCount: Int) { slots = Array(repeating: [], count: slotCount) }

  func add(_ caller: any CallConnection) {
    let slot = slots.indices.min { slots[$0].count < slots[$1].count } ?? 0
    slots[slot].append(caller)
  }

  func hangUp() {
    for caller in slots.joined() { caller.hangUp() }
  }

  func tick(at now: UInt64, slot: Int) {
    for caller in slots[slot] { caller.tick(at: now) }
    slots[slot].removeAll { $0.isOver }
  }

  /// Never called: every connection of this loop has a caller of its own.
  func opened(_ connection: WebSocketConnection) {}
  func received(_ bytes: UnsafeRawBufferPointer, isText: Bool, on connection: WebSocketConnection, at now: UInt64) {}
  func closed(_ connection: WebSocketConnection, code: Int, reason: String) {}
}
