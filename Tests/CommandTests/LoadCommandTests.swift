import JSON
import Foundation
import MachineWatch
import Testing

@Suite("load")
struct LoadCommandTests {
  /// A short load of one case whose first turn is a key.
  static let short = ["load", "opening-hours", "--calls", "3", "--ramp", "20/s", "--canaries", "0"]

  func run(_ arguments: [String], within limit: Duration = .seconds(60)) async throws -> Command.Ended {
    try await Command(arguments).end(within: limit)
  }

  /// A load that was itself held up measures nothing, says so and exits 3.
  func onTime(_ load: () async throws -> Command.Ended) async throws -> Command.Ended {
    try await OnTime.run(load) { $0.status == 3 }
  }

  /// Whether somebody listens there.
  func answers(_ url: String) -> Bool {
    guard let port = url.firstMatch(of: /:(\d+)/).flatMap({ UInt16($0.1) }) else { return false }
    do { return try PlainRequest.get("/healthz", port: port).status == 200 } catch { return false }
  }

  @Test("a load that holds: 0, lines while it goes on, reports, and the server of its own is gone")
  func holds() async throws {
    let scratch = try Scratch()
    let ended = try await onTime {
      try await run(
        Self.short + [
          "--hold", "12s", "--threshold", "failed==0", "--threshold", "turn_latency.p95<8s", "--report", scratch.path,
          "--json",
        ])
    }
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(ended.errors.contains("3 up · 3 begun · 0 refused · 0 failed"))
    let document = try JSONValue(parsing: Array(ended.output.utf8))
    #expect(document.text(at: "verdict") == "passed")
    #expect(document["calls"]?["accepted"] == .integer(3))
    #expect(document["turnLatency"]?["count"] == .integer(3))
    guard case .integer(let bytes)? = document["server"]?["residentBytesMax"] else {
      Issue.record("the server's memory is not known")
      return
    }
    #expect((20_000_000...2_000_000_000).contains(bytes))
    #expect(!answers(try #require(document.text(at: "target"))))
    for file in ["load.json", "load.csv", "junit.xml", "index.html"] {
      #expect(FileManager.default.fileExists(atPath: scratch.file(file)), "\(file)")
    }
  }

  @Test(
    "what cannot be had over somebody else's wire is refused before anything is started",
    arguments: [
      (["--wire", "fax"], "takes one of voiceforge, twilio"),
      (["--wire", "twilio", "--canaries", "5"], "none can be had over somebody else's wire"),
      (["--wire", "twilio", "--target", "ws://127.0.0.1:1/"], "--wire is for a server of one's own"),
      (["--target-process", "1"], "needs a bot"),
      (["--target-parameter", "a=1"], "need a bot"),
      (["--target", "twilio+http://127.0.0.1:1/voice"], "goes to the stream itself"),
      (["--wire", "rtvi"], "takes one of voiceforge, twilio"),
    ])
  func mediaStreams(_ arguments: [String], _ message: String) async throws {
    let ended = try await run(["load"] + arguments)
    #expect(ended.status == 2 && ended.errors.contains(message), "\(ended)")
  }

  @Test(
    "many calls to somebody else's machine are not placed unless somebody says yes",
    arguments: [
      ["load", "--target", "ws://desk.example:1/v1/call"], ["load", "--target", "desk.example:1"],
      ["load", "--target", "twilio+ws://desk.example:1/ws"],
      ["load", "--target", "ws://127.0.0.1.desk.example:1/v1/call"],
      ["simulate", "opening-hours", "--target", "ws://desk.example:1/v1/call", "--repeat", "2"],
    ])
  func consent(_ arguments: [String]) async throws {
    let ended = try await run(arguments)
    #expect(ended.status == 2 && ended.errors.contains("add --yes to place them without being asked"), "\(ended)")
  }

  @Test("a threshold that is not kept: 1, with what was found")
  func breaks() async throws {
    let ended = try await onTime {
      try await run(Self.short + ["--hold", "2s", "--threshold", "accepted<=2", "--threshold", "failed==0"])
    }
    #expect(ended.status == 1)
    #expect(ended.output.contains("✗ accepted<=2") && ended.output.contains("✓ failed==0"))
    #expect(ended.output.contains("Failed: 1 of 2 thresholds was not kept."))
  }

  @Test("a threshold with abort that is hopeless ends the run")
  func aborts() async throws {
    let ended = try await onTime {
      try await run(Self.short + ["--hold", "60s", "--threshold", "accepted<=2 abort"])
    }
    #expect(ended.status == 1)
    #expect(ended.output.contains("Ended early: accepted<=2 was hopeless."))
  }

  @Test(
    "wrong input: 2, with the remedy",
    arguments: [
      (["--threshold", "latency<5"], "there is no figure \"latency\"; there are turn_latency"),
      (["--plan", "spiral"], "there is no plan \"spiral\"; there are ramp"),
      (["--plan", "steps:5,x"], "such as steps:50,100,150"), (["--ramp", "fast"], "--ramp: expected calls a second"),
      (["--hold", "soon"], "--hold: expected a time such as 30s"), (["--calls", "0"], "--calls takes 1 to"),
      (["no-such-case"], "no-such-case is neither a file or folder nor the id of a sample case"),
      (["opening-hours=0"], "expected a weight of 1 to"), (["lossy"], "load calls come over a line that loses nothing"),
      (["--target", "ftp://x"], "--target: expected an address such as"),
      (["--target", "ws://127.0.0.1:1", "--serve", "--loops 1"], "leave out --target"),
    ] as [([String], String)])
  func wrong(arguments: [String], message: String) async throws {
    let ended = try await run(["load"] + arguments)
    #expect(ended.status == 2, "\(ended.errors)")
    #expect(ended.errors.contains(message), "\(ended.errors)")
    #expect(ended.output.isEmpty)
  }

  @Test("a generator that was held up says so and measures nothing: 3")
  func starved() async throws {
    let command = try Command(Self.short + ["--hold", "5s", "--threshold", "failed==0"])
    try await command.wait(.seconds(40), for: "the calls") { command.errors.contains(" 3 up") ? true : nil }
    command.signal(SIGSTOP)
    try await Task.sleep(for: .milliseconds(1500))
    command.signal(SIGCONT)
    let ended = try await command.end(within: .seconds(30))
    #expect(ended.status == 3, "\(ended.output)")
    #expect(
      ended.output.contains("Invalid: ") && ended.output.contains("of the generator's own frames left over 20 ms late"))
  }

  @Test("nobody there: 4")
  func unreachable() async throws {
    let ended = try await run(["load", "opening-hours", "--target", "ws://127.0.0.1:\(HeldPort.free())/v1/call"])
    #expect(ended.status == 4)
    #expect(ended.errors.contains("nobody answers at http://127.0.0.1:"))
  }

  @Test("a server that is killed under load: the failures are told, and the generator ends by itself")
  func killed() async throws {
    let ended = try await onTime {
      let server = try await RunningServer()
      let command = try Command(Self.short + ["--hold", "60s", "--target", server.callURL])
      try await command.wait(.seconds(40), for: "the calls") { command.errors.contains(" 3 up") ? true : nil }
      server.command.signal(SIGKILL)
      return try await command.end(within: .seconds(20))
    }
    #expect(ended.status == 1, "\(ended.output)")
    #expect(ended.output.contains("Ended early: the target was gone."))
    #expect(ended.output.contains("3 × broken off with code 1006"), "\(ended.output)")
    #expect(ended.output.contains("✗ failed==0"))
  }

  @Test("more calls than the server takes: refused ones are counted as refused, and as nothing else")
  func refused() async throws {
    let server = try await RunningServer(["--calls", "2"])
    let ended = try await onTime {
      try await run(
        Self.short + [
          "--hold", "4s", "--target", server.callURL, "--threshold", "refused==0", "--threshold", "failed==0", "--json",
        ])
    }
    #expect(ended.status == 1)
    let document = try JSONValue(parsing: Array(ended.output.utf8))
    guard case .integer(let refused)? = document["calls"]?["refused"] else {
      Issue.record("no count of refused calls")
      return
    }
    #expect(refused >= 1)
    #expect(document["calls"]?["accepted"] == .integer(2))
    #expect(document["calls"]?["failed"] == .integer(0))
    _ = try await server.stop()
  }

  @Test("Ctrl-C ends the run with what was found so far, and the server with it")
  func stopped() async throws {
    let ended = try await onTime {
      let command = try Command(Self.short + ["--hold", "60s", "--threshold", "failed==0", "--json"])
      try await command.wait(.seconds(40), for: "the calls") { command.errors.contains(" 3 up") ? true : nil }
      command.signal(SIGINT)
      return try await command.end(within: .seconds(10))
    }
    #expect(ended.status == 0)
    let document = try JSONValue(parsing: Array(ended.output.utf8))
    #expect(document.text(at: "ending") == "stopped" && document.text(at: "endedBy.kind") == "stopped")
    #expect(document["calls"]?["cutOff"] == .integer(3))
    #expect(!answers(try #require(document.text(at: "target"))))
  }

  @Test("a server of its own ends even when the generator is killed")
  func orphan() async throws {
    let command = try Command(Self.short + ["--hold", "60s"])
    let url = try await command.wait(.seconds(40), for: "the server's address") {
      command.errors.firstMatch(of: /ws:\/\/\S+/).map { String($0.0) }
    }
    #expect(answers(url))
    command.signal(SIGKILL)
    try await command.wait(.seconds(10), for: "the server's end") { answers(url) ? nil : true }
  }

  @Test("a search that is stopped has found nothing: 1, and it says so")
  func stoppedSearch() async throws {
    let command = try Command([
      "load", "opening-hours", "--find-capacity", "--calls", "2", "--ramp", "20/s", "--hold", "60s", "--canaries", "0",
      "--threshold", "failed==0",
    ])
    try await command.wait(.seconds(40), for: "the calls") { command.errors.contains(" 2 up") ? true : nil }
    command.signal(SIGINT)
    let ended = try await command.end(within: .seconds(15))
    #expect(ended.status == 1, "\(ended.output)")
    #expect(ended.output.contains("The search was stopped before its end."))
  }

  @Test("the highest load that holds is found, and tried twice")
  func capacity() async throws {
    let server = try await RunningServer(["--calls", "3"])
    let ended = try await onTime {
      try await run(
        [
          "load", "opening-hours", "--find-capacity", "--calls", "1", "--ramp", "20/s", "--hold", "2s", "--canaries",
          "0",
          "--target", server.callURL, "--threshold", "refused==0", "--threshold", "failed==0",
        ], within: .seconds(120))
    }
    #expect(ended.status == 0, "\(ended.output)")
    #expect(ended.output.contains("The server holds 3 calls at once within the thresholds, twice in a row."))
    #expect(ended.output.contains("3 again"))
    _ = try await server.stop()
  }
}
