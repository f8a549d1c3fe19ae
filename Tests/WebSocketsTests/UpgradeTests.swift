import TestSupport
import Testing
import WebSockets

extension RoomTests {
  @Suite("Who may open a call")
  struct UpgradeTests {
    @Test("a refusal reaches the client with status, header and body")
    func refused() throws {
      let server = try TestServer(decide: { _ in
        .refuse(status: 403, headers: [("retry-after", "7")], body: Array("not you".utf8))
      })
      let clients = try ClientLoop()
      let client = TestClient(server.callURL, on: clients.loop)
      #expect(client.log.wait { $0.failure != nil })
      #expect(
        client.log.current.failure == .refused(status: 403, retryAfterSeconds: 7, body: Array("not you".utf8)))
      let socket = try RawSocket(port: server.acceptor.port)
      #expect(socket.upgrade().hasPrefix("HTTP/1.1 403 Forbidden\r\n"))
      #expect(server.log.current.opened == 0)
    }

    @Test("the handler sees path, query, origin, offered subprotocols and other headers")
    func request() throws {
      let server = try TestServer(decide: { $0.request.isSameOrigin ? .accept : .refuse(status: 403) })
      let clients = try ClientLoop()
      var request = WebSocketClientRequest(url: server.callURL + "?flow=demo&key=a%20b", subprotocol: "voiceforge.v1")
      request.origin = "http://127.0.0.1:\(server.acceptor.port)"
      request.headers = [("authorization", "Bearer t"), ("x-api-key", "k")]
      let client = TestClient(request, on: clients.loop)
      #expect(client.isOpen)
      let seen = try #require(server.log.current.upgrades.first)
      #expect(seen.request.path == "/v1/call" && seen.request.queryValue("key") == "a b")
      #expect(seen.request.query == [.init(name: "flow", value: "demo"), .init(name: "key", value: "a b")])
      #expect(seen.subprotocols == ["voiceforge.v1"] && seen.request.peer == "127.0.0.1")
      #expect(seen.request.headers["authorization"] == "Bearer t" && seen.request.headers["x-api-key"] == "k")

      request.origin = "http://evil.example"
      let other = TestClient(request, on: clients.loop)
      #expect(other.log.wait { $0.failure != nil })
      guard case .refused(status: 403, _, _) = other.log.current.failure else {
        Issue.record("got \(String(describing: other.log.current.failure))")
        return
      }
    }

    @Test("same origin means the same host and port")
    func sameOrigin() {
      func request(_ origin: String?) -> HTTPRequest {
        var headers = ["host": "localhost:8080"]
        headers["origin"] = origin
        return HTTPRequest(method: "GET", path: "/v1/call", headers: headers)
      }
      #expect(request(nil).isSameOrigin && request("http://LOCALHOST:8080").isSameOrigin)
      #expect(!request("http://localhost:8081").isSameOrigin && !request("null").isSameOrigin)
      #expect(!request("http://localhost:8080.evil.example").isSameOrigin && !request("").isSameOrigin)
    }

    @Test("an unknown subprotocol is refused, none is accepted, one of several is chosen")
    func subprotocols() throws {
      let server = try TestServer()
      let unknown = try RawSocket(port: server.acceptor.port)
      #expect(unknown.upgrade(protocols: "other.v9").hasPrefix("HTTP/1.1 400 "))
      let none = try RawSocket(port: server.acceptor.port)
      let plain = none.upgrade(protocols: nil)
      #expect(plain.hasPrefix("HTTP/1.1 101 ") && !plain.lowercased().contains("sec-websocket-protocol"))
      let several = try RawSocket(port: server.acceptor.port)
      let chosen = several.upgrade(protocols: "other.v9, voiceforge.v1")
      #expect(chosen.hasPrefix("HTTP/1.1 101 "))
      #expect(chosen.lowercased().contains("sec-websocket-protocol: voiceforge.v1"))
    }

    @Test("another WebSocket version is told which one is spoken")
    func version() throws {
      let server = try TestServer()
      let socket = try RawSocket(port: server.acceptor.port)
      socket.write(
        "GET /v1/call HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
          + "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 8\r\n\r\n")
      let answer = socket.readToEnd()
      #expect(answer.hasPrefix("HTTP/1.1 426 ") && answer.contains("sec-websocket-version: 13"))
    }

    @Test("compression is not agreed to")
    func noExtensions() throws {
      let server = try TestServer()
      let socket = try RawSocket(port: server.acceptor.port)
      let answer = socket.upgrade(protocols: nil, extra: "sec-websocket-extensions: permessage-deflate\r\n")
      #expect(answer.hasPrefix("HTTP/1.1 101 ") && !answer.lowercased().contains("extensions"))
    }

    @Test("a full server says 503 and when to come back")
    func admission() throws {
      let isFull = Probe(true)
      let server = try TestServer(admission: {
        isFull.current ? .refuse(retryAfterSeconds: 5, reason: "all \"lines\" are busy") : .admit
      })
      let socket = try RawSocket(port: server.acceptor.port)
      socket.write(
        "GET /v1/call HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
          + "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n\r\n")
      let answer = socket.readToEnd()
      #expect(answer.hasPrefix("HTTP/1.1 503 ") && answer.contains("retry-after: 5\r\n"))
      #expect(answer.contains("application/problem+json") && answer.contains(#""detail":"all \"lines\" are busy""#))
      let clients = try ClientLoop()
      let refused = TestClient(server.callURL, on: clients.loop)
      #expect(refused.log.wait { $0.failure != nil })
      guard case .refused(status: 503, retryAfterSeconds: 5, let body) = refused.log.current.failure else {
        Issue.record("got \(String(describing: refused.log.current.failure))")
        return
      }
      #expect(String(decoding: body, as: UTF8.self).contains("busy"))
      #expect(server.acceptor.counts.refusedCalls.value == 2)
      isFull.change { $0 = false }
      #expect(TestClient(server.callURL, on: clients.loop).isOpen)
    }

    @Test("a client whose server never answers gives up at its deadline")
    func handshakeDeadline() throws {
      let peer = SilentPeer(answer: "")
      let clients = try ClientLoop()
      var request = WebSocketClientRequest(url: "ws://127.0.0.1:\(peer.port)/v1/call")
      request.deadline = .milliseconds(100)
      let client = TestClient(request, on: clients.loop)
      #expect(client.log.wait { $0.failure == .timedOut })
    }

    @Test("nobody listens, no TLS, no URL")
    func failures() throws {
      let clients = try ClientLoop()
      let nobody = TestClient("ws://127.0.0.1:1/v1/call", on: clients.loop)
      #expect(nobody.log.wait { $0.failure != nil })
      guard case .unreachable = nobody.log.current.failure else {
        Issue.record("got \(String(describing: nobody.log.current.failure))")
        return
      }
      for url in ["wss://127.0.0.1/", "http://127.0.0.1/", "ws//x"] {
        #expect(TestClient(url, on: clients.loop).log.wait { $0.failure == .invalidURL(url) })
      }
      #expect(eventually { clients.loop.load.socketCount == 0 })
    }
  }
}
