import JSON
import Foundation
import TestCluster
import Testing

@Suite(
  "keys, flows and matched voices in a database",
  .enabled(if: TestCluster.isWanted, "\(TestCluster.reason)"))
struct SharedDatabaseTests {
  private static func environment(_ url: String, _ more: [String: String] = [:]) -> [String: String] {
    ["USE_DATABASE": "true", "DATABASE_URL": url].merging(more) { $1 }
  }

  @Test("they are there after a restart, and used: the key opens, the flow is called, with the voice")
  func restart() async throws {
    let environment = Self.environment(try TestCluster.shared.get().freshURL())
    let first = try await RunningServer(environment: environment)
    var things = KeptThings(server: first)
    try await things.waitForEngines()
    try things.makeFlows()
    let voice = try things.makeVoice()
    let (id, key) = try things.makeKey("call", "read", "manage", "speech")
    things.key = key
    let (spare, _) = try things.makeKey("read")
    #expect(try things.ask("DELETE", "/api/keys/\(spare)").status == 200)
    let before = try things.everything()
    #expect(try await first.stop().status == 0)

    let second = try await RunningServer(environment: environment)
    try await second.command.wait(.seconds(10), for: "what it says of keys") {
      second.command.errors.contains("Requests need a key.") ? true : nil
    }
    #expect(try second.get("/api/flows").status == 401)
    things = KeptThings(server: second, key: key)
    try await things.waitForEngines()
    #expect(try things.everything() == before)
    let keys = try things.json("/api/keys")
    #expect(keys["lasting"] == .bool(true))
    #expect(keys.list("keys").map { $0.text(at: "id") } == [id, spare])
    #expect(keys.list("keys").map { $0.text(at: "state") } == ["active", "revoked"])
    #expect(keys.list("keys")[0].text(at: "name") == "Zoë's '; DROP TABLE voiceforge_keys; --")
    try await things.makeCall("--type", "anything", "--flow", "greeting", "--voice", voice)
    let call = try things.json("/api/calls")
    #expect(call.text(at: "calls.0.flow") == "greeting")
    let record = try things.json("/api/calls/\(try #require(call.text(at: "calls.0.id")))")
    #expect(record.text(at: "voice") == voice)
    let ended = try await second.stop()
    #expect(ended.status == 0)
    #expect(!ended.errors.contains("end with this server"))
    #expect(!(ended.errors + ended.output).contains(key))
  }

  @Test("two servers on one database: what one makes or takes away, the other knows within five seconds")
  func twoServers() async throws {
    let environment = Self.environment(try TestCluster.shared.get().freshURL())
    let (first, second) = (
      try await RunningServer(environment: environment), try await RunningServer(environment: environment)
    )
    var mine = KeptThings(server: first)
    try await mine.waitForEngines()
    #expect(try second.get("/api/flows").status == 200)
    let (_, admin) = try mine.makeKey("call", "read", "manage", "speech")
    mine.key = admin
    var theirs = KeptThings(server: second, key: admin)
    func known(_ what: String, _ isTrue: @escaping () throws -> Bool) async throws {
      try await second.command.wait(.seconds(5), for: what) { try isTrue() ? true : nil }
    }
    try await known("that keys are asked for") { try second.get("/api/flows").status == 401 }
    #expect(try theirs.ask("GET", "/api/flows").status == 200)
    let (id, key) = try mine.makeKey("read")
    theirs.key = key
    try await known("the new key") { try theirs.ask("GET", "/api/flows").status == 200 }
    #expect(try mine.ask("DELETE", "/api/keys/\(id)").status == 200)
    try await known("that it was revoked") { try theirs.ask("GET", "/api/flows").status == 401 }
    theirs.key = admin
    try mine.makeFlows()
    try await known("the flow") { try theirs.ask("GET", "/api/flows/greeting").text.contains("\"version\":2") }
    let change = Array(KeptThings.flow.utf8)
    #expect(try theirs.ask("PUT", "/api/flows/greeting", ["if-match": "\"1\""], change).status == 412)
    #expect(try theirs.ask("PUT", "/api/flows/greeting", ["if-match": "\"2\""], change).status == 200)
    #expect(try mine.ask("PUT", "/api/flows/greeting", ["if-match": "\"2\""], change).status == 412)
    let voice = try mine.makeVoice()
    try await known("the voice") { try theirs.ask("GET", "/api/voices/\(voice)").status == 200 }
    #expect(try mine.ask("DELETE", "/api/cloned-voices/\(voice)").status == 204)
    try await known("that it is gone") { try theirs.ask("GET", "/api/voices/\(voice)").status == 404 }
    for server in [first, second] { #expect(try await server.stop().status == 0) }
  }

  @Test("a call token of one server opens a call at the other, once, and none when its key was revoked at the first")
  func callTokens() async throws {
    let environment = Self.environment(try TestCluster.shared.get().freshURL())
    let first = try await RunningServer(["--node", "one"], environment: environment)
    let mine = KeptThings(server: first)
    try await mine.waitForEngines()
    let (_, admin) = try mine.makeKey("call", "read", "manage")
    let manager = KeptThings(server: first, key: admin)
    let (id, key) = try manager.makeKey("call")
    // It knows the keys from its start.
    let second = try await RunningServer(["--node", "two"], environment: environment)
    try await KeptThings(server: second, key: admin).waitForEngines()
    let holder = KeptThings(server: first, key: key)
    func made(_ path: String, _ member: String) throws -> String {
      let answer = try holder.ask("POST", path, ["content-type": "application/json"], Array("{}".utf8))
      return try #require(try JSONValue(parsing: answer.text).text(at: member))
    }
    func token() throws -> String { try made("/api/call-tokens", "token") }
    // 426: the key is right, and the request is no handshake.
    func status(_ token: String) throws -> Int { try second.get("/v1/call?token=\(token)").status }
    let early = try token()
    let twice = [try status(early), try status(early)]
    #expect(twice == [426, 401])
    let secret = try made("/v1/realtime/client_secrets", "value")
    let late = try token()
    let session = KeptThings(server: second, key: secret)
    #expect(try session.ask("GET", "/v1/realtime").status == 426)
    #expect(try manager.ask("DELETE", "/api/keys/\(id)").status == 200)
    try await second.command.wait(.seconds(5), for: "that it was revoked") {
      try session.ask("GET", "/v1/realtime").status == 401 ? true : nil
    }
    #expect(try status(late) == 401)
    let ended = [try await first.stop(), try await second.stop()]
    for (server, name) in zip(ended, ["one", "two"]) {
      #expect(server.status == 0 && server.errors.contains("node=\(name)"), "\(server.errors)")
      #expect(
        !server.errors.contains(late.suffix(64)) && !server.errors.contains(secret.suffix(64))
          && !server.errors.contains(key))
    }
  }

  @Test("while the database is away, known keys go on; a server that starts then lets nobody in but VOICE_API_KEY")
  func away() async throws {
    let cluster = try TestCluster()
    let environment = Self.environment(try cluster.freshURL())
    let first = try await RunningServer(environment: environment)
    var things = KeptThings(server: first)
    let (_, key) = try things.makeKey("read", "manage")
    things.key = key
    try cluster.stop()
    try await first.command.wait(.seconds(10), for: "readyz to tell") {
      try first.get("/readyz").body.contains("go on working") ? true : nil
    }
    #expect(try things.ask("GET", "/api/flows").status == 200)
    #expect(try first.get("/api/flows").status == 401)
    let made = try things.ask(
      "POST", "/api/keys", ["content-type": "application/json"], Array(#"{"name":"a","scopes":["read"]}"#.utf8))
    #expect(made.status == 503)
    #expect(try things.ask("POST", "/api/flows?name=greeting", [:], Array(KeptThings.flow.utf8)).status == 503)

    let planted = "planted-0123456789abcdef"
    let second = try await RunningServer(environment: environment.merging(["VOICE_API_KEY": planted]) { $1 })
    let alone = KeptThings(server: second, key: planted)
    #expect(try alone.ask("GET", "/api/flows").text.contains("\"appointment\""))
    for wrong in [nil, key, "planted-0123456789abcdeX", "vf_0123456789ab_" + String(repeating: "0", count: 64)] {
      let answer = try KeptThings(server: second, key: wrong).ask("GET", "/api/flows")
      #expect(answer.status == (wrong?.hasPrefix("planted") == true ? 401 : 503), "\(wrong ?? "none"): \(answer)")
    }
    let third = try await RunningServer(environment: environment)
    #expect(try third.get("/api/flows").status == 503)
    #expect(try third.get("/api/keys").status == 503)
    let open = try await Command.run(
      "serve", "--port", "0", "--host", "0.0.0.0", "--behind-proxy", environment: environment)
    #expect(open.status == 4 && open.errors.contains("set VOICE_API_KEY"), "\(open.errors)")

    try cluster.start()
    for server in [second, third] {
      try await server.command.wait(.seconds(15), for: "the keys of the database") {
        try KeptThings(server: server, key: key).ask("GET", "/api/flows").status == 200 ? true : nil
      }
      #expect(try server.get("/api/flows").status == 401)
    }
    try await first.command.wait(.seconds(15), for: "readyz to be quiet") {
      try first.get("/readyz").body.contains("go on working") ? nil : true
    }
    #expect(try things.ask("POST", "/api/flows?name=greeting", [:], Array(KeptThings.flow.utf8)).status == 201)
    try await second.command.wait(.seconds(5), for: "the flow that another server made") {
      try alone.ask("GET", "/api/flows/greeting").status == 200 ? true : nil
    }
    #expect(try alone.json("/api/flows/appointment")["version"] == .integer(1))
    for server in [first, second, third] { #expect(try await server.stop().status == 0) }
  }

  @Test("a flow of the database whose name the folder takes later gives way, which the log says; a changed one stays")
  func folder() async throws {
    let environment = Self.environment(try TestCluster.shared.get().freshURL())
    let folder = try Scratch()
    _ = try folder.write(KeptThings.flow, to: "first.yaml")
    let first = try await RunningServer(["--flows", folder.path], environment: environment)
    let things = KeptThings(server: first)
    #expect(try things.ask("POST", "/api/flows?name=second", [:], Array(KeptThings.flow.utf8)).status == 201)
    let changed = Array(KeptThings.changedFlow.utf8)
    #expect(try things.ask("PUT", "/api/flows/first", ["if-match": "\"1\""], changed).status == 200)
    #expect(try await first.stop().status == 0)

    let other = KeptThings.flow.replacing("one", with: "three")
    _ = try folder.write(other, to: "second.yaml")
    let second = try await RunningServer(["--flows", folder.path], environment: environment)
    let later = KeptThings(server: second)
    #expect(try later.ask("GET", "/api/flows/first/text").text == KeptThings.changedFlow)
    #expect(try later.ask("GET", "/api/flows/second/text").text == other)
    #expect(try later.ask("GET", "/api/flows/second/text?version=1").text == KeptThings.flow)
    let ended = try await second.stop()
    #expect(ended.errors.contains("the flow second of the folder counts now, as version 2"))
    #expect(!ended.errors.contains("the flow first"))
  }

  @Test("nothing secret is in the database: no key, no password, not even parts of a key")
  func nothingSecret() async throws {
    let cluster = try TestCluster()
    let planted = "planted-environment-key-0123456789"
    let password = TestCluster.password.map {
      $0.isLetter || $0.isNumber ? "\($0)" : "%" + String($0.asciiValue ?? 0, radix: 16)
    }.joined()
    let server = try await RunningServer(
      environment: Self.environment(cluster.url(password: password), ["VOICE_API_KEY": planted]))
    var things = KeptThings(server: server, key: planted)
    try await things.waitForEngines()
    let (_, key) = try things.makeKey("call", "read", "manage", "speech")
    things.key = key
    try await things.makeCall("--type", "I would like to book an appointment.")
    try things.makeTests()
    try things.makeFlows()
    #expect(try await server.stop().status == 0)
    let tables = try cluster.run(
      "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'", at: cluster.url()
    ).compactMap { $0[0] }
    #expect(tables.count >= 9)
    var dump = ""
    for table in tables {
      dump += try cluster.run("SELECT t::text FROM \(table) t", at: cluster.url()).compactMap { $0[0] }.joined()
    }
    #expect(dump.contains("book an appointment") && dump.contains("DROP TABLE voiceforge_keys"))
    let secret = try #require(key.split(separator: "_").last)
    for word in [planted, key, String(secret), String(secret.prefix(16)), TestCluster.password, password] {
      #expect(!dump.contains(word))
      // As the bytes of a bytea would look.
      #expect(!dump.contains(word.utf8.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()))
    }
  }
}
