import Glibc

/// What comes in on a connection, through the acceptor and the real loops: heads, pipelines, handshakes and frames. Byte 0 says how many
/// segments, a byte for each says where it ends, the rest is sent. Every connection must be answered or closed, and the loops go on.
final class HTTPTarget: FuzzTarget {
  static let name = "http"

  /// Longest wait for the server: above every limit that it is configured with. A machine that is busy takes longer than a quiet one.
  private static let waitMilliseconds: Int32 = 10_000
  /// Inputs between two looks whether both loops answer.
  private static let inputsBetweenLooks = 16

  private let server: LoopbackServer
  private var inputs = 0

  init() {
    guard let server = try? LoopbackServer() else { preconditionFailure("a port is free") }
    self.server = server
  }

  func run(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    let count = Int(input.byte() % 8)
    let ends = (0..<count).map { _ in Int(input.byte()) }.sorted()
    let stream = input.remainder()
    guard let client = LoopbackClient(port: server.port) else { fatalError("the server takes no connection") }
    var start = 0
    for end in ends.map({ min($0, stream.count) }) + [stream.count] where end > start {
      client.send(stream[start..<end])
      start = end
    }
    // A head without an end is given a second by the acceptor: too long for every input, so these clients go at once.
    guard Self.hasHead(stream) else { return }
    client.endSending()
    require(client.read(milliseconds: Self.waitMilliseconds), "a connection is answered or closed")
    inputs += 1
    if inputs % Self.inputsBetweenLooks == 0 { look() }
  }

  /// Whether a blank line is in it.
  private static func hasHead(_ stream: [UInt8]) -> Bool {
    stream.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropFirst().dropLast()
      .contains { $0.allSatisfy { $0 == UInt8(ascii: "\r") } }
  }

  private func look() {
    let end = Array("\r\n\r\n".utf8)
    for request in [
      "GET /look HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
      "GET /v1/call HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
    ] {
      guard let client = LoopbackClient(port: server.port) else { fatalError("the server takes no connection") }
      client.send(Array(request.utf8)[...])
      var head = ""
      let isAnswered = client.read(milliseconds: Self.waitMilliseconds) { bytes in
        head = String(decoding: bytes.prefix(12), as: UTF8.self)
        return bytes.contains(end)
      }
      require(isAnswered && (head.hasSuffix("200") || head.hasSuffix("101")), "the loops go on, got \(head)")
    }
  }

  static var binarySeeds: [BinarySeed] {
    let handshake =
      "GET /v1/call HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: voiceforge.v1\r\n\r\n"
    let mask: [UInt8] = [0, 0, 0, 0]
    let frames: [(String, [UInt8])] = [
      ("text", [0x81, 0x82] + mask + Array("{}".utf8)), ("binary", [0x82, 0x83] + mask + [1, 0, 0]),
      ("fragments", [0x01, 0x81] + mask + [65, 0x80, 0x81] + mask + [66]), ("ping", [0x89, 0x81] + mask + [1]),
      ("close", [0x88, 0x82] + mask + [3, 0xE8]), ("unmasked", [0x81, 0x02, 123, 125]),
      ("long", [0x82, 0xFE, 0x01, 0x00] + mask + [UInt8](repeating: 7, count: 256)),
      ("huge", [0x82, 0xFF, 0x40, 0, 0, 0, 0, 0, 0, 0] + mask),
    ]
    return frames.map { BinarySeed("frame-\($0.0)", [0] + Array(handshake.utf8) + $0.1) }
  }
}
