import TestSupport
import Testing
import WebSockets

/// Headers of the PROXY protocol, version 2, as proxies write them.
private enum Header {
  static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10]

  /// - Parameter addresses: source, destination and both ports.
  static func bytes(version: UInt8 = 0x21, family: UInt8, _ addresses: [UInt8], length: Int? = nil) -> [UInt8] {
    let length = length ?? addresses.count
    return signature + [version, family, UInt8(length >> 8), UInt8(length & 0xff)] + addresses
  }

  static func v4(_ source: [UInt8], more: [UInt8] = []) -> [UInt8] {
    bytes(family: 0x11, source + [127, 0, 0, 1, 0xc0, 0, 0x1f, 0x90] + more)
  }
}

@Suite("The header of the PROXY protocol")
struct ProxyHeaderTests {
  private func header(_ bytes: [UInt8]) -> ProxyHeader { bytes.withUnsafeBytes { ProxyHeader($0) } }

  @Test("addresses of both families, what a proxy adds behind them, and connections of the proxy itself")
  func addresses() {
    let v6: [UInt8] = [0x20, 1, 0xd, 0xb8] + Array(repeating: 0, count: 11) + [7]
    #expect(header(Header.v4([192, 0, 2, 7])) == .header(length: 28, source: IPAddress("192.0.2.7")))
    #expect(
      header(Header.v4([192, 0, 2, 7], more: [4, 0, 1, 0]) + [71])
        == .header(length: 32, source: IPAddress("192.0.2.7")))
    #expect(
      header(Header.bytes(family: 0x21, v6 + v6 + [0, 1, 0, 2]))
        == .header(length: 52, source: IPAddress("2001:db8::7")))
    #expect(header(Header.bytes(version: 0x20, family: 0, [])) == .header(length: 16, source: nil))
    #expect(header(Header.bytes(version: 0x20, family: 0x11, [1, 2, 3])) == .header(length: 19, source: nil))
    // Sockets of one machine.
    #expect(header(Header.bytes(family: 0x31, Array(repeating: 0, count: 216))) == .header(length: 232, source: nil))
    #expect(header(Header.bytes(family: 0, [])) == .header(length: 16, source: nil))
  }

  @Test("every beginning of a header asks for more")
  func pieces() {
    let whole = Header.v4([192, 0, 2, 7])
    for count in 1..<whole.count { #expect(header(Array(whole[..<count])) == .incomplete, "\(count)") }
  }

  @Test(
    "what is no header is wrong at the first byte that shows it",
    arguments: [
      Array("G".utf8), Array("PROXY TCP4 192.0.2.7 127.0.0.1 1 2\r\n".utf8), [22, 3, 1],
      Array(Header.signature.dropLast()) + [11],
      Header.bytes(version: 0x11, family: 0x11, Array(repeating: 0, count: 12)),
      Header.bytes(version: 0x22, family: 0x11, Array(repeating: 0, count: 12)),
      Header.bytes(family: 0x11, Array(repeating: 0, count: 11)),
      Header.bytes(family: 0x21, Array(repeating: 0, count: 35)),
      Header.bytes(family: 0x11, [], length: 1009), Header.bytes(family: 0x11, [], length: 65_535),
    ] as [[UInt8]])
  func wrong(bytes: [UInt8]) {
    guard case .wrong(let why) = header(bytes) else {
      Issue.record("\(bytes) was taken")
      return
    }
    #expect(!why.isEmpty)
  }

  @Test("random bytes are taken, asked on for or wrong, and a header never reaches beyond them")
  func random() {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<20_000 {
      var bytes = Header.v4([192, 0, 2, 7], more: [4, 0, 1, 0])
      for _ in 0..<Int.random(in: 0...3, using: &generator) {
        bytes[Int.random(in: bytes.indices, using: &generator)] = .random(in: 0...255, using: &generator)
      }
      bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator))
      if case .header(let length, _) = header(bytes) { #expect(length <= bytes.count) }
    }
  }
}

extension RoomTests {
  @Suite("Connections that a proxy passes on with the PROXY protocol")
  struct ProxyProtocolTests {
    init() { FileLimit.raise() }

    /// Answers with the address that a request comes from.
    private struct PeerRoute: HTTPHandler {
      func respond(to request: HTTPRequest, reply: HTTPReply) {
        reply.send(HTTPResponse(status: 200, contentType: "text/plain", text: "peer \(request.peer)."))
      }
    }

    private func server(
      proxies: String = "127.0.0.0/8", _ adjust: (inout AcceptorConfiguration) -> Void = { _ in }
    ) throws -> TestServer {
      try TestServer(
        http: PeerRoute(),
        acceptor: { acceptor in
          acceptor.proxies = [proxies].compactMap { IPNetwork($0) }
          adjust(&acceptor)
        })
    }

    static let get = "GET /echo HTTP/1.1\r\nhost: x\r\n\r\n"

    @Test("the client's address counts; one of a proxy that tells none is its own")
    func peers() throws {
      let server = try server()
      for (header, peer) in [
        (Header.v4([192, 0, 2, 7]), "192.0.2.7"), (Header.bytes(version: 0x20, family: 0, []), "127.0.0.1"),
      ] {
        let socket = try RawSocket(port: server.acceptor.port)
        socket.write(header + Array(Self.get.utf8))
        #expect(socket.read { $0.hasSuffix(".") }.hasSuffix("peer \(peer)."))
        // It stays so for the next request of the connection.
        socket.write(Self.get)
        #expect(socket.read { $0.hasSuffix(".") }.hasSuffix("peer \(peer)."))
      }
    }

    @Test("a header may come in pieces, and the client's first bytes behind it")
    func pieces() throws {
      let server = try server()
      let socket = try RawSocket(port: server.acceptor.port)
      for byte in Header.v4([192, 0, 2, 7], more: [4, 0, 1, 0]) + Array(Self.get.utf8) { socket.write([byte]) }
      #expect(socket.read { $0.hasSuffix(".") }.hasSuffix("peer 192.0.2.7."))
    }

    @Test("calls are taken behind it, too")
    func call() throws {
      let server = try server()
      let socket = try RawSocket(port: server.acceptor.port)
      socket.write(Header.v4([192, 0, 2, 7]))
      #expect(socket.upgrade().hasPrefix("HTTP/1.1 101 "))
    }

    @Test(
      "a proxy that writes no header, or a wrong one, is answered 400 with the reason",
      arguments: [
        Array(get.utf8), Array("PROXY TCP4 192.0.2.7 127.0.0.1 1 2\r\n".utf8) + Array(get.utf8),
        Header.bytes(family: 0x11, [], length: 60_000) + Array(get.utf8),
      ] as [[UInt8]])
    func missing(bytes: [UInt8]) throws {
      let server = try server()
      let socket = try RawSocket(port: server.acceptor.port)
      socket.write(bytes)
      let answer = socket.readToEnd()
      #expect(answer.hasPrefix("HTTP/1.1 400 ") && answer.contains("send-proxy-v2"), "\(answer)")
    }

    @Test("a header of an address that is no proxy's is no HTTP, and nothing that it says counts")
    func stranger() throws {
      let server = try server(proxies: "10.0.0.0/8")
      let socket = try RawSocket(port: server.acceptor.port)
      socket.write(Header.v4([192, 0, 2, 7]) + Array(Self.get.utf8))
      #expect(!socket.readToEnd().contains("peer"))
      let plain = try RawSocket(port: server.acceptor.port)
      plain.write(Self.get)
      #expect(plain.read { $0.hasSuffix(".") }.hasSuffix("peer 127.0.0.1."))
    }

    @Test("limits are those of each client, and the proxy has none")
    func limits() throws {
      let server = try server {
        $0.peerLimits = PeerLimits()
        $0.peerLimits?.connectionCountMax = 2
      }
      func connection(_ last: UInt8) throws -> RawSocket {
        let socket = try RawSocket(port: server.acceptor.port)
        socket.write(Header.v4([192, 0, 2, last]) + Array(Self.get.utf8))
        return socket
      }
      let open = try [1, 1, 2, 2, 3].map { try connection($0) }
      for (socket, last) in zip(open, [1, 1, 2, 2, 3]) {
        #expect(socket.read { $0.hasSuffix(".") }.hasSuffix("peer 192.0.2.\(last)."))
      }
      #expect(try connection(1).isEnded())
      #expect(server.acceptor.counts.overShare.value == 1)
      open[0].hangUp()
      #expect(eventually { server.control.load.socketCount == 4 })
      #expect(try connection(1).read { $0.hasSuffix(".") }.hasSuffix("peer 192.0.2.1."))
      withExtendedLifetime(open) {}
    }

    @Test("a header that does not come is waited for as long as a head")
    func slow() throws {
      let server = try server { $0.headTimeMax = .milliseconds(100) }
      let socket = try RawSocket(port: server.acceptor.port)
      socket.write(Header.signature)
      #expect(socket.isEnded())
      #expect(eventually { server.acceptor.counts.slowHeads.value == 1 && server.acceptor.counts.waiting.value == 0 })
    }
  }
}
