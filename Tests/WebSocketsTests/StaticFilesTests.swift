import TestSupport
import Testing
import WebSockets

extension RoomTests {
  @Suite("Files below a folder are served")
  struct StaticFilesTests {
    @Test(
      "with their type",
      arguments: [
        ("/", "text/html; charset=utf-8", "<h1>page</h1>"), ("/sub/", "text/html; charset=utf-8", "sub"),
        ("/app.mjs", "text/javascript; charset=utf-8", "export {}"), ("/tone.wav", "audio/wav", "RIFF0123456789"),
        ("/site.webmanifest", "application/manifest+json", "{}"),
        ("/index.html?v=1", "text/html; charset=utf-8", "<h1>page</h1>"),
      ])
    func served(path: String, type: String, text: String) async throws {
      let pages = try TestPages()
      let server = try TestServer(http: TestRoutes(files: try pages.files()))
      let response = await server.get(path)
      #expect(response?.status == 200)
      #expect(response?.headers["content-type"] == type)
      #expect(response.map { String(decoding: $0.body, as: UTF8.self) } == text)
      #expect(
        response?.headers["content-security-policy"]?.contains(
          "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
            + "connect-src 'self' ws: wss:; worker-src 'self' blob:") == true)
    }

    @Test("an unchanged file is answered 304")
    func notModified() async throws {
      let pages = try TestPages()
      let server = try TestServer(http: TestRoutes(files: try pages.files()))
      let tag = try #require(await server.get("/app.mjs")?.headers["etag"])
      let again = await server.get("/app.mjs", headers: [("if-none-match", "\"other\", \(tag)")])
      #expect(again?.status == 304 && again?.body == [])
      #expect(await server.get("/app.mjs", headers: [("if-none-match", "\"other\"")])?.status == 200)
    }

    @Test("files in memory are served like those of a folder, and nothing else is")
    func memory() async throws {
      let files = StaticFiles([
        "index.html": Array("page".utf8), "js/a.js": Array("export {}".utf8), "js/index.html": Array("sub".utf8),
        "b.js": [],
      ])
      let server = try TestServer(http: TestRoutes(files: files))
      for (path, type, text) in [
        ("/", "text/html; charset=utf-8", "page"), ("/js/", "text/html; charset=utf-8", "sub"),
        ("/js/a.js", "text/javascript; charset=utf-8", "export {}"),
        ("/b.js?v=1", "text/javascript; charset=utf-8", ""),
      ] {
        let response = try #require(await server.get(path))
        #expect(response.status == 200 && response.headers["content-type"] == type, "\(path)")
        #expect(String(decoding: response.body, as: UTF8.self) == text, "\(path)")
        let tag = try #require(response.headers["etag"])
        #expect(await server.get(path, headers: [("if-none-match", tag)])?.status == 304)
      }
      let tags = [await server.get("/")?.headers["etag"], await server.get("/js/a.js")?.headers["etag"]]
      #expect(tags[0] != tags[1])
      let part = await server.get("/js/a.js", headers: [("range", "bytes=0-5")])
      #expect(part?.status == 206 && part?.body == Array("export".utf8))
      for path in ["/js", "/a.js", "//index.html", "/index.html/", "/js//a.js", "/.hidden"] {
        let status = await server.get(path)?.status
        #expect(status == 404 || status == 400, "\(path)")
      }
      let put = await server.client.send(HTTPClientRequest(method: "PUT", url: server.baseURL + "/b.js", body: [1]))
      #expect(try put.get().status == 405)
    }

    @Test(
      "nothing outside the folder, hidden or missing",
      arguments: [
        "/../secret.txt", "/sub/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt",
        "/sub/%2e%2e%2f%2e%2e/secret.txt",
        "/link.txt", "/.hidden", "/missing.html", "//etc/passwd", "/sub/nothing/",
      ])
    func outside(path: String) throws {
      let pages = try TestPages()
      let server = try TestServer(http: TestRoutes(files: try pages.files()))
      let socket = try RawSocket(port: server.acceptor.port)
      socket.write("GET \(path) HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
      let answer = socket.readToEnd()
      #expect(!answer.contains("outside") && !answer.contains("root:"))
      #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 404 ") || answer.hasPrefix("HTTP/1.1 40"))
    }

    @Test("files cannot be written")
    func readOnly() async throws {
      let pages = try TestPages()
      let server = try TestServer(http: TestRoutes(files: try pages.files()))
      let answer = await server.client.send(
        HTTPClientRequest(method: "PUT", url: server.baseURL + "/app.mjs", body: [1]))
      #expect(try answer.get().status == 405)
    }

    @Test(
      "a player may ask for a part of a recording",
      arguments: [
        ("bytes=0-3", 206, "RIFF", "bytes 0-3/14"), ("bytes=10-", 206, "6789", "bytes 10-13/14"),
        ("bytes=-2", 206, "89", "bytes 12-13/14"), ("bytes=12-99", 206, "89", "bytes 12-13/14"),
        ("bytes=14-", 416, "", "bytes */14"), ("lines=1-2", 200, "RIFF0123456789", nil),
        ("bytes=0-1,3-4", 200, "RIFF0123456789", nil),
      ] as [(String, Int, String, String?)])
    func ranges(range: String, status: Int, text: String, contentRange: String?) async throws {
      let pages = try TestPages()
      let server = try TestServer(http: TestRoutes(files: try pages.files()))
      let response = await server.get("/tone.wav", headers: [("range", range)])
      #expect(response?.status == status)
      #expect(response.map { String(decoding: $0.body, as: UTF8.self) } == text)
      #expect(response?.headers["content-range"] == contentRange)
    }
  }
}
