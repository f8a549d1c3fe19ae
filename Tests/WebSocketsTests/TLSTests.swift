import TestSupport
import Glibc
import Testing
import WebSockets

extension RoomTests {
  @Suite("The HTTP client trusts whom it should", .enabled(if: access("/usr/bin/openssl", X_OK) == 0, "needs openssl"))
  struct TLSTests {
    /// `openssl s_server` with a certificate for `localhost` that nobody has signed but itself.
    private final class SecureServer {
      let certificate: String
      let port: UInt16
      private let folder: String
      private let server: Command

      init() throws {
        var template = Array("/tmp/websockets-tls-XXXXXX".utf8CString)
        folder = template.withUnsafeMutableBufferPointer { buffer in
          buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? ""
        }
        certificate = folder + "/cert.pem"
        let key = folder + "/key.pem"
        let making = try #require(
          Command([
            "/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost", "-addext",
            "subjectAltName=DNS:localhost",
          ]))
        #expect(making.wait())
        port = SilentPeer(answer: "").port  // free a moment ago
        server = try #require(
          Command([
            "/usr/bin/openssl", "s_server", "-accept", "127.0.0.1:\(port)", "-www", "-cert", certificate, "-key", key,
          ]))
        let isUp = eventually { [port] in (try? RawSocket(port: port)) != nil }
        #expect(isUp)
      }

      func answer(at host: String) async -> Result<HTTPClientResponse, HTTPClientError> {
        await HTTPClient().send(HTTPClientRequest(url: "https://\(host):\(port)/", timeout: .seconds(5)))
      }

      deinit {
        for name in ["cert.pem", "key.pem"] { unlink(folder + "/" + name) }
        rmdir(folder)
      }
    }

    @Test("a trusted certificate of the right host")
    func trusted() async throws {
      let server = try SecureServer()
      setenv("SSL_CERT_FILE", server.certificate, 1)
      defer { unsetenv("SSL_CERT_FILE") }
      let response = try await server.answer(at: "localhost").get()
      #expect(response.status == 200 && String(decoding: response.body, as: UTF8.self).contains("s_server"))
    }

    @Test("a trusted certificate of another host")
    func otherHost() async throws {
      let server = try SecureServer()
      setenv("SSL_CERT_FILE", server.certificate, 1)
      defer { unsetenv("SSL_CERT_FILE") }
      let answer = await server.answer(at: "127.0.0.1")
      guard case .failure(.tls) = answer else {
        Issue.record("got \(answer)")
        return
      }
    }

    @Test("a certificate nobody trusts")
    func untrusted() async throws {
      let server = try SecureServer()
      let answer = await server.answer(at: "localhost")
      guard case .failure(.tls) = answer else {
        Issue.record("got \(answer)")
        return
      }
    }
  }
}
