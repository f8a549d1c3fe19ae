import JSON
import Foundation
import TestCluster
import Testing

@Suite("serve and migrate with a database", .enabled(if: TestCluster.isWanted, "\(TestCluster.reason)"))
struct DatabaseCommandTests {
  static let testCase =
    #"{"test_id":"mine","persona":"A patient.","turns":[{"step_order":1,"user_input":"Hello.","#
    + #""expected_agent_response_keywords":["which"],"exact_match_required":false}]}"#

  /// What follows the headers of an answer.
  private static func document(of answer: (status: Int, body: String)) -> String? {
    answer.body.firstRange(of: "\r\n\r\n").map { String(answer.body[$0.upperBound...]) }
  }

  @Test("what one server kept, the next one has: test cases, runs with what was said")
  func restart() async throws {
    let environment = ["USE_DATABASE": "true", "DATABASE_URL": try TestCluster.shared.get().freshURL()]
    let first = try await RunningServer(environment: environment)
    #expect(try first.post("/testcases", Self.testCase).status == 201)
    let answer = try first.post("/test/run", #"{"test_id":"mine","sound":false}"#)
    #expect(answer.status == 200)
    let answered = try #require(Self.document(of: answer))
    let id = try #require(try JSONValue(parsing: answered).text(at: "run_id"))
    let run = Self.document(of: try first.get("/testruns/\(id)"))
    #expect(try #require(run).contains(#""transcript":[{"#))
    #expect(try await first.stop().status == 0)

    let second = try await RunningServer(environment: environment)
    #expect(try second.get("/testcases/mine").body.contains(#""persona":"A patient.""#))
    #expect(Self.document(of: try second.get("/testruns/\(id)")) == run)
    // The samples of the folder are there once, whichever server brought them.
    let cases = try second.get("/testcases").body
    #expect(cases.ranges(of: #""test_id":"opening-hours""#).count == 1)
    #expect(try second.get("/api/calls").status == 200)
    let figures = try second.get("/metrics").body
    #expect(figures.contains("voiceforge_history_up 1\n"))
    let ended = try await second.stop()
    #expect(ended.status == 0)
    #expect(ended.errors.contains("is ready; 0 records waited for it"))
  }

  @Test("a call comes back from the database after a restart, with every word and its recording")
  func call() async throws {
    let environment = ["USE_DATABASE": "true", "DATABASE_URL": try TestCluster.shared.get().freshURL()]
    let first = try await RunningServer(environment: environment)
    let called = try await Command.run(
      "call", "--target", first.callURL, "--say", "I would like to book an appointment.", within: .seconds(60))
    #expect(called.status == 0, "\(called.errors)")
    let paths = try await first.command.wait(.seconds(10), for: "the call in the list") { () -> [String]? in
      guard let list = Self.document(of: try first.get("/api/calls")),
        let id = try JSONValue(parsing: list).text(at: "calls.0.id")
      else { return nil }
      return ["/api/calls", "/api/calls/\(id)", "/api/calls/\(id)/recording"]
    }
    let before = try paths.map { Self.document(of: try first.get($0)) }
    #expect(try #require(before[1]).contains("book an appointment"))
    #expect(try #require(before[2]).utf8.count > 32_000)
    #expect(try await first.stop().status == 0)

    let second = try await RunningServer(environment: environment)
    try await second.command.wait(.seconds(30), for: "the engines") {
      try second.get("/readyz").status == 200 ? true : nil
    }
    #expect(try paths.map { Self.document(of: try second.get($0)) } == before)
    #expect(try await second.stop().status == 0)
  }

  @Test("doctor takes no offence at a flow that hands callers over to one of nodes")
  func doctor() async throws {
    let environment = ["USE_DATABASE": "true", "DATABASE_URL": try TestCluster.shared.get().freshURL()]
    let server = try await RunningServer(environment: environment)
    let made = try #require(Self.document(of: try server.post("/api/agent-flows", #"{"name":"desk"}"#)))
    let id = try #require(try JSONValue(parsing: made).text(at: "id"))
    #expect(try server.post("/api/agent-flows/\(id)/nodes", #"{"nodes":[{"type":"end_call"}]}"#).status == 200)
    #expect(try server.post("/api/flows?name=lobby", "states: {on: {transfer: \(id)}}").status == 201)
    let told = try await Command.run("doctor", environment: environment, within: .seconds(40))
    #expect(told.output.contains("Flows kept") && !told.output.contains("Flow lobby"), "\(told)")
    _ = try await server.stop()
  }

  @Test("in memory is in memory, whatever the environment says")
  func inMemory() async throws {
    let server = try await RunningServer(
      ["--in-memory"], environment: ["USE_DATABASE": "true", "DATABASE_URL": "nonsense"])
    #expect(try server.get("/api/calls").status == 200)
    #expect(try await server.stop().status == 0)
  }

  @Test("a database that is away keeps no server from starting; readyz says degraded")
  func away() async throws {
    let server = try await RunningServer(["--database", "postgres://me:hunter22@127.0.0.1:1/calls"])
    let readiness = try server.get("/readyz").body
    #expect(readiness.contains("the database cannot be reached") && !readiness.contains("hunter22"))
    #expect(try server.get("/api/calls").status == 503)
    #expect(try server.get("/testcases").status == 503)
    #expect(try server.get("/").status == 200)
    let ended = try await server.stop()
    #expect(ended.status == 0)
    #expect(!ended.errors.contains("hunter22") && ended.errors.contains("the database is away"))
  }

  @Test("a setting that makes no sense, or a wrong password, is told without the password: 2")
  func wrong() async throws {
    let cluster = try TestCluster.shared.get()
    let name = "DATABASE_URL"
    for (environment, message) in [
      (["USE_DATABASE": "perhaps"], "USE_DATABASE in the environment or in .env: expected true or false"),
      (["USE_DATABASE": "true"], "DATABASE_URL does not say which"),
      (["USE_DATABASE": "true", name: "hunter22"], "expected postgres://user:password@host:port/database"),
      (["USE_DATABASE": "true", name: cluster.url(password: "hunter22")], "password authentication failed"),
    ] {
      let ended = try await Command.run("serve", "--port", "0", environment: environment)
      #expect(ended.status == 2)
      #expect(ended.errors.contains(message) && !ended.errors.contains("hunter22"), "\(ended.errors)")
    }
    // Without USE_DATABASE the address is nobody's business.
    let server = try await RunningServer(environment: [name: "hunter22"])
    #expect(try await server.stop().status == 0)
  }

  @Test("a libpq that cannot be loaded is named with its package: 2; without a database nobody needs it")
  func missingLibrary() async throws {
    let scratch = try Scratch()
    _ = try scratch.write("", to: "libpq.so.5")
    var environment = ["LD_LIBRARY_PATH": scratch.path]
    let server = try await RunningServer(environment: environment)
    #expect(try await server.stop().status == 0)
    environment["DATABASE_URL"] = "postgres://me:hunter22@127.0.0.1:1/calls"
    let ended = try await Command.run("migrate", environment: environment)
    #expect(ended.status == 2)
    #expect(ended.errors.contains("libpq cannot be used (") && ended.errors.contains("libpq.so.5: file too short"))
    #expect(ended.errors.contains("apt-get install libpq5"), "\(ended.errors)")
  }

  @Test("migrate shows how the tables stand, applies what is missing, and refuses newer ones")
  func migrate() async throws {
    let cluster = try TestCluster.shared.get()
    let url = try cluster.freshURL()
    let before = try await Command.run("migrate", "--status", environment: ["DATABASE_URL": url])
    #expect(before.status == 1)
    #expect(before.output.contains("version 0 of 11") && before.output.contains("missing  1  calls and recordings"))
    let applied = try await Command.run("migrate", "--database", url)
    #expect(applied.status == 0)
    #expect(applied.output.contains("applied   2  test cases and runs"))
    #expect(applied.output.contains("applied   3  keys, flows and matched voices"))
    let again = try await Command.run("migrate", "--json", "--status", environment: ["DATABASE_URL": url])
    #expect(again.status == 0)
    let report = try JSONValue(parsing: again.output)
    #expect(report["current"] == .bool(true) && report["version"] == .integer(11))
    try cluster.run("INSERT INTO voiceforge_schema VALUES (99, 'from the future')", at: url)
    for arguments in [["migrate"], ["migrate", "--status"], ["serve", "--port", "0", "--database", url]] {
      let ended = try await Command(arguments, environment: ["DATABASE_URL": url]).end(within: .seconds(20))
      #expect(ended.status == 2)
      #expect(ended.errors.contains("newer version") || ended.errors.contains("version 99"), "\(ended.errors)")
    }
  }

  @Test("migrate without a database, or with one that does not answer, says so")
  func migrateNowhere() async throws {
    let none = try await Command.run("migrate")
    #expect(none.status == 2 && none.errors.contains("name one with --database or DATABASE_URL"))
    let away = try await Command.run("migrate", "--database", "postgres://me:hunter22@127.0.0.1:1/calls")
    #expect(away.status == 4 && !away.errors.contains("hunter22"))
  }
}
