import TestSupport
import CallCore
import CallServer
import Stores
import Testing

extension ServerTests {
  @Suite("Pages of named origins use REST")
  struct CORSTests {
    private static let testServer = "https://desk.example"

    private func head(_ port: UInt16, _ request: String, _ lines: String..., body: String = "") throws -> String {
      let socket = try RawSocket(port: port)
      socket.write(
        "\(request) HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n" + lines.map { "\($0)\r\n" }.joined()
          + (body.isEmpty ? "" : "content-length: \(body.utf8.count)\r\n") + "\r\n\(body)")
      return socket.read { $0.contains("\r\n\r\n") }
    }

    private func keyed() throws -> (server: TestServer, key: String) {
      let store = MemoryKeyStore()
      let secret = KeySecret.random()
      _ = try store.add(secret.sealed(name: "all", scopes: Set(KeyScope.allCases), at: 0))
      return (try TestServer(keys: store) { $0.allowedOrigins = [Self.testServer] }, secret.text)
    }

    @Test("a preflight of a named origin needs no key and says what may be sent")
    func preflight() throws {
      let (server, _) = try keyed()
      for (path, methods) in [
        ("/v1/audio/speech", "POST"), ("/api/call-tokens", "POST"), ("/api/calls", "GET, HEAD"),
        ("/api/flows/one", "GET, HEAD, PUT, DELETE"), ("/v1/call", "GET, HEAD"),
      ] {
        let answer = try head(
          server.server.port, "OPTIONS \(path)", "origin: \(Self.testServer)", "access-control-request-method: POST",
          "access-control-request-headers: authorization,x-stainless-lang")
        #expect(answer.hasPrefix("HTTP/1.1 204 "), "\(path): \(answer)")
        for line in [
          "access-control-allow-origin: \(Self.testServer)", "access-control-allow-methods: \(methods)", "vary: Origin",
          "access-control-allow-headers: authorization,x-stainless-lang",
        ] { #expect(answer.contains("\r\n\(line)\r\n"), "\(path): \(answer)") }
        #expect(!answer.contains("access-control-allow-credentials"))
      }
      let odd = try head(
        server.server.port, "OPTIONS /api/calls", "origin: \(Self.testServer)", "access-control-request-method: GET",
        "access-control-request-headers: a(b)")
      #expect(odd.contains("access-control-allow-headers: authorization, content-type"))
    }

    @Test(
      "a preflight of any other origin is refused, and no answer may be read there",
      arguments: ["https://evil.example", "http://desk.example", "https://desk.example.evil.example", "null"])
    func foreign(origin: String) throws {
      let (server, key) = try keyed()
      let preflight = try head(
        server.server.port, "OPTIONS /api/calls", "origin: \(origin)", "access-control-request-method: GET")
      #expect(preflight.hasPrefix("HTTP/1.1 403 "), "\(preflight)")
      let get = try head(server.server.port, "GET /api/calls", "origin: \(origin)", "x-api-key: \(key)")
      #expect(get.hasPrefix("HTTP/1.1 200 ") && get.contains("vary: Origin"))
      for answer in [preflight, get] { #expect(!answer.contains("access-control-"), "\(answer)") }
    }

    @Test("a named origin reads REST, speech, tokens, errors and refused uploads")
    func named() throws {
      let (server, key) = try keyed()
      let speech = #"{"model":"hibari","voice":"espeak:en-us","input":"Hello. Hello again.","response_format":"wav"}"#
      for (request, status, body) in [
        ("GET /api/flows", 200, ""), ("POST /api/call-tokens", 201, " "), ("POST /v1/audio/speech", 200, speech),
        ("GET /api/nothing", 404, ""), ("GET /v1/call", 426, ""), ("GET /healthz", 200, ""),
      ] {
        let answer = try head(
          server.server.port, request, "origin: \(Self.testServer)", "x-api-key: \(key)",
          "content-type: application/json",
          body: body)
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(request): \(answer)")
        #expect(answer.contains("\r\naccess-control-allow-origin: \(Self.testServer)\r\n"), "\(request): \(answer)")
        #expect(answer.contains("access-control-expose-headers: "), "\(request)")
      }
      for (request, status) in [
        ("GET /api/flows", 401), ("POST /api/stt", 401),
      ] {
        let answer = try head(
          server.server.port, request, "origin: \(Self.testServer)",
          request.hasPrefix("POST") ? "content-length: 10000000" : "accept: */*")
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(request): \(answer)")
        #expect(answer.contains("\r\naccess-control-allow-origin: \(Self.testServer)\r\n"), "\(request): \(answer)")
      }
    }

    @Test("a server without named origins says nothing of them, and OPTIONS alone is no preflight")
    func unnamed() throws {
      let port = try TestServer.shared.get().server.port
      let get = try head(port, "GET /healthz", "origin: http://localhost")
      #expect(get.hasPrefix("HTTP/1.1 200 ") && !get.contains("access-control-") && !get.contains("vary:"))
      #expect(try head(port, "OPTIONS /api/calls").hasPrefix("HTTP/1.1 405 "))
    }
  }
}
