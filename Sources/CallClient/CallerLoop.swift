import CallCore
public import CallDriver
import Wires
import Simulation
public import WebSockets

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
    loop.post { [key] context in
      guard let handler = context.handler as? CallerLoopHandler else { return }
      do throws(EngineError) {
        let caller = try ScriptedCallClient(script: script, codecs: codecs, keepsSamples: keepsSamples, tell: tell)
        handler.add(caller)
        context.connect(WebSocketClientRequest(url: url, subprotocol: "voiceforge.v1", key: key), handler: caller)
      } catch {
        var report = CallerReport()
        report.failure = .refused(code: "codec", message: error.description)
        tell(.finished(report))
      }
    }
  }

  /// Places a simulated call; `done` is called on the loop's thread, exactly once.
  /// - Returns: false when the loop takes no more work; nothing happens then.
  func place(
    _ make: @escaping @Sendable () throws(EngineError) -> SimulatedCaller, _ order: SimulatedOrder, to url: String,
    done: @escaping @Sendable (CallEvidence) -> Void
  ) -> Bool {
    loop.post { [key] context in
      guard let handler = context.handler as? CallerLoopHandler else { return }
      do throws(EngineError) {
        let link = SimulatedCallClient(caller: try make(), order: order, done: done)
        handler.add(link)
        context.connect(WebSocketClientRequest(url: url, subprotocol: "voiceforge.v1", key: key), handler: link)
      } catch {
        var evidence = CallEvidence(mode: .live)
        evidence.failure = .callerEngine(error.description)
        done(evidence)
      }
    }
  }

  /// Makes every caller hang up.
  public func hangUp() {
    _ = loop.post { context in (context.handler as? CallerLoopHandler)?.hangUp() }
  }
}
