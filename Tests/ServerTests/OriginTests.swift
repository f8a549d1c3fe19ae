import TestSupport
import CallCore
import CallServer
import JSON
import Stores
import Testing
import WebSockets

extension ServerTests {
  @Suite("Host and Origin")
  struct OriginTests {
    /// Heads of a request, `PORT` standing for the server's own, and the status that a GET, a POST and a handshake get.
    struct Row: Sendable, CustomTestStringConvertible {
      var host: String
      var origin: String?
      var get: Int
      var post: Int
      var upgrade: Int

      init(_ host: String, _ origin: String, _ get: Int, _ post: Int, _ upgrade: Int) {
        (self.host, self.origin, self.get, self.post, self.upgrade) = (host, origin, get, post, upgrade)
      }

      init(_ host: String, _ get: Int, _ post: Int, _ upgrade: Int) {
        (self.host, self.get, self.post, self.upgrade) = (host, get, post, upgrade)
      }

      var testDescription: String { "Host \(host), Origin \(origin ?? "none")" }
    }

    private static let own = "127.0.0.1:PORT"
    private static let withoutKeys: [Row] = [
      Row(own, 200, 200, 101), Row("127.0.0.1", 200, 200, 101), Row("127.45.6.7:9", 200, 200, 101),
      Row("localhost", 200, 200, 101), Row("LocalHost:1", 200, 200, 101), Row("[::1]:PORT", 200, 200, 101),
      Row("[0:0:0:0:0:0:0:1]", 200, 200, 101),
      // Another name, whether or not a page of that name asks.
      Row("evil.example:PORT", 421, 421, 421), Row("evil.example:PORT", "http://evil.example:PORT", 421, 421, 421),
      Row("evil.example", "http://evil.example", 421, 421, 421),
      Row("localhost.evil.example", "http://localhost.evil.example", 421, 421, 421),
      Row("127.0.0.1.evil.example:PORT", 421, 421, 421), Row("evil.localhost", 421, 421, 421),
      Row("localhost.", 421, 421, 421), Row("127.0.0.1.", 421, 421, 421), Row("evil.example.", 421, 421, 421),
      // Digits that are not loopback, or not written as browsers write them.
      Row("0.0.0.0:PORT", "http://0.0.0.0:PORT", 421, 421, 421), Row("192.168.1.4", 421, 421, 421),
      Row("127.1", 421, 421, 421), Row("2130706433", 421, 421, 421), Row("0x7f.0.0.1", 421, 421, 421),
      Row("127.0.0.01", 421, 421, 421), Row("[::]:PORT", 421, 421, 421), Row("[fe80::1]", 421, 421, 421),
      Row("[::ffff:127.0.0.1]", 421, 421, 421),
      // What is no host.
      Row("", 400, 400, 400), Row(" ", 400, 400, 400), Row("localhost@evil.example", 400, 400, 400),
      Row("localhost, evil.example", 400, 400, 400), Row("localhost/evil", 400, 400, 400), Row("::1", 400, 400, 400),
      Row("[::1", 400, 400, 400), Row("[::1%25lo]", 400, 400, 400), Row("localhost:x", 400, 400, 400),
      Row("localhost:65536", 400, 400, 400), Row(":PORT", 400, 400, 400),
      // Pages.
      Row(own, "http://127.0.0.1:PORT", 200, 200, 101), Row(own, "https://127.0.0.1:PORT", 200, 200, 101),
      Row(own, "HTTP://127.0.0.1:PORT", 200, 200, 101), Row("localhost", "http://localhost:80", 200, 200, 101),
      Row(own, "null", 200, 403, 403), Row(own, "http://evil.example", 200, 403, 403),
      Row(own, "http://127.0.0.1:PORT.evil.example", 400, 400, 400), Row(own, "http://localhost:PORT", 200, 403, 403),
      Row(own, "http://evil.example/127.0.0.1:PORT", 400, 400, 400), Row(own, "http://127.0.0.1", 200, 403, 403),
      Row(own, "http://evil.example#@127.0.0.1:PORT", 400, 400, 400), Row(own, "127.0.0.1:PORT", 400, 400, 400),
      Row(own, "http://user@127.0.0.1:PORT", 400, 400, 400), Row(own, "x://127.0.0.1:PORT", 400, 400, 400),
      Row(own, "http://127.0.0.1:PORT http://evil.example", 400, 400, 400),
      Row(own, "://127.0.0.1:PORT", 400, 400, 400),
      Row(own, "chrome-extension://abcdefgh", 200, 403, 403), Row(own, "http://[::1]:PORT", 200, 403, 403),
    ]

    @Test(
      "without keys only names of this machine are answered, and pages of others change nothing", arguments: withoutKeys
    )
    func keyless(_ row: Row) throws { try check(row, Self.server.get().server.port) }

    private static let server = Result { try TestServer() }

    @Test("handshakes that are refused for host or origin use up none of the calls that may begin")
    func refusedTakeNothing() throws {
      let server = try TestServer { $0.admission.callStartsPerSecondMax = 2 }
      for _ in 0..<20 {
        try check(Row("evil.example", 421, 421, 421), server.server.port)
        try check(Row(Self.own, "http://evil.example", 200, 403, 403), server.server.port)
      }
      try check(Row(Self.own, 200, 200, 101), server.server.port)
    }

    private func check(_ row: Row, _ port: UInt16, key: String? = nil) throws {
      let fill = { (text: String) in text.replacing("PORT", with: "\(port)") }
      let names =
        "host: \(fill(row.host))\r\n" + (row.origin.map { "origin: \(fill($0))\r\n" } ?? "")
        + (key.map { "x-api-key: \($0)\r\n" } ?? "")
      func status(_ request: String) throws -> Int? {
        let socket = try RawSocket(port: port)
        socket.write(request)
        let answer = socket.read { $0.contains("\r\n\r\n") }
        return Int(answer.split(separator: " ").dropFirst().first ?? "")
      }
      let body = "states: {}"
      #expect(try status("GET /api/flows HTTP/1.1\r\n\(names)connection: close\r\n\r\n") == row.get)
      #expect(
        try status(
          "POST /api/flows/check HTTP/1.1\r\n\(names)content-length: \(body.utf8.count)\r\nconnection: close\r\n\r\n"
            + body) == row.post)
      #expect(
        try status(
          "GET /v1/call HTTP/1.1\r\n\(names)upgrade: websocket\r\nconnection: Upgrade\r\n"
            + "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n"
            + "sec-websocket-protocol: voiceforge.v1\r\n\r\n") == row.upgrade)
    }

    @Test("every path is behind the check: the page, health, figures, the call path, a long upload")
    func everyPath() throws {
      let server = try Self.server.get()
      for request in [
        "GET / HTTP/1.1", "GET /healthz HTTP/1.1", "GET /openapi.json HTTP/1.1", "GET /metrics HTTP/1.1",
        "GET /v1/call HTTP/1.1", "GET /nothing HTTP/1.1", "HEAD /api/calls HTTP/1.1", "DELETE /api/calls/1 HTTP/1.1",
        "OPTIONS /api/calls HTTP/1.1", "POST /api/stt HTTP/1.1\r\ncontent-length: 10000000",
      ] {
        let socket = try RawSocket(port: server.server.port)
        socket.write("\(request)\r\nhost: evil.example\r\n\r\n")
        #expect(socket.read { $0.contains("\r\n\r\n") }.hasPrefix("HTTP/1.1 421 Misdirected Request"), "\(request)")
      }
    }

    @Test(
      "a path that takes no body receives none, long or in chunks",
      arguments: ["/healthz", "/openapi.json", "/v1/call", "/", "/api/calls"])
    func noBodies(path: String) throws {
      let server = try Self.server.get()
      for length in ["content-length: 16777216", "transfer-encoding: chunked"] {
        let socket = try RawSocket(port: server.server.port)
        socket.write("GET \(path) HTTP/1.1\r\nhost: localhost\r\n\(length)\r\n\r\n")
        #expect(socket.read { $0.contains("\r\n\r\n") }.hasPrefix("HTTP/1.1 413 "), "\(length)")
      }
    }

    @Test("a request without Host, or with two, is refused", arguments: ["1.0", "1.1"])
    func unnamed(version: String) throws {
      let server = try TestServer.shared.get()
      for lines in [
        "", "host: localhost\r\nhost: evil.example\r\n", "host: evil.example\r\nhost: localhost\r\n",
      ] {
        let socket = try RawSocket(port: server.server.port)
        socket.write("GET /api/flows HTTP/\(version)\r\n\(lines)\r\n")
        let answer = socket.read { $0.contains("\r\n\r\n") }
        #expect(answer.hasPrefix("HTTP/1.1 400 ") || answer.hasPrefix("HTTP/1.1 421 "), "\(lines): \(answer)")
      }
    }

    @Test("hosts of named origins are answered, and their pages may do everything")
    func named() throws {
      let server = try TestServer { $0.allowedOrigins = ["https://desk.example", "http://[2001:db8::1]:3000"] }
      for row in [
        Row("desk.example", 200, 200, 101), Row("DESK.example:PORT", 200, 200, 101),
        Row("[2001:db8::1]", 200, 200, 101), Row("desk.example.evil.example", 421, 421, 421),
        Row("[2001:db8::2]", 421, 421, 421), Row(Self.own, "https://desk.example", 200, 200, 101),
        Row(Self.own, "https://desk.example:443", 200, 200, 101), Row(Self.own, "http://desk.example", 200, 403, 403),
        Row(Self.own, "https://desk.example:444", 200, 403, 403),
        Row(Self.own, "https://a.desk.example", 200, 403, 403),
      ] { try check(row, server.server.port) }
    }

    @Test("with keys the name does not matter, the origin does")
    func keyed() throws {
      let store = MemoryKeyStore()
      let secret = KeySecret.random()
      _ = try store.add(secret.sealed(name: "all", scopes: Set(KeyScope.allCases), at: 0))
      let server = try TestServer(keys: store)
      for row in [
        Row("voice.example", 200, 200, 101), Row("voice.example", "https://voice.example", 200, 200, 101),
        Row("voice.example", "https://evil.example", 200, 403, 403),
        Row("voice.example", "x://voice.example", 400, 400, 400),
      ] { try check(row, server.server.port, key: secret.text) }
    }
  }
}
