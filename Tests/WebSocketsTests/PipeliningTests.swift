import TestSupport
import Glibc
import Testing
import WebSockets

extension RoomTests {
  @Suite("Requests that come together")
  struct PipeliningTests {
    /// One request of each kind, and how its answer begins.
    static let kinds: [(name: String, text: String, status: String)] = [
      ("GET", "GET /echo?n=g HTTP/1.1\r\nhost: x\r\n\r\n", "200"),
      ("HEAD", "HEAD /echo HTTP/1.1\r\nhost: x\r\n\r\n", "200"),
      ("POST", "POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 7\r\n\r\nstates:", "200"),
      ("POST without body", "POST /echo HTTP/1.1\r\nhost: x\r\n\r\n", "200"),
      (
        "POST in chunks", "POST /echo HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "200"
      ),
      ("PUT", "PUT /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\nabc", "200"),
      ("DELETE", "DELETE /echo HTTP/1.1\r\nhost: x\r\n\r\n", "200"),
      (
        "upgrade",
        "GET /v1/call HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
          + "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n\r\n", "101"
      ),
      ("garbage", "NONSENSE\r\n\r\n", "400"),
    ]

    private static func statuses(in text: String) -> [String] {
      text.components("HTTP/1.1 ").dropFirst().map { String($0.prefix(3)) }
    }

    /// What the two requests of a pair must be answered: nothing follows an upgrade or garbage.
    private static func expected(_ first: Int, _ second: Int) -> [String] {
      kinds[first].status == "200" ? [kinds[first].status, kinds[second].status] : [kinds[first].status]
    }

    private func server() throws -> (TestServer, Probe<[ServiceLoop]>) {
      let media = Probe<[ServiceLoop]>([])
      let server = try TestServer(
        http: TestRoutes(),
        loop: { configuration in
          configuration.closeTimeMax = .milliseconds(100)
          configuration.upgradeRoute = { request in
            guard request.path == "/v1/call", let loop = media.current.first else { return .here }
            return .loop(loop)
          }
        })
      return (server, media)
    }

    @Test("every pair of kinds in one segment, and split at every byte", arguments: 0..<9)
    func pairs(first: Int) throws {
      let (server, media) = try server()
      media.change { $0 = server.media }
      for second in Self.kinds.indices {
        let bytes = Array((Self.kinds[first].text + Self.kinds[second].text).utf8)
        for split in 0..<bytes.count {
          let socket = try RawSocket(port: server.acceptor.port)
          if split > 0 { socket.write(Array(bytes[..<split])) }
          socket.write(Array(bytes[split...]))
          let expected = Self.expected(first, second)
          let answer = socket.read { Self.statuses(in: $0).count >= expected.count }
          #expect(
            Self.statuses(in: answer) == expected,
            "\(Self.kinds[first].name), then \(Self.kinds[second].name), split at \(split)")
        }
      }
      #expect(eventually { server.control.load.socketCount == 0 })
    }

    @Test("a hundred requests in one segment are answered in order, bodies and all")
    func many() throws {
      let (server, _) = try server()
      let socket = try RawSocket(port: server.acceptor.port)
      let text = (0..<100).map { "POST /echo?n=\($0) HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\nabc" }.joined()
      socket.write(text)
      let answer = socket.read { $0.contains("[n=99]") }
      #expect(answer.components("[n=").dropFirst().compactMap { Int($0.prefix { $0 != "]" }) } == Array(0..<100))
    }

    @Test("empty lines before a request are read over, but not without end")
    func emptyLines() throws {
      let (server, _) = try server()
      let some = try RawSocket(port: server.acceptor.port)
      let get = "GET /echo HTTP/1.1\r\nhost: x\r\n\r\n"
      for _ in 0..<3 {
        some.write(get + String(repeating: "\r\n", count: 32))
        #expect(some.read { $0.contains("[]") }.hasPrefix("HTTP/1.1 200 "))
      }
      let many = try RawSocket(port: server.acceptor.port)
      many.write(get)
      #expect(many.read { $0.contains("[]") }.hasPrefix("HTTP/1.1 200 "))
      for _ in 0..<33 { many.write("\r\n") }
      #expect(many.read { $0.contains("\r\n\r\n") }.hasPrefix("HTTP/1.1 400 "))
    }

    @Test("a client that sends on and on does not keep others from being answered")
    func fairness() throws {
      let server = try TestServer(http: TestRoutes(), loop: { $0.requestBodyBytesMax = 1 << 30 })
      let flood = try RawSocket(port: server.acceptor.port)
      flood.write("POST /echo HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n")
      let isOver = Probe(false)
      let piece = Array(String(repeating: "1\r\nx\r\n", count: 20_000).utf8)
      let thread = Poster {
        // Ends at the latest when the sum of all bodies is reached and the connection is closed.
        while !isOver.current, flood.write(piece) {}
      }
      for _ in 0..<20 {
        let other = try RawSocket(port: server.acceptor.port)
        other.write("GET /echo HTTP/1.1\r\nhost: x\r\n\r\n")
        #expect(other.read { $0.contains("[]") }.hasPrefix("HTTP/1.1 200 "))
      }
      isOver.change { $0 = true }
      thread.join()
    }

    @Test("a call on a connection that carried requests before is handed to the loop of calls")
    func upgradeAfterRequests() throws {
      let (server, media) = try server()
      media.change { $0 = server.media }
      let socket = try RawSocket(port: server.acceptor.port)
      socket.write("GET /echo HTTP/1.1\r\nhost: x\r\n\r\n")
      #expect(socket.read { $0.contains("[]") }.hasPrefix("HTTP/1.1 200 "))
      #expect(socket.upgrade().hasPrefix("HTTP/1.1 101 "))
      socket.write(RawSocket.frame(opcode: 1, Array("hello".utf8)))
      #expect(socket.readFrame().map { $0.payload } == Array("hello".utf8))
      #expect(server.media[0].connectionCount == 1 && server.log.current.loops == ["media 0": 1])
    }

    @Test("frames that come with the handshake in one segment are read")
    func framesWithHandshake() throws {
      let (server, _) = try server()
      let socket = try RawSocket(port: server.acceptor.port)
      socket.write(Array(Self.kinds[7].text.utf8) + RawSocket.frame(opcode: 1, Array("early".utf8)))
      let answer = socket.read { $0.contains("early") }
      #expect(answer.hasPrefix("HTTP/1.1 101 ") && answer.hasSuffix("early"))
    }
  }
}

extension String {
  /// The parts between the occurrences of `separator`.
  fileprivate func components(_ separator: String) -> [Substring] {
    var parts: [Substring] = []
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      parts.append(rest[..<range.lowerBound])
      rest = rest[range.upperBound...]
    }
    return parts + [rest]
  }
}
