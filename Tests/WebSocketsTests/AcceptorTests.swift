import TestSupport
import Glibc
import Testing
import WebSockets

extension RoomTests {
  @Suite("The acceptor keeps slow and silent clients away from the loops")
  struct AcceptorTests {
    init() { FileLimit.raise() }

    @Test("an unfinished head is cut at its deadline and counted", arguments: ["", "GET /v1/call HTTP/1.1\r\nhost:"])
    func slowHead(text: String) throws {
      let server = try TestServer(acceptor: { $0.headTimeMax = .milliseconds(100) })
      let socket = try RawSocket(port: server.acceptor.port)
      socket.write(text)
      #expect(socket.isEnded())
      #expect(eventually { server.acceptor.counts.slowHeads.value == 1 && server.acceptor.counts.waiting.value == 0 })
    }

    @Test("a head may come in pieces")
    func pieces() throws {
      let server = try TestServer(http: TestRoutes())
      let socket = try RawSocket(port: server.acceptor.port)
      for byte in "GET /echo HTTP/1.1\r\nhost: x\r\n\r\n".utf8 { socket.write([byte]) }
      #expect(socket.read { $0.contains("[]") }.hasPrefix("HTTP/1.1 200 "))
    }

    @Test("what is not HTTP is closed at once", arguments: ["\u{16}\u{3}\u{1}", "get / http/1.1\r\n\r\n", "\r\n"])
    func garbage(text: String) throws {
      let server = try TestServer()
      let socket = try RawSocket(port: server.acceptor.port)
      socket.write(text)
      #expect(socket.isEnded())
    }

    @Test("beyond the limit of waiting connections the next one is closed at once")
    func waitingLimit() throws {
      let server = try TestServer(acceptor: { $0.waitingCountMax = 10 })
      let waiting = try (0..<10).map { _ in try RawSocket(port: server.acceptor.port) }
      #expect(eventually { server.acceptor.counts.waiting.value == 10 })
      let next = try RawSocket(port: server.acceptor.port)
      #expect(next.isEnded())
      #expect(server.acceptor.counts.overLimit.value == 1)
      waiting[0].hangUp()
      #expect(eventually { server.acceptor.counts.waiting.value == 9 })
      #expect(try RawSocket(port: server.acceptor.port).upgrade().hasPrefix("HTTP/1.1 101 "))
      withExtendedLifetime(waiting) {}
    }

    @Test("beyond the limit of connections the next one is closed at once")
    func connectionLimit() throws {
      let server = try TestServer(acceptor: { $0.connectionCountMax = 2 })
      let first = try RawSocket(port: server.acceptor.port)
      #expect(first.upgrade().hasPrefix("HTTP/1.1 101 "))
      let second = try RawSocket(port: server.acceptor.port)
      #expect(second.upgrade().hasPrefix("HTTP/1.1 101 "))
      #expect(try RawSocket(port: server.acceptor.port).isEnded())
      first.hangUp()
      #expect(eventually { server.media[0].load.socketCount == 1 })
      #expect(try RawSocket(port: server.acceptor.port).upgrade().hasPrefix("HTTP/1.1 101 "))
    }

    @Test("beyond an address' share of unfinished heads its next connection is closed at once")
    func waitingShare() throws {
      let server = try limited { $0.waitingCountMax = 3 }
      let waiting = try (0..<3).map { _ in try RawSocket(port: server.acceptor.port) }
      #expect(eventually { server.acceptor.counts.waiting.value == 3 })
      #expect(try RawSocket(port: server.acceptor.port).isEnded())
      #expect(server.acceptor.counts.overShare.value == 1 && server.acceptor.counts.overLimit.value == 0)
      waiting[1].hangUp()
      #expect(eventually { server.acceptor.counts.waiting.value == 2 })
      #expect(try RawSocket(port: server.acceptor.port).upgrade().hasPrefix("HTTP/1.1 101 "))
      withExtendedLifetime(waiting) {}
    }

    @Test("an address' share of connections is given back by each that ends: WebSocket, request, refused, garbage")
    func connectionShare() throws {
      let server = try limited { $0.connectionCountMax = 2 }
      for round in 0..<5 {
        let call = try RawSocket(port: server.acceptor.port)
        #expect(call.upgrade().hasPrefix("HTTP/1.1 101 "), "round \(round)")
        let other = try RawSocket(port: server.acceptor.port)
        other.write(["GET /echo HTTP/1.1\r\nhost: x\r\n\r\n", "1\r\n", "GET / HTTP/9\r\n\r\n", "", "POST"][round])
        #expect(eventually { server.acceptor.counts.accepted.value == 3 * round + 2 })
        #expect(try RawSocket(port: server.acceptor.port).isEnded(), "round \(round)")
        #expect(server.acceptor.counts.overShare.value == round + 1)
        call.hangUp()
        other.hangUp()
        #expect(eventually { server.acceptor.counts.addresses == 0 }, "round \(round)")
      }
    }

    @Test("an address that begins connections too fast is answered 429, with Retry-After")
    func startShare() throws {
      let server = try limited { ($0.startsAtOnceMax, $0.startsPerSecondMax) = (2, 1) }
      let paths = ["/v1/call", "/echo", "/v1/call", "/echo", "/v1/call", "/echo"]
      let answers = try paths.map { try RawSocket(port: server.acceptor.port).upgrade(path: $0) }
      let refused = answers.filter { $0.hasPrefix("HTTP/1.1 429 ") }
      #expect(refused.count >= 3 && refused.allSatisfy { $0.contains("retry-after: 1\r\n") })
      #expect(!answers[0].hasPrefix("HTTP/1.1 429 ") && !answers[1].hasPrefix("HTTP/1.1 429 "))
      #expect(server.acceptor.counts.overShare.value == refused.count)
    }

    @Test("addresses begin connections each at their own pace; full buckets are forgotten when room is wanted")
    func startBuckets() throws {
      var limits = PeerLimits()
      (limits.startsAtOnceMax, limits.startsPerSecondMax) = (3, 2)
      var starts = ConnectionRateLimiter(limits)
      let (one, two) = (try #require(IPAddress("192.0.2.1")), try #require(IPAddress("2001:db8::5")))
      let first = (0..<4).map { _ in starts.consume(one, at: 1_000_000) }
      #expect(first == [true, true, true, false])
      let other = starts.consume(two, at: 1_000_000)
      #expect(other)
      let refilled = [1_499_999, 1_500_000, 1_500_001].map { starts.consume(one, at: $0) }
      #expect(refilled == [false, true, false])
      let later = (0..<4).map { _ in starts.consume(one, at: 60_000_000) }
      #expect(later == [true, true, true, false])
      for index in 0..<ConnectionRateLimiter.peersMax {
        let peer = try #require(IPAddress("10.0.\(index >> 8).\(index & 255)"))
        let isTaken = starts.consume(peer, at: 60_000_000)
        #expect(isTaken)
      }
      #expect(starts.count == ConnectionRateLimiter.peersMax)
      let known = starts.consume(one, at: 60_000_001)
      #expect(!known)
      let late = starts.consume(try #require(IPAddress("192.0.2.9")), at: 70_000_000)
      #expect(late && starts.count == 1)
    }

    @Test("IPv6 addresses of one customer are one, and an IPv4 address in IPv6's form is itself")
    func networks() {
      #expect(IPAddress("2001:db8:1:2:3::4")?.network == IPAddress("2001:db8:1:2::")?.network)
      #expect(IPAddress("2001:db8:1:2::")?.network != IPAddress("2001:db8:1:3::")?.network)
      #expect(IPAddress("::ffff:192.0.2.1")?.network == IPAddress("192.0.2.1"))
      #expect(IPAddress("192.0.2.1")?.network != IPAddress("192.0.2.2")?.network)
    }

    private func limited(_ adjust: (inout PeerLimits) -> Void) throws -> TestServer {
      var limits = PeerLimits()
      adjust(&limits)
      return try TestServer(http: TestRoutes(), acceptor: { [limits] in $0.peerLimits = limits })
    }

    @Test("2,000 silent connections do not keep a call from echoing")
    func manySilent() throws {
      let server = try TestServer()
      let silent = try (0..<2_000).map { _ in try RawSocket(port: server.acceptor.port) }
      #expect(eventually { server.acceptor.counts.waiting.value == 2_000 })
      let clients = try ClientLoop()
      let client = TestClient(server.callURL, on: clients.loop)
      #expect(client.isOpen)
      client.send("hello")
      #expect(client.log.wait { $0.texts == ["hello"] })
      withExtendedLifetime(silent) {}
    }

    @Test("2,000 idle WebSockets do not keep a call from echoing, and all hear of the end")
    func manyIdle() throws {
      let server = try TestServer(mediaCount: 2)
      let clients = try ClientLoop()
      let all = (0..<2_000).map { _ in TestClient(server.callURL, on: clients.loop) }
      for client in all { #expect(client.log.wait { $0.isOpen }) }
      #expect(server.media.map(\.connectionCount) == [1_000, 1_000])
      all[1_234].send("hello")
      #expect(all[1_234].log.wait { $0.texts == ["hello"] })
      server.stop()
      for client in all { #expect(client.log.wait { $0.closed.map(\.code) == [1001] }) }
      #expect(server.log.current.closed.count == 2_000 && server.log.current.closedTwice == 0)
    }

    @Test("a port in use is named in the error")
    func addressInUse() throws {
      let server = try TestServer()
      var configuration = AcceptorConfiguration()
      configuration.port = server.acceptor.port
      #expect(throws: WebSocketError.addressInUse(address: "127.0.0.1", port: server.acceptor.port)) {
        _ = try Acceptor(configuration: configuration, control: server.control, media: [])
      }
      configuration.address = "not an address"
      #expect(throws: WebSocketError.invalidAddress("not an address")) {
        _ = try Acceptor(configuration: configuration, control: server.control, media: [])
      }
    }

    @Test("IPv6 loopback works too")
    func longAddress() throws {
      let server = try TestServer(acceptor: { $0.address = "::1" })
      let clients = try ClientLoop()
      #expect(TestClient("ws://[::1]:\(server.acceptor.port)/v1/call", on: clients.loop).isOpen)
    }

    @Test(
      "the first line decides the way",
      arguments: [
        ("GET /v1/call HTTP/1.1\r\n\r\n", .call), ("GET /v1/call?a=/b HTTP/1.1\r\n\r\n", .call),
        ("GET /v1/calls HTTP/1.1\r\n\r\n", .control), ("GET /v1/call/ HTTP/1.1\r\n\r\n", .control),
        ("POST /v1/call HTTP/1.1\r\n\r\n", .control), ("GET /v1/call\r\n\r\n", .control),
        ("GET /v1/call HTTP/1.1\r\n", .undecided), ("G", .undecided), ("", .undecided), ("1", .garbage),
        ("GET / HTTP/1.1\n\n", .control),
      ] as [(String, RequestRoute)])
    func routes(text: String, route: RequestRoute) {
      let found = Array(text.utf8).withUnsafeBytes { RequestRoute($0, isFull: false, callPaths: ["/v1/call"]) }
      #expect(found == route)
    }
  }
}
