import TestSupport
import Testing
import WebSockets
import Threads

extension RoomTests {
  @Suite("Stopping")
  struct StopTests {
    @Test("every peer is told 1001, then the loops end")
    func graceful() throws {
      let server = try TestServer(mediaCount: 2)
      let clients = try ClientLoop()
      let all = (0..<10).map { _ in TestClient(server.callURL, on: clients.loop) }
      for client in all { #expect(client.isOpen) }
      server.stop()
      for client in all { #expect(client.log.wait { $0.closed.map(\.code) == [1001] }) }
      #expect(server.log.current.closed.map(\.code) == Array(repeating: 1001, count: 10))
      #expect(server.media.allSatisfy { $0.load.socketCount == 0 })
    }

    @Test("a peer that does not answer cannot hold the stop up")
    func stubbornPeer() throws {
      let server = try TestServer(loop: { $0.closeTimeMax = .milliseconds(100) })
      let socket = try RawSocket(port: server.acceptor.port)
      #expect(socket.upgrade().hasPrefix("HTTP/1.1 101 "))
      let began = MonotonicClock.now()
      server.stop()
      #expect(MonotonicClock.now() - began > 80_000)
      #expect(server.log.current.closed.map(\.code) == [1001])
      #expect(socket.readCloseCode() == 1001)
    }

    @Test("waiting, idle and unanswered HTTP connections end with the server")
    func otherConnections() throws {
      let routes = TestRoutes()
      let server = try TestServer(http: routes)
      let waiting = try RawSocket(port: server.acceptor.port)
      let idle = try RawSocket(port: server.acceptor.port)
      idle.write("GET /echo HTTP/1.1\r\nhost: x\r\n\r\n")
      _ = idle.read { $0.contains("[]") }
      let unanswered = try RawSocket(port: server.acceptor.port)
      unanswered.write("GET /hold HTTP/1.1\r\nhost: x\r\n\r\n")
      #expect(routes.held.wait { $0.count == 1 })
      server.stop()
      #expect(waiting.isEnded() && idle.isEnded() && unanswered.isEnded())
      routes.held.current.first?.send(HTTPResponse(status: 200))
    }

    @Test("after stopAccepting calls go on, and nobody new comes in")
    func stopAccepting() throws {
      let server = try TestServer()
      let clients = try ClientLoop()
      let client = TestClient(server.callURL, on: clients.loop)
      #expect(client.isOpen)
      server.acceptor.stopAccepting()
      client.send("still")
      #expect(client.log.wait { $0.texts == ["still"] })
      #expect(throws: RawSocket.Failure.self) { _ = try RawSocket(port: server.acceptor.port) }
    }

    @Test("starting and stopping many times leaks no descriptor")
    func again() throws {
      let before = OpenFiles.count
      for _ in 0..<10 {
        let server = try TestServer(http: TestRoutes())
        #expect(try RawSocket(port: server.acceptor.port).upgrade().hasPrefix("HTTP/1.1 101 "))
        server.stop()
      }
      #expect(eventually { OpenFiles.count <= before })
    }

    @Test("a client's loop that stops ends its connections and attempts")
    func clientLoop() throws {
      let server = try TestServer()
      let peer = SilentPeer(answer: "")
      let clients = try ClientLoop()
      let open = TestClient(server.callURL, on: clients.loop)
      #expect(open.isOpen)
      let connecting = TestClient("ws://127.0.0.1:\(peer.port)/", on: clients.loop)
      #expect(peer.connections.wait { $0 == 1 })
      clients.loop.stop()
      #expect(open.log.current.closed.map(\.code) == [1001])
      #expect(connecting.log.current.failure != nil)
      #expect(server.log.wait { $0.closed.map(\.code) == [1001] })
    }
  }
}
