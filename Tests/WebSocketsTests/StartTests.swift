import TestSupport
import Testing
import WebSockets

extension RoomTests {
  @Suite("Starting")
  struct StartTests {
    /// How long it takes is measured by `make harness`.
    @Test("a server that was just started answers")
    func firstAnswer() throws {
      let server = try TestServer(mediaCount: 2, http: TestRoutes())
      let socket = try RawSocket(port: server.acceptor.port)
      socket.write("GET /echo HTTP/1.1\r\nhost: x\r\n\r\n")
      #expect(socket.read { $0.contains("[]") }.hasPrefix("HTTP/1.1 200 "))
    }

    @Test("libwebsockets' log goes where asked, and nowhere else")
    func log() throws {
      let lines = Probe<[String]>([])
      LibraryLog.forward(.everything) { line in lines.change { $0.append(line) } }
      let server = try TestServer()
      server.stop()
      #expect(!lines.current.isEmpty)
      LibraryLog.forward(.silent) { _ in }
      let count = lines.current.count
      try TestServer().stop()
      #expect(lines.current.count == count)
    }
  }
}
