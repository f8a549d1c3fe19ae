import TestSupport
import Glibc
import Testing
import WebSockets

extension RoomTests {
  @Suite("Answers that are made while they are sent")
  struct HTTPStreamTests {
    /// Answers `/stream` from a source, watches those who wait for `/hold`, and refuses the bodies of `/small`.
    struct Routes: HTTPHandler {
      let source: PieceSource
      let replies = Probe<[HTTPReply]>([])
      let gone = Probe(0)

      func respond(to request: HTTPRequest, reply: HTTPReply) {
        switch request.path {
        case "/stream":
          reply.stream(HTTPResponse(status: 200, body: PieceSource.piece(0, 10)), from: source)
        case "/hold":
          reply.watch { gone.change { $0 += 1 } }
          replies.change { $0.append(reply) }
        default: reply.send(HTTPResponse(status: 200, contentType: "text/plain", text: "[\(request.body.count)]"))
        }
      }

      func rejectBody(of request: inout HTTPRequest, bodyBytes: Int?) -> HTTPResponse? {
        request.path == "/small" && bodyBytes ?? 0 > 10 ? .problem(status: 413, detail: "at most 10 bytes") : nil
      }
    }

    private func ask(_ server: TestServer, _ path: String, version: String = "1.1") throws -> RawSocket {
      let socket = try RawSocket(port: server.acceptor.port)
      socket.write("GET \(path) HTTP/\(version)\r\nhost: x\r\n\r\n")
      return socket
    }

    @Test("the pieces come in order, in chunks, and the connection lives on")
    func chunks() throws {
      let source = PieceSource(count: 3, bytes: 5)
      let server = try TestServer(http: Routes(source: source))
      let socket = try ask(server, "/stream")
      let answer = socket.read { $0.hasSuffix("0\r\n\r\n") }
      #expect(answer.contains("transfer-encoding: chunked") && !answer.contains("content-length"))
      #expect(answer.hasSuffix("\r\n\r\na\r\naaaaaaaaaa\r\n5\r\nbbbbb\r\n5\r\nccccc\r\n5\r\nddddd\r\n0\r\n\r\n"))
      socket.write("GET /other HTTP/1.1\r\nhost: x\r\n\r\n")
      #expect(socket.read { $0.contains("[0]") }.hasSuffix("[0]"))
      #expect(!source.isGone.current)
    }

    @Test("a client of HTTP/1.0 gets the same up to the end of the connection")
    func oldClient() throws {
      let server = try TestServer(http: Routes(source: PieceSource(count: 2, bytes: 3)))
      let answer = try ask(server, "/stream", version: "1.0").readToEnd()
      #expect(!answer.contains("chunked") && answer.hasSuffix("\r\n\r\naaaaaaaaaabbbccc"))
    }

    @Test("pieces larger than the loop's buffer arrive whole")
    func largePieces() throws {
      let source = PieceSource(count: 4, bytes: 300_000)
      let server = try TestServer(http: Routes(source: source))
      let answer = try ask(server, "/stream", version: "1.0").readToEnd()
      #expect(answer.utf8.count { $0 == UInt8(ascii: "e") } >= 300_000)
      #expect(answer.utf8.count > 1_200_000)
    }

    @Test("nothing is made ahead of a client that does not read")
    func slowReader() throws {
      let source = PieceSource(count: 1000, bytes: 1_000_000)
      let server = try TestServer(http: Routes(source: source))
      let socket = try ask(server, "/stream")
      #expect(source.asked.wait { $0 > 0 })
      usleep(300_000)
      // What the kernel holds for both ends together is a few megabytes.
      #expect(source.asked.current < 20)
      socket.hangUp()
      #expect(source.isGone.wait { $0 })
    }

    @Test("a client that closes is noticed while a piece is being made")
    func gone() throws {
      let source = PieceSource(count: 2, bytes: 5, holds: true)
      let server = try TestServer(http: Routes(source: source))
      let socket = try ask(server, "/stream")
      #expect(source.held.wait { $0.count == 1 })
      #expect(!source.isGone.current)
      socket.hangUp()
      #expect(source.isGone.wait { $0 })
      source.held.current.first?.send([1], isLast: true)  // goes nowhere
    }

    @Test("a piece that nobody makes cuts the connection: half an answer is not the whole")
    func dropped() throws {
      let source = PieceSource(count: 2, bytes: 5, holds: true)
      let server = try TestServer(http: Routes(source: source))
      let socket = try ask(server, "/stream")
      #expect(source.held.wait { $0.count == 1 })
      source.held.change { $0 = [] }
      let answer = socket.readToEnd()
      #expect(answer.contains("aaaaaaaaaa") && !answer.contains("\r\n0\r\n"))
    }

    @Test("a loop that stops tells the source")
    func stops() throws {
      let source = PieceSource(count: 2, bytes: 5, holds: true)
      let server = try TestServer(http: Routes(source: source))
      let socket = try ask(server, "/stream")
      #expect(source.held.wait { $0.count == 1 })
      server.stop()
      #expect(source.isGone.wait { $0 })
      socket.hangUp()
    }

    @Test("a client that gives up waiting for its answer is noticed; one that is answered is not called gone")
    func watched() throws {
      let routes = Routes(source: PieceSource(count: 0, bytes: 0))
      let server = try TestServer(http: routes)
      let patient = try ask(server, "/hold")
      #expect(routes.replies.wait { $0.count == 1 })
      usleep(300_000)
      #expect(routes.gone.current == 0)
      routes.replies.current[0].send(HTTPResponse(status: 200, contentType: "text/plain", text: "done"))
      #expect(patient.read { $0.contains("done") }.hasPrefix("HTTP/1.1 200"))
      patient.hangUp()
      let impatient = try ask(server, "/hold")
      #expect(routes.replies.wait { $0.count == 2 })
      impatient.hangUp()
      #expect(routes.gone.wait { $0 == 1 })
    }

    @Test(
      "a body can be refused before it comes, and the client can read why", arguments: [(9, "200"), (900_000, "413")])
    func refusal(bytes: Int, status: String) throws {
      let server = try TestServer(http: Routes(source: PieceSource(count: 0, bytes: 0)))
      let socket = try RawSocket(port: server.acceptor.port)
      socket.write("POST /small HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: \(bytes)\r\n\r\n")
      socket.write([UInt8](repeating: 65, count: bytes))
      #expect(socket.readToEnd().hasPrefix("HTTP/1.1 \(status) "))
    }
  }
}
