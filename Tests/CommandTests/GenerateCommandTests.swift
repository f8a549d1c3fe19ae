import Foundation
import JSON
import MachineWatch
import TestCluster
import Testing

/// Several generators with one database, and one server that they load.
private struct GenerateBench {
  let cluster: TestCluster
  let server: RunningServer
  private let database: String
  private let folder: Scratch

  init() async throws {
    cluster = try TestCluster.shared.get()
    database = try cluster.freshURL()
    folder = try Scratch()
    server = try await RunningServer(["--in-memory"])
    let running = server
    _ = try await server.command.wait(.seconds(30), for: "the engines") {
      try running.get("/readyz").status == 200 ? true : nil
    }
  }

  /// - Parameter environment: further variables.
  func generator(_ environment: [String: String] = [:], target: String? = nil) throws -> Command {
    try Command(
      ["generate", "--target", target ?? server.callURL],
      environment: ["DATABASE_URL": database].merging(environment) { $1 })
  }

  /// Keys that the server answers at once: calls that are cheap, and none that is a canary.
  func load(generators: Int? = nil, _ options: String...) throws -> Command {
    try Command(
      ["load", "opening-hours", "--target", server.callURL, "--canaries", "0", "--plan", "constant", "--ramp", "2/s"]
        + (generators.map { ["--generators", "\($0)"] } ?? []) + options,
      environment: ["DATABASE_URL": database], folder: folder)
  }

  func ask(_ sql: String) throws -> [[String?]] { try cluster.run(sql, at: database) }

  /// Stops generators, and expects that they end well.
  func stop(_ generators: [Command]) async throws {
    for generator in generators { generator.signal(SIGTERM) }
    for generator in generators {
      let ended = try await generator.end(within: .seconds(20))
      #expect(ended.status == 0, "\(ended)")
    }
  }
}

@Suite("load --generators and generate", .enabled(if: TestCluster.isWanted, "\(TestCluster.reason)"))
struct GenerateCommandTests {
  @Test("three generators place the calls of one, and one whose clock is two seconds off is as good as the others")
  func together() async throws {
    let bench = try await GenerateBench()
    let library = Self.clockLibrary
    let hasLibrary = library != nil
    // The monotonic clock is the kernel's own, as on another machine. The last variable is one that the library would set by itself, which moves
    // the environment to where Swift's runtime does not find the arguments in front of it.
    let wrong = library.map {
      ["LD_PRELOAD": $0, "FAKETIME": "+2s", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_SHARED": "none none"]
    }
    let generators = try [bench.generator(), bench.generator(), bench.generator(wrong ?? [:])]
    let alone = try await OnTime.run {
      try await bench.load("--calls", "20", "--hold", "9s", "--json").end(within: .seconds(90))
    } wasHeldUp: {
      $0.status == 3
    }
    let ended = try await OnTime.run {
      try await bench.load(generators: 3, "--calls", "20", "--hold", "9s", "--json").end(within: .seconds(90))
    } wasHeldUp: {
      $0.status == 3
    }
    let (one, three) = (
      try JSONValue(parsing: Array(alone.output.utf8)), try JSONValue(parsing: Array(ended.output.utf8))
    )
    #expect(alone.status == 0 && ended.status == 0, "\(ended)")
    for count in ["offered", "accepted", "refused", "failed", "givenUp"] {
      #expect(three["calls"]?[count] == one["calls"]?[count], "\(count)")
    }
    #expect(three["calls"]?["offered"] == .integer(18))
    let told = three.list("generators")
    #expect(told.map { $0["offered"] } == [.integer(6), .integer(6), .integer(6)])
    #expect(Set(told.compactMap { $0.text(at: "name") }).count == 3)
    for generator in told {
      guard case .integer(let error)? = generator["clockErrorUs"] else { throw Odd(what: "\(generator)") }
      #expect(error < 250_000 && generator["problem"] == nil)
    }
    // Waits of two seconds more or less would be another histogram.
    guard case .integer(let wait)? = three["turnLatency"]?["maxMs"], case .integer(let seconds)? = three["durationMs"]
    else { throw Odd(what: "\(three)") }
    #expect((0...10_000).contains(wait) && seconds == 9000)
    #expect(try bench.ask("SELECT count(*) FROM voiceforge_loads") == [["0"]])
    try await bench.stop(generators)
    #expect(hasLibrary, "libfaketime is missing: `make setup-test` installs it")
  }

  /// libfaketime for programs with threads; `nil` where it is missing.
  private static var clockLibrary: String? {
    ["x86_64", "aarch64"].map { "/usr/lib/\($0)-linux-gnu/faketime/libfaketimeMT.so.1" }
      .first { FileManager.default.fileExists(atPath: $0) }
  }

  private struct Odd: Error {
    let what: String
  }

  @Test("a generator that is killed makes the load invalid, and is named")
  func killed() async throws {
    let bench = try await GenerateBench()
    let generators = try [bench.generator(), bench.generator()]
    let load = try bench.load(generators: 2, "--calls", "20", "--hold", "10m")
    try await load.wait(.seconds(60), for: "its first seconds") { load.errors.contains(" begun ") ? true : nil }
    generators[1].signal(SIGKILL)
    let ended = try await load.end(within: .seconds(60))
    #expect(ended.status == 3, "\(ended)")
    let name = try #require(generators[1].output.firstMatch(of: /generator (\S+) waits for load tests of/)?.1)
    // On a busy machine the other one may be late besides.
    #expect(ended.output.contains("Invalid: ") && ended.output.contains("generator \(name) was lost"), "\(ended)")
    try await generators[0].wait(.seconds(20), for: "that its part is over") {
      generators[0].output.contains(" over, ") ? true : nil
    }
    try await bench.stop([generators[0]])
  }

  @Test("Ctrl-C of the coordinator ends the load, and a coordinator that is killed has its generators stop")
  func stopped() async throws {
    let bench = try await GenerateBench()
    let generators = try [bench.generator()]
    let load = try bench.load(generators: 1, "--calls", "20", "--hold", "10m")
    try await load.wait(.seconds(60), for: "its first seconds") { load.errors.contains(" begun ") ? true : nil }
    load.signal(SIGINT)
    let ended = try await load.end(within: .seconds(60))
    #expect(ended.output.contains("Stopped before the end of the plan."), "\(ended)")

    let killed = try bench.load(generators: 1, "--calls", "20", "--hold", "10m")
    try await killed.wait(.seconds(60), for: "its first seconds") { killed.errors.contains(" begun ") ? true : nil }
    killed.signal(SIGKILL)
    try await generators[0].wait(.seconds(60), for: "that its coordinator is gone") {
      generators[0].errors.contains("stopped: nothing was heard of the coordinator") ? true : nil
    }
    try await bench.stop(generators)
  }

  @Test("a generator joins no load for another target, and says so; others take it")
  func foreignTarget() async throws {
    let bench = try await GenerateBench()
    let generator = try bench.generator(target: "ws://127.0.0.1:1/v1/call")
    let load = try bench.load(generators: 1, "--calls", "2", "--hold", "1s", "--threshold", "failed==0")
    try await generator.wait(.seconds(60), for: "its refusal") {
      generator.errors.contains("calls to \(bench.server.callURL), and this is voiceforge ") ? true : nil
    }
    let other = try bench.generator()
    let ended = try await load.end(within: .seconds(90))
    #expect([0, 3].contains(ended.status) && ended.output.contains("2 begun"), "\(ended)")
    try await bench.stop([generator, other])
  }

  @Test("generators that do not come are waited for as long as is said")
  func nobody() async throws {
    let bench = try await GenerateBench()
    let ended = try await bench.load(generators: 2, "--wait", "1s").end(within: .seconds(60))
    #expect(ended.status == 4 && ended.errors.contains("0 of 2 generators came: start voiceforge generate"), "\(ended)")
    #expect(try bench.ask("SELECT count(*) FROM voiceforge_loads") == [["0"]])
  }

  @Test(
    "what does not go together is refused with the reason",
    arguments: [
      (["load", "--generators", "2"], "--generators need --target"),
      (["load", "--generators", "2", "--target", "twilio+ws://127.0.0.1:1/ws"], "bots are called from one machine"),
      (["load", "--generators", "0", "--target", "ws://127.0.0.1:1/"], "--generators takes 1 to 100"),
      (
        ["load", "--generators", "11", "--target", "ws://127.0.0.1:1/"], "need a call each: raise --calls, which is 10"
      ),
      (["load", "--generators", "2", "--target", "ws://127.0.0.1:1/", "--find-capacity"], "leave out --find-capacity"),
      (["load", "--generators", "2", "--target", "ws://127.0.0.1:1/"], "name one with --database or DATABASE_URL"),
      (
        ["load", "--generators", "2", "--target", "ws://desk.example:1/"], "add --yes to place them without being asked"
      ),
      (["load", "--wait", "10s"], "--wait and --database are for --generators"),
      (["load", "--node", "http://127.0.0.1:1"], "--node is a server behind --target"),
      (["load", "--target", "ws://127.0.0.1:1/", "--node", "a b"], "--node: expected an address such as http://"),
      (["generate"], "--target"), (["generate", "--target", "twilio+ws://127.0.0.1:1/ws"], "is the address of a bot"),
      (["generate", "--target", "ws://127.0.0.1:1/"], "name one with --database or DATABASE_URL"),
    ] as [([String], String)])
  func unfit(arguments: [String], message: String) async throws {
    let ended = try await Command(arguments).end(within: .seconds(60))
    #expect(ended.status == 2 && ended.errors.contains(message), "\(ended)")
  }

  @Test("two load tests are merged into one, and what does not belong together is refused")
  func merged() async throws {
    let scratch = try Scratch()
    for name in ["a", "b"] {
      let held = try await OnTime.run {
        try await Command(
          LoadCommandTests.short + ["--hold", "6s", "--threshold", "failed==0", "--report", scratch.file(name)]
        ).end(within: .seconds(60))
      } wasHeldUp: {
        $0.status == 3
      }
      #expect(held.status == 0, "\(held)")
    }
    let merged = try await Command.run(
      "merge", scratch.file("a"), scratch.file("b"), "--report", scratch.file("all"), "--json")
    #expect(merged.status == 0, "\(merged)")
    let (all, one) = (
      try JSONValue(parsing: Array(merged.output.utf8)),
      try JSONValue(parsing: try Scratch.bytes(of: scratch.file("a/load.json")))
    )
    #expect(all["calls"]?["accepted"] == .integer(6) && one["calls"]?["accepted"] == .integer(3))
    #expect(all.list("generators").count == 2)
    let again = try await Command.run("merge", scratch.file("all"))
    #expect(again.output.contains("6 begun"), "\(again)")
    let mixed = try await Command.run("merge", scratch.file("a"), scratch.path)
    #expect(mixed.status == 2 && mixed.errors.contains("holds a load test and"), "\(mixed)")
    _ = try scratch.write("{}", to: "b/load.json")
    let odd = try await Command.run("merge", scratch.file("a"), scratch.file("b"))
    #expect(odd.status == 2 && odd.errors.contains("metricsVersion: expected a whole number"), "\(odd)")
  }
}
