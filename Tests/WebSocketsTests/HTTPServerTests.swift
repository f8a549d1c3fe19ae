import TestSupport
import Glibc
import Testing
import WebSockets

extension RoomTests {
  @Suite("The control loop answers HTTP")
  struct HTTPServerTests {
    @Test("path, query, header and body reach the handler")
    func request() async throws {
      let server = try TestServer(http: TestRoutes())
      let answer = await server.client.send(
        HTTPClientRequest(
          method: "POST", url: server.baseURL + "/echo?a=1&b=two%20words&c=x%26y&d", headers: [("x-api-key", "k-7")],
          body: Array("hello".utf8)))
      let response = try answer.get()
      #expect(String(decoding: response.body, as: UTF8.self) == "POST [a=1&b=two words&c=x&y&d=] k-7 5")
      #expect(response.headers["content-security-policy"]?.contains("default-src 'self'") == true)
      #expect(response.headers["x-content-type-options"] == "nosniff")
    }

    @Test(
      "a head of 6 KB passes, one of 20 KB is answered 431, also a handshake",
      arguments: [(6_000, "200", "/echo"), (20_000, "431", "/echo"), (20_000, "431", "/v1/call")])
    func longHead(count: Int, status: String, path: String) throws {
      let server = try TestServer(http: TestRoutes())
      let socket = try RawSocket(port: server.acceptor.port)
      let token = String(repeating: "t", count: count)
      socket.write("GET \(path) HTTP/1.1\r\nhost: x\r\nauthorization: Bearer \(token)\r\nconnection: close\r\n\r\n")
      #expect(socket.readToEnd().hasPrefix("HTTP/1.1 \(status) "))
    }

    @Test("one connection carries request after request", arguments: ["GET", "PUT", "POST", "DELETE"])
    func keepAlive(method: String) throws {
      let server = try TestServer(http: TestRoutes())
      let socket = try RawSocket(port: server.acceptor.port)
      for _ in 0..<3 {
        let hasBody = method == "PUT" || method == "POST"
        socket.write(
          "\(method) /echo HTTP/1.1\r\nhost: x\r\n\(hasBody ? "content-length: 3\r\n" : "")\r\n\(hasBody ? "abc" : "")")
        let answer = socket.read { $0.contains("[]") }
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(answer.hasSuffix("\(method) [] - \(hasBody ? 3 : 0)"))
        #expect(answer.contains("connection: keep-alive"))
      }
    }

    @Test("a POST with an empty body is answered")
    func emptyPost() throws {
      let server = try TestServer(http: TestRoutes())
      let socket = try RawSocket(port: server.acceptor.port)
      socket.write("POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n")
      #expect(socket.read { $0.contains("[]") }.hasSuffix("POST [] - 0"))
    }

    @Test("pipelined requests are answered in order")
    func pipelining() throws {
      let server = try TestServer(http: TestRoutes())
      let socket = try RawSocket(port: server.acceptor.port)
      socket.write("GET /echo?n=1 HTTP/1.1\r\nhost: x\r\n\r\nGET /echo?n=2 HTTP/1.1\r\nhost: x\r\n\r\n")
      let answer = socket.read { $0.contains("n=2") }
      #expect(answer.contains("[n=1]") && answer.contains("[n=2]"))
    }

    @Test("Connection: close closes, HTTP/1.0 too", arguments: ["1.1\r\nconnection: close", "1.0"])
    func connectionClose(version: String) throws {
      let server = try TestServer(http: TestRoutes())
      let socket = try RawSocket(port: server.acceptor.port)
      socket.write("GET /echo HTTP/\(version)\r\nhost: x\r\n\r\n")
      let answer = socket.readToEnd()
      #expect(answer.contains("connection: close") && answer.hasSuffix("GET [] - 0"))
    }

    @Test("HEAD has the length and no body")
    func head() throws {
      let server = try TestServer(http: TestRoutes())
      let socket = try RawSocket(port: server.acceptor.port)
      socket.write("HEAD /echo HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
      let answer = socket.readToEnd()
      #expect(answer.contains("content-length: 11") && answer.hasSuffix("\r\n\r\n"))
    }

    @Test("a body over the limit is answered 413, and the client can read that")
    func tooLarge() throws {
      let server = try TestServer(http: TestRoutes(), loop: { $0.requestBodyBytesMax = 1_000 })
      let socket = try RawSocket(port: server.acceptor.port)
      socket.write("POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 900000\r\n\r\n")
      socket.write([UInt8](repeating: 65, count: 900_000))
      #expect(socket.readToEnd().hasPrefix("HTTP/1.1 413 "))
    }

    @Test(
      "a POST without a length has no body; a body in chunks is put together",
      arguments: [
        ("POST /echo HTTP/1.1\r\nhost: x\r\n\r\n", "POST [] - 0"),
        (
          "POST /echo HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n01\r\n!\r\n0\r\nt: u\r\n\r\n",
          "POST [] - 6"
        ),
        ("GET /echo HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", "GET [] - 0"),
      ])
    func bodiesWithoutLength(request: String, expected: String) throws {
      let server = try TestServer(http: TestRoutes())
      let socket = try RawSocket(port: server.acceptor.port)
      socket.write(request)
      #expect(socket.read { $0.contains("[]") }.hasSuffix(expected))
    }

    @Test("a client that waits for 100 Continue gets it, and not when its body is refused")
    func expectContinue() throws {
      let server = try TestServer(http: TestRoutes(), loop: { $0.requestBodyBytesMax = 1_000 })
      let head = "POST /echo HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: "
      let patient = try RawSocket(port: server.acceptor.port)
      patient.write(head + "5\r\n\r\n")
      #expect(patient.read { $0.contains("\r\n\r\n") } == "HTTP/1.1 100 Continue\r\n\r\n")
      patient.write("hello")
      #expect(patient.read { $0.contains("[]") }.hasPrefix("HTTP/1.1 200 "))
      let refused = try RawSocket(port: server.acceptor.port)
      refused.write(head + "5000\r\n\r\n")
      #expect(refused.readToEnd().hasPrefix("HTTP/1.1 413 "))
    }

    @Test(
      "bodies of all connections together, and those of one address, are bounded: 503 and 429; what was held is given back",
      arguments: [
        (ByteBudget(bytesMax: 100_000), "503"), (ByteBudget(bytesMax: 1_000_000, bytesPerPeerMax: 100_000), "429"),
      ])
    func bodyBudget(budget: ByteBudget, status: String) throws {
      let server = try TestServer(http: TestRoutes(), loop: { $0.bodyBudget = budget })
      let head = "POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 80000\r\n\r\n"
      let first = try RawSocket(port: server.acceptor.port)
      first.write(head)
      first.write([UInt8](repeating: 65, count: 79_999))
      #expect(eventually { budget.usedBytes == 79_999 })
      let second = try RawSocket(port: server.acceptor.port)
      second.write(head)
      second.write([UInt8](repeating: 65, count: 80_000))
      let refusal = second.readToEnd()
      #expect(refusal.hasPrefix("HTTP/1.1 \(status) ") && refusal.contains("retry-after: 1"))
      #expect(refusal.contains("x-every: answer"))
      first.write("A")
      #expect(first.read { $0.contains("[]") }.hasPrefix("HTTP/1.1 200 "))
      #expect(eventually { budget.usedBytes == 0 })
    }

    @Test("a body counts until its handler lets it go, also when its client is gone")
    func waitingBody() throws {
      let (budget, routes) = (ByteBudget(bytesMax: 1_000_000, bytesPerPeerMax: 7_000), TestRoutes())
      let server = try TestServer(http: routes, loop: { $0.bodyBudget = budget })
      let client = try RawSocket(port: server.acceptor.port)
      client.write("POST /wait HTTP/1.1\r\nhost: x\r\ncontent-length: 5000\r\n\r\n")
      client.write([UInt8](repeating: 65, count: 5_000))
      #expect(routes.waiting.wait { $0.count == 1 })
      client.hangUp()
      #expect(eventually { server.control.load.socketCount == 0 })
      #expect(budget.usedBytes == 5_000)
      // Nor does coming again give a new share.
      let again = try RawSocket(port: server.acceptor.port)
      again.write("POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 5000\r\n\r\n")
      again.write([UInt8](repeating: 65, count: 5_000))
      #expect(again.readToEnd().hasPrefix("HTTP/1.1 429 "))
      routes.waiting.change { $0 = [] }
      #expect(budget.usedBytes == 0)
    }

    /// Asks for a long answer and reads none of it beyond its first line.
    private func slowReader(_ server: TestServer, _ path: String, headers: String = "") throws -> (RawSocket, String) {
      let socket = try RawSocket(port: server.acceptor.port)
      socket.write("GET \(path) HTTP/1.1\r\nhost: x\r\n\(headers)\r\n")
      return (socket, socket.read { $0.contains("\r\n") })
    }

    @Test("long answers that nobody reads count once for all who get the same bytes, whole or in part")
    func responseBudget() throws {
      let budget = ResponseBudget(bytesMax: 20_000_000)
      let server = try TestServer(http: TestRoutes(), loop: { $0.responseBudget = budget })
      var readers = try (0..<8).map { _ in try slowReader(server, "/large") }
      readers += try (0..<8).map { try slowReader(server, "/large", headers: "range: bytes=\($0)-\r\n") }
      #expect(readers.allSatisfy { $0.1.hasPrefix("HTTP/1.1 20") })
      #expect(budget.usedBytes == 8_000_000)
      readers.append(try slowReader(server, "/own"))
      #expect(budget.usedBytes == 16_000_001)
      let (_, refusal) = try slowReader(server, "/own")
      #expect(refusal.hasPrefix("HTTP/1.1 503 ") && refusal.contains("retry-after: 1"))
      for (socket, _) in readers { socket.hangUp() }
      #expect(eventually { budget.usedBytes == 0 })
      #expect(try slowReader(server, "/own").1.hasPrefix("HTTP/1.1 200 "))
    }

    @Test("what one address does not read is bounded, too: what it asks for twice counts once, other answers get 429")
    func answerShare() throws {
      let budget = ResponseBudget(bytesMax: 100_000_000, bytesPerPeerMax: 10_000_000)
      let server = try TestServer(http: TestRoutes(), loop: { $0.responseBudget = budget })
      let readers = try (0..<4).map { _ in try slowReader(server, "/large") }
      #expect(readers.allSatisfy { $0.1.hasPrefix("HTTP/1.1 200 ") } && budget.usedBytes == 8_000_000)
      let other = try RawSocket(port: server.acceptor.port)
      other.write("GET /own HTTP/1.1\r\nhost: x\r\n\r\n")
      let refusal = other.read { $0.contains("of this address") }
      #expect(refusal.hasPrefix("HTTP/1.1 429 ") && refusal.contains("x-every: answer"))
      for (socket, _) in readers.dropLast() { socket.hangUp() }
      #expect(eventually { server.control.load.socketCount == 2 } && budget.usedBytes == 8_000_000)
      readers[3].0.hangUp()
      #expect(eventually { budget.usedBytes == 0 })
      #expect(try slowReader(server, "/own").1.hasPrefix("HTTP/1.1 200 "))
    }

    @Test("a part of a long answer arrives unchanged")
    func part() throws {
      let server = try TestServer(http: TestRoutes())
      let socket = try RawSocket(port: server.acceptor.port)
      socket.write("GET /large HTTP/1.1\r\nhost: x\r\nconnection: close\r\nrange: bytes=1000000-1999999\r\n\r\n")
      var bytes: [UInt8] = []
      while let piece = socket.read(), !piece.isEmpty { bytes += piece }
      #expect(bytes.count > 1_000_000 && bytes.suffix(1_000_000) == TestRoutes.large[1_000_000..<2_000_000])
    }

    @Test("8 MB arrive unchanged")
    func largeResponse() async throws {
      let server = try TestServer(http: TestRoutes())
      let response = await server.get("/large")
      #expect(response?.body == TestRoutes.large)
    }

    @Test("an answer may come later, from another thread, and in any order")
    func laterAnswers() async throws {
      let routes = TestRoutes()
      let server = try TestServer(http: routes)
      async let first = server.get("/hold")
      async let second = server.get("/hold")
      #expect(routes.held.wait { $0.count == 2 })
      for (index, reply) in routes.held.current.enumerated().reversed() {
        reply.send(HTTPResponse(status: 200 + index))
      }
      #expect(await [first?.status, second?.status].compactMap { $0 }.sorted() == [200, 201])
    }

    @Test("an answer for a client that has gone goes nowhere")
    func goneClient() async throws {
      let routes = TestRoutes()
      let server = try TestServer(http: routes)
      let socket = try RawSocket(port: server.acceptor.port)
      socket.write("GET /hold HTTP/1.1\r\nhost: x\r\n\r\n")
      #expect(routes.held.wait { $0.count == 1 })
      socket.hangUp()
      routes.held.current.first?.send(HTTPResponse(status: 200))
      #expect(await server.get("/echo")?.status == 200)
      #expect(eventually { server.control.load.socketCount == 0 })
    }

    @Test(
      "a client that sends on or half-closes while its answer waits or is written costs no CPU",
      arguments: ["/hold", "/large"], [true, false])
    func noSpinning(path: String, halfCloses: Bool) throws {
      // The engines that an earlier test opened may still be loading in this process.
      #expect(eventually { Self.usedWhileWaiting() < 150_000 })
      let routes = TestRoutes()
      let server = try TestServer(http: routes)
      let socket = try RawSocket(port: server.acceptor.port, receiveBytes: 4_096)
      socket.write("GET \(path) HTTP/1.1\r\nhost: x\r\n\r\n")
      if path == "/hold" { #expect(routes.held.wait { $0.count == 1 }) } else { #expect(socket.read() != nil) }
      if halfCloses { shutdown(socket.descriptor, Int32(SHUT_WR)) } else { socket.write("GET /echo HTTP/1.1\r\n") }
      let used = Self.usedWhileWaiting()
      #expect(used < 150_000, "\(used) µs of CPU in 300 ms")
      routes.held.change { $0 = [] }
    }

    /// CPU time of the process in 300 ms, in microseconds.
    private static func usedWhileWaiting() -> Int64 {
      let before = CPUTime.ofProcess()
      #expect(!eventually(0.3) { false })
      return Int64(CPUTime.ofProcess() - before)
    }

    @Test("a body or a second head that stops coming is cut", arguments: [true, false])
    func slow(isBody: Bool) throws {
      let server = try TestServer(http: TestRoutes(), loop: { $0.requestTimeMax = .seconds(1) })
      let socket = try RawSocket(port: server.acceptor.port)
      if isBody {
        socket.write("POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf")
      } else {
        socket.write("GET /echo HTTP/1.1\r\nhost: x\r\n\r\n")
        #expect(socket.read { $0.contains("[]") }.hasPrefix("HTTP/1.1 200 "))
        socket.write("GET /echo HTTP/1.1\r\nhost:")
      }
      #expect(socket.isEnded())
    }

    @Test("a client that does not read its answer is cut")
    func unread() throws {
      let server = try TestServer(http: TestRoutes(), loop: { $0.requestTimeMax = .milliseconds(200) })
      let socket = try RawSocket(port: server.acceptor.port, receiveBytes: 4_096)
      socket.write("GET /large HTTP/1.1\r\nhost: x\r\n\r\n")
      #expect(eventually { server.control.load.socketCount == 1 })
      #expect(eventually { server.control.load.socketCount == 0 })
      #expect(socket.isEnded())
    }

    @Test("a forgotten request is answered 500")
    func forgotten() async throws {
      let server = try TestServer(http: TestRoutes())
      #expect(await server.get("/forget")?.status == 500)
    }

    @Test("a line break in a header's value cannot begin another header")
    func headerSplitting() throws {
      let server = try TestServer(http: TestRoutes())
      let socket = try RawSocket(port: server.acceptor.port)
      socket.write("GET /split HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
      let answer = socket.readToEnd()
      #expect(answer.contains("x-evil: a") && !answer.contains("\nset-cookie"))
    }

    @Test("the call path without an upgrade is answered 426")
    func callPathIsWebSocketOnly() async throws {
      let server = try TestServer(http: TestRoutes())
      #expect(await server.get("/v1/call")?.status == 426)
    }

    @Test("a WebSocket on a loop that takes none is refused 404")
    func upgradeElsewhere() throws {
      let server = try TestServer(http: TestRoutes())
      let socket = try RawSocket(port: server.acceptor.port)
      #expect(socket.upgrade(path: "/elsewhere").hasPrefix("HTTP/1.1 404 "))
    }
  }
}
