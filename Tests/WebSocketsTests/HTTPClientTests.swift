import TestSupport
import Glibc
import Testing
import WebSockets

extension RoomTests {
  @Suite("The HTTP client ends every request exactly once")
  struct HTTPClientTests {
    private let client = HTTPClient()

    @Test("a redirect is an answer")
    func redirect() async throws {
      let server = try TestServer(http: TestRoutes())
      let response = try await client.send(HTTPClientRequest(url: server.baseURL + "/redirect")).get()
      #expect(response.status == 302 && response.headers["location"] == "/echo")
    }

    @Test("a body of several pieces is sent whole", arguments: [1, 65_536, 65_537, 3_000_000])
    func upload(count: Int) async throws {
      let server = try TestServer(http: TestRoutes())
      let body = [UInt8](repeating: 7, count: count)
      let answer = await client.send(HTTPClientRequest(method: "POST", url: server.baseURL + "/echo", body: body))
      #expect(try String(decoding: answer.get().body, as: UTF8.self) == "POST [] - \(count)")
    }

    @Test("the answer to a HEAD has no body, whatever its status and its length say", arguments: [200, 401, 404])
    func head(status: Int) async throws {
      let peer = SilentPeer(
        answer: "HTTP/1.1 \(status) Any\r\nwww-authenticate: Bearer\r\ncontent-length: 100\r\n\r\n", hangsUp: true)
      let request = HTTPClientRequest(method: "HEAD", url: peer.url, timeout: .seconds(5))
      let answer = try await client.send(request).get()
      #expect(answer.status == status && answer.body.isEmpty && answer.headers["content-length"] == "100")
    }

    @Test("no answer in time")
    func timedOut() async throws {
      let server = try TestServer(http: TestRoutes())
      let answer = await client.send(HTTPClientRequest(url: server.baseURL + "/hold", timeout: .milliseconds(100)))
      #expect(answer == .failure(.timedOut))
    }

    @Test("a server that accepts and says nothing")
    func silent() async throws {
      let peer = SilentPeer(answer: "")
      let answer = await client.send(HTTPClientRequest(url: peer.url, timeout: .milliseconds(100)))
      #expect(answer == .failure(.timedOut))
    }

    @Test("each stage has a limit of its own, and the whole one holds all the same")
    func stages() async throws {
      let peer = SilentPeer(answer: "")
      var request = HTTPClientRequest(url: peer.url, timeout: .seconds(5))
      request.connectTimeout = .seconds(2)
      request.answerTimeout = .milliseconds(100)
      #expect(await client.send(request) == .failure(.noAnswer(within: .milliseconds(100))))
      request.timeout = .milliseconds(50)
      #expect(await client.send(request) == .failure(.timedOut))
      let started = SilentPeer(answer: "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this")
      request.url = started.url
      request.timeout = .milliseconds(300)
      #expect(await client.send(request) == .failure(.timedOut), "the head came in time, the body did not")
    }

    @Test("a server whose queue of connections is full")
    func notConnected() async throws {
      let full = FullPort()
      var request = HTTPClientRequest(url: "http://127.0.0.1:\(full.port)/", timeout: .seconds(5))
      request.connectTimeout = .milliseconds(100)
      #expect(await client.send(request) == .failure(.notConnected(within: .milliseconds(100))))
    }

    @Test("given up: told at once, and the connection is closed")
    func cancelled() async throws {
      let peer = SilentPeer(answer: "")
      let server = try TestServer(http: TestRoutes())
      let answer = Probe<Result<HTTPClientResponse, HTTPClientError>?>(nil)
      let ticket = client.send(HTTPClientRequest(url: peer.url)) { result in answer.change { $0 = result } }
      #expect(peer.connections.wait { $0 == 1 })
      #expect(answer.current == nil)
      ticket.cancel()
      #expect(answer.current == .failure(.cancelled))
      ticket.cancel()
      let next = await client.send(HTTPClientRequest(url: server.baseURL + "/echo"))
      #expect(try next.get().status == 200)
    }

    @Test("nobody listens")
    func unreachable() async throws {
      let answer = await client.send(HTTPClientRequest(url: "http://127.0.0.1:1/", timeout: .seconds(5)))
      guard case .failure(.unreachable) = answer else {
        Issue.record("got \(answer)")
        return
      }
    }

    @Test("the answer is longer than asked for")
    func tooLarge() async throws {
      let server = try TestServer(http: TestRoutes())
      let answer = await client.send(HTTPClientRequest(url: server.baseURL + "/large", responseBytesMax: 1_000_000))
      #expect(answer == .failure(.tooLarge(limit: 1_000_000)))
    }

    @Test("the server hangs up within the body")
    func closedEarly() async throws {
      let peer = SilentPeer(answer: "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this", hangsUp: true)
      let answer = await client.send(HTTPClientRequest(url: peer.url, timeout: .seconds(5)))
      #expect(answer == .failure(.closedEarly))
    }

    @Test("an address that does not answer gives way to the next one of the name")
    func nextAddress() async throws {
      let server = try TestServer(http: TestRoutes())
      // A queue of one connection, which is taken: what else asks for a connection there hears nothing.
      let silent = try FullListener(address: "127.0.0.2", port: server.acceptor.port)
      let all = [try #require(IPAddress("127.0.0.2")), try #require(IPAddress("127.0.0.1"))]
      let client = HTTPClient(lookup: AddressLookup { _ in all })
      var request = HTTPClientRequest(url: "http://two.example:\(server.acceptor.port)/echo", timeout: .seconds(120))
      request.permits = { _, _, _ in true }
      request.connectTimeout = .milliseconds(200)
      #expect(try await client.send(request).get().status == 200)
      let alone = HTTPClient(lookup: AddressLookup { _ in [all[0]] })
      #expect(await alone.send(request) == .failure(.notConnected(within: .milliseconds(200))))
      silent.close()
    }

    @Test("a server that keeps its end open after its answer takes our descriptors for no longer than a close may take")
    func lingering() async throws {
      let peer = SilentPeer(answer: "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
      // The first request starts the client's thread.
      let first = SilentPeer(answer: "HTTP/1.1 200 OK\r\n\r\nok", hangsUp: true)
      #expect(try await client.send(HTTPClientRequest(url: first.url)).get().status == 200)
      let before = OpenFiles.count
      for _ in 0..<5 {
        let answer = await client.send(HTTPClientRequest(url: peer.url, timeout: .seconds(600)))
        #expect(try answer.get().body == Array("ok".utf8))
      }
      // The peer's five ends stay.
      #expect(eventually { OpenFiles.count <= before + 5 })
    }

    @Test("a server that hangs up instead of answering may have read the request")
    func lost() async {
      let peer = SilentPeer(answer: "", hangsUp: true)
      let answer = await client.send(HTTPClientRequest(url: peer.url, timeout: .seconds(5)))
      guard case .failure(.lost) = answer else {
        Issue.record("got \(answer)")
        return
      }
    }

    @Test("a body that ends with the connection is whole")
    func untilClose() async throws {
      let peer = SilentPeer(answer: "HTTP/1.1 200 OK\r\n\r\nall of it", hangsUp: true)
      let answer = await client.send(HTTPClientRequest(url: peer.url, timeout: .seconds(5)))
      #expect(try String(decoding: answer.get().body, as: UTF8.self) == "all of it")
    }

    @Test(
      "a chunk of 2 GiB and more ends the request, not the process",
      arguments: ["80000000", "ffffffff", "fffffff0", "7fffffffffffffff", "1ffffffff", "ffffffffffffffff"])
    func hugeChunk(length: String) async throws {
      let text = String(repeating: "x", count: 5_000)
      let peer = SilentPeer(
        answer: "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\(length)\r\n\(text)", hangsUp: true)
      let answer = await HTTPClient().send(HTTPClientRequest(url: peer.url, timeout: .seconds(5)))
      #expect(throws: HTTPClientError.closedEarly) { try answer.get() }
    }

    @Test("chunks are joined, or given one by one")
    func chunked() async throws {
      let text = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\none \r\n3\r\ntwo\r\n0\r\n\r\n"
      let peer = SilentPeer(answer: text)
      let whole = await client.send(HTTPClientRequest(url: peer.url, timeout: .seconds(5)))
      #expect(try String(decoding: whole.get().body, as: UTF8.self) == "one two")
      let pieces = Probe<[UInt8]>([])
      let other = SilentPeer(answer: text)
      let streamed = await client.send(
        HTTPClientRequest(
          url: other.url, timeout: .seconds(5),
          onPiece: { piece in
            let copy = Array(piece); pieces.change { $0 += copy }
          }))
      #expect(try streamed.get().body == [])
      #expect(String(decoding: pieces.current, as: UTF8.self) == "one two")
    }

    @Test(
      "what is no HTTP URL is refused at once",
      arguments: [
        "", "ftp://x/", "ws://x/", "http://", "http://a b/", "http://x:0/", "http://u:p@x/", "http://x/\r\nevil: 1",
      ])
    func invalidURL(url: String) async {
      #expect(await client.send(HTTPClientRequest(url: url)) == .failure(.invalidURL(url)))
    }

    @Test("https to a server without TLS")
    func noTLS() async throws {
      let server = try TestServer(http: TestRoutes())
      let answer = await client.send(
        HTTPClientRequest(url: "https://127.0.0.1:\(server.acceptor.port)/", timeout: .seconds(5)))
      switch answer {
      case .failure(.tls), .failure(.unreachable): break
      default: Issue.record("got \(answer)")
      }
    }

    @Test("too many at once, and none after the end")
    func limits() async throws {
      let peer = SilentPeer(answer: "")
      let small = HTTPClient(requestCountMax: 1)
      async let first = small.send(HTTPClientRequest(url: peer.url, timeout: .seconds(30)))
      #expect(peer.connections.wait { $0 == 1 })
      #expect(await small.send(HTTPClientRequest(url: peer.url)) == .failure(.busy(limit: 1)))
      small.stop()
      #expect(await first == .failure(.stopped))
      #expect(await small.send(HTTPClientRequest(url: peer.url)) == .failure(.stopped))
    }
  }
}
