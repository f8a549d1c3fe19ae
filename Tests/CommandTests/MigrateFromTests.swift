import JSON
import Foundation
import TestCluster
import Testing

@Suite("migrate --from", .enabled(if: TestCluster.isWanted, "\(TestCluster.reason)"))
struct MigrateFromTests {
  private static func counts(_ report: JSONValue, _ kind: String) -> [Int64?] {
    ["copied", "there", "different"].map { report["copy"]?[kind]?[$0]?.wholeNumber }
  }

  @Test("a server with the database answers what the server in memory answered, to the byte; twice is once")
  func everything() async throws {
    let url = try TestCluster.shared.get().freshURL()
    let memory = try await RunningServer()
    var things = KeptThings(server: memory)
    try await things.waitForEngines()
    try things.makeFlows()
    let voice = try things.makeVoice()
    // More than are written at once.
    try things.makeTests(runs: 60)
    try await things.makeCall("--say", "I would like to book an appointment.")
    let (_, key) = try things.makeKey("call", "read", "manage", "speech")
    things.key = key
    try await things.makeCall("--type", "anything", "--flow", "greeting", "--voice", voice, number: 2)
    let before = try things.everything()
    func migrate(_ more: String...) async throws -> JSONValue {
      let ended = try await Command(
        ["migrate", "--json", "--from", memory.url, "--database", url] + more, environment: ["VOICEFORGE_KEY": key]
      ).end(within: .seconds(60))
      #expect(ended.status == 0, "\(ended.errors)")
      #expect(!(ended.output + ended.errors).contains(key))
      return try JSONValue(parsing: ended.output)
    }
    let first = try await migrate()
    #expect(first["copy"]?["whole"] == .bool(true))
    let cases = Int64(try things.ask("GET", "/testcases").text.ranges(of: "\"test_id\":").count)
    for (kind, count) in [
      ("calls", 2), ("runs", 60), ("cases", cases), ("flows", 5), ("agentFlows", 1), ("voices", 1), ("keys", 1),
      ("usage", 2),
    ] {
      #expect(Self.counts(first, kind) == [count, 0, 0], "\(kind): \(first)")
    }
    let again = try await migrate()
    for (kind, count) in [
      ("calls", 2), ("runs", 60), ("cases", cases), ("flows", 5), ("agentFlows", 1), ("voices", 1), ("keys", 1),
      ("usage", 2),
    ] {
      #expect(Self.counts(again, kind) == [0, count, 0], "\(kind): \(again)")
    }
    // What comes later is copied by doing it again.
    try await things.makeCall("--type", "anything", "--flow", "greeting", number: 3)
    let text = Array(KeptThings.flow.utf8)
    #expect(try things.ask("PUT", "/api/flows/greeting", ["if-match": "\"2\""], text).status == 200)
    let third = try await migrate()
    #expect(Self.counts(third, "usage") == [1, 1, 0])
    #expect(Self.counts(third, "calls") == [1, 2, 0] && Self.counts(third, "flows") == [1, 4, 0])
    let after = try things.everything()
    #expect(after.count > before.count)
    #expect(try await memory.stop().status == 0)

    let next = try await RunningServer(environment: ["USE_DATABASE": "true", "DATABASE_URL": url])
    #expect(try next.get("/api/flows").status == 401)
    let copied = KeptThings(server: next, key: key)
    try await copied.waitForEngines()
    let found = try copied.everything()
    #expect(Set(found.keys) == Set(after.keys))
    for (path, answer) in after { #expect(found[path] == answer, "\(path)") }
    #expect(try await next.stop().status == 0)
  }

  @Test("what is in the database already and differs stays, and is told")
  func different() async throws {
    let url = try TestCluster.shared.get().freshURL()
    let (memory, kept) = (
      try await RunningServer(), try await RunningServer(environment: ["USE_DATABASE": "true", "DATABASE_URL": url])
    )
    let (mine, theirs) = (KeptThings(server: memory), KeptThings(server: kept))
    try mine.makeFlows()
    try mine.makeTests()
    let flow = KeptThings.flow.replacing("one", with: "another")
    #expect(try theirs.ask("POST", "/api/flows?name=greeting", [:], Array(flow.utf8)).status == 201)
    let other = KeptThings.testCase.replacing("A patient.", with: "Another.")
    let type = ["content-type": "application/json"]
    #expect(try theirs.ask("POST", "/testcases", type, Array(other.utf8)).status == 201)
    let ended = try await Command.run("migrate", "--from", memory.url, "--database", url)
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(ended.output.contains("1 there already and different; those of the database stay"))
    #expect(ended.output.contains("copied from \(memory.url)"))
    #expect(try theirs.ask("GET", "/api/flows/greeting/text").text == flow)
    #expect(try theirs.ask("GET", "/testcases/mine").text.contains("Another."))
    for server in [memory, kept] { #expect(try await server.stop().status == 0) }
  }

  @Test("a server that is not there, is none, or refuses the key; a database that is not there")
  func refused() async throws {
    let url = try TestCluster.shared.get().freshURL()
    func migrate(_ from: String, _ more: String..., database: String? = nil) async throws -> Command.Ended {
      try await Command(["migrate", "--from", from, "--database", database ?? url] + more).end(within: .seconds(30))
    }
    let nobody = try await migrate("http://127.0.0.1:\(HeldPort.free())")
    #expect(nobody.status == 4 && nobody.errors.contains("is the server running there?"), "\(nobody.errors)")
    let stranger = ScriptedTarget { if $0.readRequest() != nil { $0.respond(404) } }
    let strange = try await migrate("http://127.0.0.1:\(stranger.port)")
    #expect(strange.status == 4 && strange.errors.contains("is no VoiceForge server"), "\(strange.errors)")
    let old = ScriptedTarget { line in
      guard let request = line.readRequest() else { return }
      let isHealth = request.contains("/healthz")
      line.respond(isHealth ? 200 : 404, body: isHealth ? #"{"status":"ok","version":"0.0.9"}"# : "{}")
    }
    let older = try await migrate("http://127.0.0.1:\(old.port)")
    #expect(older.status == 2 && older.errors.contains("has version 0.0.9, which cannot hand out"), "\(older.errors)")
    let new = ScriptedTarget {
      guard $0.readRequest() != nil else { return }
      $0.respond(200, body: #"{"format":2,"version":"9.0.0","calls":0,"runs":0}"#)
    }
    let newer = try await migrate("http://127.0.0.1:\(new.port)")
    #expect(newer.status == 2 && newer.errors.contains("version 9.0.0, which is newer"), "\(newer.errors)")
    #expect(try await migrate("http://192.0.2.1:8080").errors.contains("use https://"))
    #expect(try await migrate("no address").status == 2)

    let planted = "planted-0123456789abcdef"
    let server = try await RunningServer(environment: ["VOICE_API_KEY": planted])
    let keyless = try await migrate(server.url)
    #expect(keyless.status == 2 && keyless.errors.contains("give a key with --key or VOICEFORGE_KEY"))
    let wrong = try await migrate(server.url, "--key", "wrong")
    #expect(wrong.status == 2 && wrong.errors.contains("there is no such key"))
    let (_, reader) = try KeptThings(server: server, key: planted).makeKey("read")
    let lacking = try await migrate(server.url, "--key", reader)
    #expect(lacking.status == 2 && lacking.errors.contains("scope manage"))
    let right = try await migrate(server.url, "--key", planted)
    #expect(right.status == 0 && right.output.contains("keys: 1 copied"), "\(right)")
    // A database that may keep less than the server has says so.
    try await KeptThings(server: server, key: planted).makeCall("--type", "anything")
    try await KeptThings(server: server, key: planted).makeCall("--type", "anything", number: 2)
    let small = try TestCluster.shared.get().freshURL()
    for expected in [[2, 0, 1], [0, 1, 1]] as [[Int64]] {
      let ended = try await Command(
        ["migrate", "--json", "--from", server.url, "--key", planted, "--database", small],
        environment: ["VOICEFORGE_HISTORY_CALLS": "1"]
      ).end(within: .seconds(30))
      let counts = try JSONValue(parsing: ended.output)["copy"]?["calls"]
      #expect(ended.status == 1)
      #expect(["copied", "there", "evicted"].map { counts?[$0]?.wholeNumber } == expected, "\(ended)")
    }
    let away = try await migrate(
      server.url, "--key", planted, database: "postgres://me:hunter22@127.0.0.1:1/calls")
    #expect(away.status == 4 && !away.errors.contains("hunter22"))
    #expect(try await server.stop().status == 0)
  }
}
