import TestSupport
import CallCore
import CallServer
import JSON
import Stores
import Testing
import WebSockets

extension ServerTests {
  @Suite("Keys")
  struct KeyTests {
    private static let shared = Result { try KeyedServer() }
    let keyed: KeyedServer

    init() throws { keyed = try Self.shared.get() }

    @Test("every route: no key, a wrong one, an expired, a revoked, one for all else, and the right one")
    func everyRoute() throws {
      var answers = ""
      let routes = try keyed.describedRoutes()
      #expect(routes.count == RouteTable.routes.count)
      for route in routes {
        let path = route.path.replacing(/{[a-z]+}/, with: "nothing-of-the-name")
        func status(_ key: String?) throws -> Int {
          let answer = try keyed.ask(route.method, path, key: key)
          answers += "\(answer.headers) \(String(decoding: answer.body, as: UTF8.self))\n"
          if [401, 403, 429].contains(answer.status) {
            #expect(answer.headers["content-type"] == "application/problem+json", "\(route)")
            #expect((answer.headers["www-authenticate"] != nil) == (answer.status == 401), "\(route)")
          }
          return answer.status
        }
        guard let scope = route.scope else {
          // A webhook and a stream are believed by what they bring along.
          #expect(try [200, 403, 404, 426].contains(status(nil)), "\(route)")
          continue
        }
        #expect(try status(nil) == 401, "\(route)")
        #expect(try status(KeySecret.random().text) == 401, "\(route)")
        #expect(try status("nonsense") == 401, "\(route)")
        #expect(try status(keyed.expired.text) == 401, "\(route)")
        #expect(try status(keyed.revoked.text) == 401, "\(route)")
        #expect(try status(keyed.lacking[scope]?.text) == 403, "\(route)")
        for key in [keyed.admin.text, KeyedServer.environmentKey] {
          let right = try status(key)
          #expect(![401, 403, 429, 500].contains(right), "\(route): \(right)")
        }
      }
      for secret in keyed.secrets { #expect(!answers.contains(secret)) }
    }

    @Test("what is in no line of the table is answered by nobody, whatever the key")
    func unlisted() throws {
      for path in ["/api", "/api/nothing", "/api/calls/1/2", "/v1/nothing", "/test", "/metrics/more", "/healthz/more"] {
        #expect(try keyed.ask("GET", path, key: keyed.admin.text).status == 404, "\(path)")
      }
      let answer = try keyed.ask("PUT", "/api/load", key: keyed.admin.text)
      #expect(answer.status == 405 && answer.headers["allow"] == "GET, HEAD, POST")
      #expect(try keyed.ask("DELETE", "/api/calls/1").status == 405)
    }

    @Test("x-api-key counts as well as a bearer token; a HEAD needs what a GET needs")
    func headers() throws {
      let key = keyed.admin.text
      #expect(try keyed.server.ask("/api/flows", headers: [("x-api-key", key)]).status == 200)
      #expect(try keyed.server.ask("/api/flows", headers: [("authorization", "bearer \(key)")]).status == 200)
      #expect(try keyed.server.ask("/api/flows", headers: [("authorization", "Basic \(key)")]).status == 401)
      guard case .route(let route, _) = RouteTable.find("HEAD", "/api/flows") else {
        Issue.record("a HEAD is no route")
        return
      }
      #expect(route.scope == .read)
    }

    @Test("a key is made, shown once, used, listed without its secret, and revoked at once")
    func life() throws {
      let body = #"{"name":"ci","scopes":["read","call"],"expiresInSeconds":60,"requestsPerMinute":2}"#
      let made = try keyed.ask("POST", "/api/keys", key: keyed.admin.text, body: body)
      #expect(made.status == 201 && made.headers["cache-control"] == "no-store")
      let document = try JSONValue(parsing: made.body)
      let key = try #require(document.text(at: "key"))
      let id = try #require(document.text(at: "id"))
      #expect(key.wholeMatch(of: /vf_[0-9a-f]{12}_[0-9a-f]{64}/) != nil && key.contains(id))
      #expect(document.text(at: "state") == "active")
      for status in [200, 200, 429] {
        let answer = try keyed.ask("GET", "/api/flows", key: key)
        #expect(answer.status == status)
        #expect((answer.headers["retry-after"] != nil) == (status == 429))
      }
      let list = String(decoding: try keyed.ask("GET", "/api/keys", key: keyed.admin.text).body, as: UTF8.self)
      #expect(list.contains(id) && !list.contains(key) && !list.contains("salt") && !list.contains("digest"))
      #expect(list.contains(#""lasting":false"#) && list.contains("VOICE_API_KEY"))
      #expect(try keyed.ask("DELETE", "/api/keys/\(id)", key: keyed.admin.text).status == 200)
      #expect(try keyed.ask("GET", "/api/flows", key: key).status == 401)
      #expect(try keyed.ask("DELETE", "/api/keys/environment", key: keyed.admin.text).status == 409)
    }

    @Test(
      "a request for a key that makes no sense is told why",
      arguments: [
        ("", 400), ("{", 400), ("{}", 422), (#"{"name":"a","scopes":[]}"#, 422),
        (#"{"name":"a","scopes":["all"]}"#, 422),
        (#"{"name":"a","scopes":["read","read","read","read","read","read","read"]}"#, 422),
        (#"{"name":"","scopes":["read"]}"#, 422),
        (#"{"name":"a","scopes":["read"],"requestsPerMinute":0}"#, 422),
        (#"{"name":"a","scopes":["read"],"expiresInSeconds":0}"#, 422),
      ])
    func senseless(body: String, status: Int) throws {
      let answer = try keyed.ask("POST", "/api/keys", key: keyed.admin.text, body: body.isEmpty ? " " : body)
      #expect(answer.status == status)
      #expect(try JSONValue(parsing: answer.body).text(at: "detail") != nil)
    }

    @Test("who is not let in is told so before the upload comes")
    func unsent() throws {
      let head = { (path: String, key: String) in
        "POST \(path) HTTP/1.1\r\nhost: x\r\nx-forwarded-for: 10.9.9.9\r\ncontent-type: audio/wav\r\nx-api-key: \(key)\r\n"
          + "content-length: 10000000\r\n\r\n"
      }
      let lacking = try #require(keyed.lacking[.speech]?.text)
      for (path, key, status) in [
        ("/api/stt", "wrong", 401), ("/api/stt", lacking, 403), ("/api/flows", "wrong", 401), ("/api/nothing", "", 404),
        ("/api/calls", "", 405), ("/", "", 405), ("/page.js", "", 405),
        ("/v1/call", "", 405),
        ("/api/flows", keyed.admin.text, 413), ("/testcases", keyed.admin.text, 413),
      ] {
        let socket = try RawSocket(port: keyed.server.server.port)
        socket.write(head(path, key))
        let answer = socket.read { _ in false }
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(path): \(answer.prefix(200))")
      }
    }

    @Test("a HEAD is refused as a GET is")
    func refusedHead() throws {
      let answer = try keyed.ask("HEAD", "/api/flows")
      #expect(answer.status == 401 && answer.headers["www-authenticate"] != nil && answer.body.isEmpty)
    }

    @Test("a page of another site may not make keys")
    func otherSite() throws {
      let answer = try keyed.server.ask(
        "/api/keys", method: "POST",
        headers: [("authorization", "Bearer \(keyed.admin.text)"), ("origin", "https://evil.example")],
        body: #"{"name":"a","scopes":["read"]}"#)
      #expect(answer.status == 403)
    }

    @Test("a call needs a key with the scope call, or a token that one was given")
    func calls() throws {
      let server = keyed.server
      for (key, status) in [
        (nil, 401), (KeySecret.random().text, 401), (keyed.expired.text, 401), (keyed.revoked.text, 401),
        (keyed.lacking[.call]?.text, 403),
      ] as [(String?, Int)] {
        let line = try HandDrivenCall(server, key: key)
        guard case .refused(status, _, let body)? = line.log.current.failure else {
          Issue.record("\(key ?? "no key"): \(String(describing: line.log.current.failure))")
          continue
        }
        #expect(String(decoding: body, as: UTF8.self).contains("\"status\":\(status)"))
      }
      let line = try HandDrivenCall(server, key: keyed.lacking[.manage]?.text)
      #expect(line.log.current.isOpen)
      line.close()
      let made = try keyed.ask("POST", "/api/call-tokens", key: keyed.lacking[.manage]?.text)
      let token = try #require(try JSONValue(parsing: made.body).text(at: "token"))
      #expect(made.status == 201 && token.hasPrefix("vft_"))
      let first = try HandDrivenCall(server, path: "/v1/call?token=\(token)")
      #expect(first.log.current.isOpen)
      first.close()
      let second = try HandDrivenCall(server, path: "/v1/call?token=\(token)")
      guard case .refused(401, _, _)? = second.log.current.failure else {
        Issue.record("a token was good twice: \(String(describing: second.log.current.failure))")
        return
      }
      #expect(try keyed.ask("GET", "/api/flows?token=\(token)").status == 401)
    }

    @Test("whoever has no key uses up none of the calls that may begin")
    func crowdWithoutKeys() throws {
      let store = MemoryKeyStore()
      let secret = KeySecret.random()
      _ = try store.add(secret.sealed(name: "caller", scopes: Set(KeyScope.allCases), at: 0))
      let server = try TestServer(keys: store) { $0.admission.callStartsPerSecondMax = 2 }
      for _ in 0..<10 {
        guard case .refused(401, _, _)? = try HandDrivenCall(server).log.current.failure else {
          Issue.record("let in, or turned away for another reason than its key")
          return
        }
      }
      let calls = try (0..<2).map { _ in try HandDrivenCall(server, key: secret.text) }
      #expect(calls.allSatisfy { $0.log.current.isOpen })
      guard case .refused(503, _, _)? = try HandDrivenCall(server, key: secret.text).log.current.failure else {
        Issue.record("with a key more calls begin in a second than may")
        return
      }
    }

    @Test("wrong keys from one address are throttled there and nowhere else, and counted")
    func throttled() throws {
      for _ in 0..<FailedKeyThrottle.perMinute {
        #expect(try keyed.ask("GET", "/api/flows", key: "wrong", from: "evil, 192.0.2.1").status == 401)
      }
      // What stands before the last comma anybody can write. Where the requests take long, another one is allowed every three seconds.
      var answer = try keyed.ask("GET", "/api/flows", key: "wrong", from: "192.0.2.7, 192.0.2.1")
      for _ in 0..<100 where answer.status == 401 {
        answer = try keyed.ask("GET", "/api/flows", key: "wrong", from: "192.0.2.7, 192.0.2.1")
      }
      #expect(answer.status == 429)
      #expect(answer.headers["retry-after"].flatMap { Int($0) }.map { (1...3).contains($0) } == true)
      #expect(try keyed.ask("GET", "/api/flows", key: "wrong", from: "192.0.2.2").status == 401)
      let metrics = try keyed.ask("GET", "/metrics", key: keyed.admin.text, from: "192.0.2.2")
      let text = String(decoding: metrics.body, as: UTF8.self)
      #expect(text.contains(#"voiceforge_key_requests_refused_total{reason="throttled"} "#))
      #expect(!text.contains(#"voiceforge_key_requests_refused_total{reason="throttled"} 0"#))
    }

    @Test("no secret is in the log, in the figures or in an answer")
    func planted() throws {
      for secret in keyed.secrets { _ = try keyed.ask("GET", "/api/calls?key=\(secret)", key: secret) }
      var written = keyed.logLines.current.joined(separator: "\n")
      #expect(!written.isEmpty)
      for path in ["/metrics", "/api/keys", "/api/calls", "/readyz", "/v1/call"] {
        written += String(decoding: try keyed.ask("GET", path, key: keyed.admin.text).body, as: UTF8.self)
      }
      written += try keyed.store.keys().map { "\($0)" }.joined()
      for secret in keyed.secrets { #expect(!written.contains(secret)) }
    }

    @Test("the first key must be able to manage keys; then it is asked for, and cannot be lost")
    func first() throws {
      let server = try TestServer(keys: MemoryKeyStore(), waits: false)
      func ask(_ method: String, _ path: String, _ body: String = "", key: String? = nil) throws -> HTTPClientResponse {
        try server.ask(path, method: method, headers: key.map { [("x-api-key", $0)] } ?? [], body: body)
      }
      #expect(!server.server.asksForKeys)
      #expect(try ask("GET", "/metrics").status == 200)
      #expect(try ask("POST", "/api/keys", #"{"name":"a","scopes":["read"]}"#).status == 422)
      let made = try ask("POST", "/api/keys", #"{"name":"a","scopes":["manage"]}"#)
      let document = try JSONValue(parsing: made.body)
      let (id, key) = (try #require(document.text(at: "id")), try #require(document.text(at: "key")))
      #expect(server.server.asksForKeys)
      #expect(try ask("GET", "/metrics").status == 401)
      #expect(try ask("GET", "/healthz").status == 200)
      #expect(try ask("DELETE", "/api/keys/\(id)", key: key).status == 409)
      #expect(try ask("GET", "/api/keys", key: key).status == 200)
    }

    @Test("a store that does not answer lets nobody in")
    func brokenStore() throws {
      let server = try TestServer(keys: BrokenKeyStore(), waits: false)
      #expect(try server.ask("/api/flows").status == 503)
      #expect(try server.ask("/api/flows", headers: [("x-api-key", keyed.admin.text)]).status == 503)
      #expect(try server.ask("/healthz").status == 200)
    }
  }
}
