import TestSupport
import CallCore
import CallServer
import JSON
import Wires
import WebSockets

/// What one line has seen.
struct CallLog: Sendable {
  var isOpen = false
  var messages: [ServerMessage] = []
  var texts: [String] = []
  var packets: [(at: UInt64, header: AudioPacketHeader)] = []
  var closed: (code: Int, reason: String)?
  var failure: WebSocketClientFailure?

  var errors: [(code: String, message: String, fatal: Bool)] {
    messages.compactMap { if case .error(let code, let text, let fatal) = $0 { (code, text, fatal) } else { nil } }
  }
  var ending: (reason: CloseReason, record: CallDocument?)? {
    for case .ended(let reason, let record) in messages { return (reason, record) }
    return nil
  }
  var ready: ReadyNotice? {
    for case .ready(let notice) in messages { return notice }
    return nil
  }

  /// What cannot be read is kept as an unknown message, for the test to stumble over.
  mutating func receive(text bytes: [UInt8]) {
    texts.append(String(decoding: bytes, as: UTF8.self))
    do throws(WireFault) { messages.append(try ServerMessage(decoding: bytes)) } catch {
      messages.append(.unknown(type: "\(error)"))
    }
  }

  mutating func receive(packet bytes: [UInt8], at now: UInt64) {
    do throws(AudioPacketFault) {
      let header = try bytes.span.bytes.withUnsafeBytes { bytes throws(AudioPacketFault) in
        try AudioPacketHeader(decoding: bytes)
      }
      packets.append((now, header))
    } catch {
      messages.append(.unknown(type: "\(error)"))
    }
  }

  /// Utterances that were played to their end.
  var finished: [AgentNotice] {
    messages.compactMap { if case .agent(let notice) = $0, notice.state == .finished { notice } else { nil } }
  }
}

/// A WebSocket that a test drives by hand, message by message.
final class HandDrivenCall: Sendable {
  let log = Probe(CallLog())
  private let loop: ServiceLoop
  private let id = Probe<UInt64>(0)
  private let number = Probe<UInt32>(0)

  private static let loop = Result { () throws -> ServiceLoop in
    var configuration = ServiceLoopConfiguration()
    configuration.name = "hand lines"
    configuration.checksMasking = false
    let loop = ServiceLoop(configuration: configuration) { QuietLoopHandler() }
    try loop.start()
    return loop
  }

  init(_ server: TestServer, origin: String? = nil, path: String = "/v1/call", key: String? = nil) throws {
    loop = try Self.loop.get()
    var request = WebSocketClientRequest(
      url: "ws://127.0.0.1:\(server.server.port)\(path)", subprotocol: "voiceforge.v1", key: key)
    request.origin = origin
    let (log, id) = (log, id)
    if !loop.post({ [request] in $0.connect(request, handler: Recorder(log: log, id: id)) }) {
      log.change { $0.failure = .unreachable("loop full") }
    }
    log.wait { $0.isOpen || $0.failure != nil }
  }

  /// A line on which a call of `flow` is up.
  convenience init(
    _ server: TestServer, flow: String, codec: AudioCodec = .opus, sampleRate: Int? = nil, voice: String? = nil
  ) throws {
    try self.init(server)
    send(StartRequest(flow: flow, codec: codec, sampleRate: sampleRate, voice: voice))
    log.wait { $0.ready != nil || $0.closed != nil }
  }

  func send(_ request: StartRequest) { send(text: ClientMessage.start(request).jsonText) }
  func send(_ message: ClientMessage) { send(text: message.jsonText) }

  func send(text: String) {
    let id = id.current
    _ = loop.post { $0.connection(id)?.send(text: text) }
  }

  func send(bytes: [UInt8]) {
    let id = id.current
    _ = loop.post { context in bytes.withUnsafeBytes { _ = context.connection(id)?.sendBinary($0) } }
  }

  /// Sends the next packet.
  func send(packet payload: [UInt8], codec: AudioCodec = .opus) {
    send(packet: payload, sequence: number.current, codec: codec)
    number.change { $0 &+= 1 }
  }

  func send(packet payload: [UInt8], sequence: UInt32, codec: AudioCodec = .opus) {
    send(bytes: Self.frame(payload, sequence: sequence, codec: codec))
  }

  func close(code: Int = 1000) {
    let id = id.current
    _ = loop.post { $0.connection(id)?.close(code: code, reason: "") }
  }

  /// A whole binary frame.
  static func frame(_ payload: [UInt8], sequence: UInt32, codec: AudioCodec = .opus) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: AudioPacketHeader.byteCount)
    let header = AudioPacketHeader(codec: codec, sequence: sequence, microseconds: UInt64(sequence) * 20_000)
    bytes.withUnsafeMutableBytes { header.encode(into: $0) }
    return bytes + payload
  }

  private final class Recorder: WebSocketClientHandler {
    private let log: Probe<CallLog>
    private let id: Probe<UInt64>

    init(log: Probe<CallLog>, id: Probe<UInt64>) {
      self.log = log
      self.id = id
    }

    func opened(_ connection: WebSocketConnection) {
      id.change { $0 = connection.id }
      log.change { $0.isOpen = true }
    }

    func received(_ bytes: UnsafeRawBufferPointer, isText: Bool, on connection: WebSocketConnection, at now: UInt64) {
      let bytes = Array(bytes)
      log.change { log in
        if isText {
          log.receive(text: bytes)
        } else {
          log.receive(packet: bytes, at: now)
        }
      }
    }

    func closed(_ connection: WebSocketConnection, code: Int, reason: String) {
      log.change { $0.closed = (code, reason) }
    }

    func failed(_ failure: WebSocketClientFailure) { log.change { $0.failure = failure } }
  }
}
