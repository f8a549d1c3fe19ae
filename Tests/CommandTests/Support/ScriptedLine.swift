import CallCore
import JSON
import Wires
import Foundation

/// One connection to a `ScriptedTarget`; reading blocks.
final class ScriptedLine {
  /// What the caller sent.
  enum Frame: Equatable {
    case text(String)
    case packet
    case other
  }

  private let descriptor: Int32
  private var unread: [UInt8] = []

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  // MARK: - HTTP

  /// The head of a request; `nil` when the peer went away.
  func readRequest() -> String? {
    let end = Array("\r\n\r\n".utf8)
    while true {
      if let range = unread.firstRange(of: end) { return String(decoding: readBytes(range.upperBound), as: UTF8.self) }
      guard readMore() else { return nil }
    }
  }

  /// The body of the request whose head is given; empty when the peer went away.
  func readBody(of head: String) -> [UInt8] {
    let length = head.firstMatch(of: /(?i)content-length: *(\d+)/).flatMap { Int($0.1) } ?? 0
    while unread.count < length { guard readMore() else { return [] } }
    return readBytes(length)
  }

  /// Answers a request and says that the connection ends.
  func respond(_ status: Int, headers: String = "", body: String = "") {
    write(
      "HTTP/1.1 \(status) Scripted\r\n\(headers)content-length: \(body.utf8.count)\r\nconnection: close\r\n\r\n\(body)")
  }

  /// Does a WebSocket's handshake (RFC 6455, 4.2.2).
  /// - Parameters:
  ///   - isRight: whether the key is answered as it must be.
  ///   - subprotocol: that is chosen; `nil`: none is.
  /// - Returns: false when the request is for something else; nothing is sent then.
  func upgrade(_ request: String, isRight: Bool = true, subprotocol: String? = "voiceforge.v1") -> Bool {
    guard let key = request.firstMatch(of: /(?i)sec-websocket-key: *(\S+)/)?.1 else { return false }
    let digest = SHA1.digest(of: Array("\(key)258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8))
    let accept = Data(isRight ? digest : digest.reversed()).base64EncodedString()
    write(
      "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
        + "sec-websocket-accept: \(accept)\r\n\(subprotocol.map { "sec-websocket-protocol: \($0)\r\n" } ?? "")\r\n")
    return true
  }

  // MARK: - The call

  /// Says that the call is up, in PCM.
  func sendReady() {
    send(.ready(ReadyNotice(callID: "1", codec: .pcm16, sampleRate: 16_000, flow: "appointment", voice: "heart")))
  }

  func send(_ message: ServerMessage) { send(text: message.jsonText) }

  func send(text: String) { write(frame: 1, Array(text.utf8)) }

  func send(binary bytes: [UInt8]) { write(frame: 2, bytes) }

  /// 20 ms of a loud 400 Hz tone.
  func sendTone(sequence: UInt32) {
    var bytes = [UInt8](repeating: 0, count: AudioPacketHeader.byteCount)
    let header = AudioPacketHeader(codec: .pcm16, sequence: sequence, microseconds: UInt64(sequence) * 20_000)
    bytes.withUnsafeMutableBytes { header.encode(into: $0) }
    for index in 0..<320 {
      let sample = Int16(8000 * sin(Double(index) * 2 * .pi / 40))
      bytes += [UInt8(truncatingIfNeeded: sample), UInt8(truncatingIfNeeded: sample >> 8)]
    }
    send(binary: bytes)
  }

  /// Closes the WebSocket with a reason.
  func sendClose(code: UInt16, reason: String) {
    write(frame: 8, [UInt8(code >> 8), UInt8(code & 255)] + Array(reason.utf8))
  }

  /// Reads packets of the caller, 20 ms each; what else comes is passed over.
  func readPackets(_ count: Int) {
    var left = count
    while left > 0, let frame = read() { left -= frame == .packet ? 1 : 0 }
  }

  /// The caller's next frame; `nil` when the caller went away.
  func read() -> Frame? {
    while unread.count < 2 || unread.count < headBytes + payloadBytes { guard readMore() else { return nil } }
    let (opcode, payload) = (unread[0] & 15, payloadBytes)
    let head = readBytes(headBytes)
    let key = head.suffix(4)
    let bytes = readBytes(payload).enumerated().map { $1 ^ key[key.startIndex + $0 % 4] }
    switch opcode {
    case 1: return .text(String(decoding: bytes, as: UTF8.self))
    case 2: return .packet
    default: return .other
    }
  }

  // MARK: - The end

  /// Says nothing, and waits until the caller goes away.
  func waitForEnd() {
    unread = []
    while readMore() { unread = [] }
  }

  /// Sends a reset instead of a close.
  func reset() {
    var now = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
  }

  // MARK: - Bytes

  @discardableResult
  func write(_ text: String) -> Bool { write(Array(text.utf8)) }

  /// - Returns: false when the caller went away, which the script also sees when it reads.
  @discardableResult
  func write(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// A server's frame is not masked.
  private func write(frame opcode: UInt8, _ payload: [UInt8]) {
    var length = payload.count < 126 ? [UInt8(payload.count)] : [payload.count < 65_536 ? 126 : 127]
    let bytes = payload.count < 126 ? 0 : payload.count < 65_536 ? 2 : 8
    for place in (0..<bytes).reversed() { length.append(UInt8(payload.count >> (8 * place) & 255)) }
    write([0x80 | opcode] + length + payload)
  }

  /// Bytes in front of a caller's payload, its mask the last four. Callers send nothing of 64 KB.
  private var headBytes: Int { unread[1] & 127 == 126 ? 8 : 6 }

  private var payloadBytes: Int {
    guard unread[1] & 127 == 126 else { return Int(unread[1] & 127) }
    return unread.count < 4 ? .max / 2 : Int(unread[2]) << 8 | Int(unread[3])
  }

  private func readBytes(_ count: Int) -> [UInt8] {
    defer { unread.removeFirst(count) }
    return Array(unread.prefix(count))
  }

  private func readMore() -> Bool {
    var piece = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &piece, piece.count, 0)
    guard count > 0 else { return false }
    unread += piece.prefix(count)
    return true
  }
}
