import JSON
import Formats
import Foundation
import MachineWatch
import Testing

@Suite("load over REST")
struct LoadServerTests {
  @Test("a server loads itself from another process, which has none of its sockets, and tells what came of it")
  func loadsItself() async throws {
    let loaded = try await LoadedServer()
    let (id, run) = try await OnTime.run {
      let id = try loaded.begin(calls: 5, hold: "8s")
      try await loaded.run(id, in: ["running"])
      let generator = try #require(loaded.generator)
      #expect(generator != loaded.server.command.id)
      let shared = LoadedServer.sockets(of: generator).intersection(LoadedServer.sockets(of: loaded.server.command.id))
      #expect(!LoadedServer.sockets(of: generator).isEmpty && shared.isEmpty)
      return (id, try await loaded.run(id, in: ["done", "failed"]))
    } wasHeldUp: {
      $0.1["result"]?.text(at: "verdict") == "invalid"
    }
    #expect(run.text(at: "state") == "done", "\(run)")
    let result = try #require(run["result"])
    #expect(result.text(at: "verdict") == "passed", "\(result)")
    #expect(result["calls"]?["accepted"] == .integer(5))
    let seconds = run.list("seconds")
    #expect(seconds.count >= 6 && seconds.contains { $0["active"] == .integer(5) })
    guard case .integer(let bytes)? = seconds.last?["serverBytes"],
      case .number(let cores)? = seconds.last?["serverCores"]
    else {
      Issue.record("what the server uses is not known")
      return
    }
    #expect((20_000_000...2_000_000_000).contains(bytes) && cores > 0)
    let report = try loaded.server.get("/api/load/\(id)/report")
    #expect(report.status == 200 && report.body.contains("Passed: every threshold was kept."))
    #expect(loaded.generator == nil)
    _ = try await loaded.server.stop()
  }

  @Test("a generator that dies is told, and another one may begin; both end with the server")
  func generatorDies() async throws {
    let loaded = try await LoadedServer()
    let id = try loaded.begin(hold: "60s")
    try await loaded.run(id, in: ["running"])
    kill(try #require(loaded.generator), SIGKILL)
    let run = try await loaded.run(id, in: ["failed"], within: .seconds(10))
    #expect(run.text(at: "problem") == "the generator was ended by signal 9")
    #expect(run["result"] == nil && !run.list("seconds").isEmpty)

    try await loaded.run(try loaded.begin(hold: "60s"), in: ["running"])
    let second = try #require(loaded.generator)
    let ended = try await loaded.server.stop()
    #expect(ended.status == 0)
    #expect(kill(second, 0) != 0, "the generator is gone before the server")
  }

  @Test("a generator does not outlive a server that is killed")
  func serverDies() async throws {
    let loaded = try await LoadedServer()
    try await loaded.run(try loaded.begin(hold: "60s"), in: ["running"])
    #expect(loaded.generator != nil)
    loaded.server.command.signal(SIGKILL)
    try await loaded.server.command.wait(.seconds(20), for: "the generator's end") {
      loaded.generator == nil ? true : nil
    }
  }

  @Test("what the generator cannot do is told in its own words")
  func generatorRefuses() async throws {
    let loaded = try await LoadedServer()
    let answer = try loaded.server.post("/api/load", #"{"calls": 3, "cases": [{"id": "lossy"}]}"#)
    #expect(answer.status == 202)
    let id = try #require(try loaded.json(answer.body).text(at: "id"))
    let run = try await loaded.run(id, in: ["failed"])
    #expect(run.text(at: "problem")?.contains("load calls come over a line that loses nothing") == true, "\(run)")
    for (body, hint) in [
      (#"{"calls": 3, "hold": "2h"}"#, "load.hold: expected at most 60 min, got 2h"),
      (#"{"calls": 3, "hold": "soon"}"#, "load.hold: expected a time such as 30s"),
      (#"{"calls": 3, "plan": "steps:5,2000"}"#, "load.plan: expected at most 1000 calls at once, got 2000"),
      (#"{"calls": 3, "plan": "steps:5,6,7", "hold": "1h"}"#, "load.plan: expected at most 2 h in all"),
      (#"{"calls": 3, "thresholds": ["latency<5"]}"#, "load.thresholds: there is no figure"),
    ] {
      let refusal = try loaded.server.post("/api/load", body)
      let detail = try loaded.json(refusal.body).text(at: "detail")
      #expect(refusal.status == 422 && detail?.contains(hint) == true, "\(refusal)")
    }
    _ = try await loaded.server.stop()
  }

  @Test("--progress json tells each second, the result and the page, a line each")
  func progress() async throws {
    let server = try await RunningServer()
    let ended = try await LoadCommandTests().onTime {
      try await Command(
        LoadCommandTests.short + [
          "--hold", "3s", "--threshold", "failed==0", "--target", server.callURL, "--progress", "json",
        ]
      ).end(within: .seconds(60))
    }
    #expect(ended.status == 0, "\(ended.errors)")
    let lines = try ended.output.split(separator: "\n").map { try LoadEvent(parsing: Array($0.utf8)) }
    let seconds = lines.compactMap { line in if case .second(let second) = line { second } else { nil } }
    #expect(seconds.count >= 3 && lines.count == seconds.count + 2)
    #expect(seconds.last?.offered == 3 && seconds.allSatisfy { $0.serverBytes ?? 1 > 0 })
    guard case .result(let result) = lines[lines.count - 2], case .page(let page)? = lines.last else {
      Issue.record("no result and page at the end: \(ended.output.suffix(300))")
      return
    }
    #expect(result.text(at: "verdict") == "passed" && result["seconds"] == nil)
    #expect(page.hasPrefix("<!doctype html>"))
    _ = try await server.stop()
  }

  @Test("a setting that is neither true nor false is named: 2")
  func wrongSetting() async throws {
    let ended = try await Command.run("serve", "--port", "0", environment: ["VOICEFORGE_ALLOW_LOAD": "maybe"])
    #expect(ended.status == 2)
    #expect(
      ended.errors.contains(
        "VOICEFORGE_ALLOW_LOAD in the environment or in .env: expected true or false, got \"maybe\""))
  }
}
