import Foundation
import JSON
import TestCluster
import Testing

@Suite("simulate --queue and work", .enabled(if: TestCluster.isWanted, "\(TestCluster.reason)"))
struct QueueCommandTests {
  @Test("two workers make the reports of one process; sound is kept of what does not pass")
  func equal() async throws {
    let bench = try QueueBench(["hangs-up", "telephone", "street", "vain.yaml"])
    let submitted = try bench.submit("--chunk", "1", "--report", "out")
    let workers = try [bench.worker(), bench.worker("--jobs", "1")]
    let ended = try await submitted.end(within: .seconds(240))
    #expect(ended.status == 1, "\(ended)")
    #expect(ended.output.hasSuffix("\nReports: out/index.html, report.json, junit.xml\n"))
    #expect(ended.errors.contains("4 calls in the queue, for voiceforge work\n"))
    try await bench.expectWhole("out")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: bench.folder.file("out/calls")).sorted() == [
        "vain.txt", "vain.wav",
      ])
    for name in ["calls/vain.txt", "calls/vain.wav"] {
      #expect(try bench.bytes("out/\(name)") == bench.bytes("whole/\(name)"), "\(name)")
    }
    #expect(try bench.ask("SELECT count(*) FROM voiceforge_queue_runs") == [["0"]])
    for worker in workers {
      worker.signal(SIGTERM)
      let ended = try await worker.end(within: .seconds(20))
      #expect(ended.status == 0 && ended.output.contains(" waits for calls\n"), "\(ended)")
    }
    let lines = workers.map(\.output).joined().split(separator: "\n").filter { $0.contains(" held") }
    #expect(lines.count == 4 && lines.count { $0.hasSuffix(" held, 1 failed") } == 1, "\(lines)")
  }

  @Test("a worker killed, one asleep past its lease, the database restarted: the same reports, every call once")
  func faults() async throws {
    let bench = try QueueBench(["hangs-up", "telephone", "street", "cafe", "vain.yaml", "anyone"], alone: true)
    let submitted = try bench.submit("--chunk", "2", "--report", "out")
    // One after the other: the first might hold all calls before the second is ready.
    let killed = try bench.worker("--jobs", "1")
    _ = try await bench.halt(killed)
    let asleep = try bench.worker("--jobs", "1")
    let place = try await bench.halt(asleep)
    killed.signal(SIGKILL)
    try bench.cluster.stop()
    try bench.cluster.start()
    try bench.endLeases()
    let well = try bench.worker()
    try await well.wait(.seconds(120), for: "the lost calls") {
      let owner = try bench.ask(
        "SELECT worker FROM voiceforge_queue_chunks WHERE first_place = \(place) AND worker IS NOT NULL")
      return owner.isEmpty || owner[0][0]?.contains("/\(asleep.id)/") == true ? nil : true
    }
    asleep.signal(SIGCONT)
    try await asleep.wait(.seconds(60), for: "that its calls are another's") {
      asleep.errors.contains(" lost: the lease was over, or the run is") ? true : nil
    }
    let ended = try await submitted.end(within: .seconds(240))
    #expect(ended.status == 1, "\(ended)")
    try await bench.expectWhole("out")
  }

  @Test("a call that ends two workers is set aside: the run ends, and says so by name")
  func poisoned() async throws {
    let bench = try QueueBench(["hangs-up", "telephone"])
    let submitted = try bench.submit("--chunk", "2", "--report", "out")
    for _ in 1...2 {
      let worker = try bench.worker("--jobs", "1")
      #expect(try await bench.halt(worker) == 0)
      worker.signal(SIGKILL)
      try bench.endLeases()
    }
    let well = try bench.worker()
    let ended = try await submitted.end(within: .seconds(240))
    well.signal(SIGTERM)
    #expect(ended.status == 3, "\(ended)")
    #expect(ended.output.contains("the call was set aside: 2 workers ended with it"), "\(ended)")
    let report = try JSONValue(parsing: try bench.bytes("out/report.json"))
    let cases = report.list("cases")
    // In the order of the files that they stand in.
    #expect(cases.map { $0.text(at: "id") } == ["hangs-up", "telephone"])
    #expect(cases.map { $0.text(at: "verdict") } == ["invalid", "passed"])
  }

  @Test("Ctrl-C of the submitter cancels the run; SIGTERM of a worker gives its calls back")
  func cancelled() async throws {
    let bench = try QueueBench(["telephone", "street", "hangs-up"])
    let submitted = try bench.submit("--report", "out")
    let stopped = try bench.worker("--jobs", "1")
    _ = try await bench.halt(stopped)
    stopped.signal(SIGTERM)
    stopped.signal(SIGCONT)
    let first = try await stopped.end(within: .seconds(120))
    #expect(first.status == 0 && first.output.hasSuffix("calls 1 to 3 given back\n"), "\(first)")
    #expect(try bench.ask("SELECT state, losses, calls FROM voiceforge_queue_chunks") == [["waiting", "0", "3"]])

    let worker = try bench.worker("--jobs", "1")
    _ = try await bench.halt(worker)
    submitted.signal(SIGINT)
    let ended = try await submitted.end(within: .seconds(60))
    #expect(ended.status == 3 && ended.output.contains("3 not run"), "\(ended)")
    #expect(try bench.ask("SELECT count(*) FROM voiceforge_queue_chunks") == [["0"]])
    worker.signal(SIGCONT)
    try await worker.wait(.seconds(60), for: "that its run is over") {
      worker.errors.contains("calls 1 to 3 lost: the lease was over, or the run is") ? true : nil
    }
    worker.signal(SIGTERM)
    #expect(try await worker.end(within: .seconds(60)).status == 0)
  }

  @Test("reports that cannot be written leave the run in the queue, and --collect writes them")
  func collected() async throws {
    let bench = try QueueBench(["hangs-up", "vain.yaml"])
    let submitted = try bench.submit("--report", "out")
    try await submitted.wait(.seconds(60), for: "the run, and that nobody holds it") {
      submitted.errors.contains("0 of 2 calls · no worker of voiceforge ") ? true : nil
    }
    try FileManager.default.removeItem(atPath: bench.folder.file("out"))
    _ = try bench.folder.write("", to: "out")
    let worker = try bench.worker()
    let failed = try await submitted.end(within: .seconds(240))
    worker.signal(SIGTERM)
    #expect(failed.status == 2 && failed.errors.contains("cannot write out/report.json"), "\(failed)")
    let id = try #require(try bench.ask("SELECT id FROM voiceforge_queue_runs").first?.first ?? nil)
    #expect(failed.errors.contains("with --collect \(id) to go on with it"), "\(failed)")
    let other = try await bench.submit("--seed", "2", "--collect", id).end(within: .seconds(60))
    #expect(other.status == 2 && other.errors.contains("run \(id) is of other cases, flows or options"), "\(other)")
    let collected = try await bench.submit("--report", "again", "--collect", id).end(within: .seconds(60))
    #expect(collected.status == 1, "\(collected)")
    try await bench.expectWhole("again")
    #expect(try bench.ask("SELECT count(*) FROM voiceforge_queue_runs") == [["0"]])
  }

  @Test("a worker refuses a run of another program, and says which")
  func refused() async throws {
    let bench = try QueueBench(["hangs-up"])
    let submitted = try bench.submit()
    try await submitted.wait(.seconds(60), for: "the run") {
      submitted.errors.contains("1 call in the queue") ? true : nil
    }
    _ = try bench.ask("UPDATE voiceforge_queue_runs SET program = 'voiceforge 0.0.9'")
    let worker = try bench.worker()
    try await worker.wait(.seconds(60), for: "its refusal") {
      worker.errors.contains("is refused: it was submitted by voiceforge 0.0.9, and this is voiceforge ") ? true : nil
    }
    #expect(try bench.ask("SELECT state FROM voiceforge_queue_chunks") == [["waiting"]])
  }

  @Test(
    "what does not go with a queue is refused with the reason",
    arguments: [
      (["--text"], "--text needs no queue: 100,000 calls without sound take 43 s on one core"),
      (["--live"], "workers hold calls in virtual time"),
      (["--shard", "1/2", "--report", "x"], "the queue deals the calls"),
      (["--jobs", "2"], "it is for voiceforge work"), (["--fail-fast"], "workers hold calls at the same time"),
      (["--llm", "replay"], "use --shard with --llm replay"), (["--chunk", "0"], "--chunk takes 1 to 1000"),
      ([], "machines meet in a database: name one with --database or DATABASE_URL"),
    ] as [([String], String)])
  func unfit(options: [String], message: String) async throws {
    let ended = try await Command(["simulate", "hangs-up", "--queue"] + options).end(within: .seconds(60))
    #expect(ended.status == 2 && ended.errors.contains(message), "\(ended)")
  }

  @Test("options of a queue without one, and a lease that is none, are refused")
  func strangers() async throws {
    let chunk = try await Command.run("simulate", "hangs-up", "--chunk", "2")
    #expect(chunk.status == 2 && chunk.errors.contains("--chunk and --database are for --queue"))
    let lease = try await Command.run("work", "--lease", "10ms")
    #expect(lease.status == 2 && lease.errors.contains("--lease takes 1s to 1h, not 10ms"))
  }
}
