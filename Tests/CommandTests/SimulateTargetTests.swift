import JSON
import Foundation
import MachineWatch
import Testing

@Suite("simulate --target")
struct SimulateTargetTests {
  /// Needs no answer and no voice: the caller presses a key when it has waited for a second, and hangs up after another.
  static let plainCase = """
    flow: appointment
    caller: {patience: 1s}
    world: {codec: pcm16}
    turns:
      - press: "3"
      - hang-up: true
    """

  @Test("a target that refuses, hangs, talks rubbish or vanishes ends the run in time, and stands in the reports")
  func badTargets() async throws {
    // Most of the time they wait, so several are called at once.
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, bad) in BadTarget.all.enumerated() {
        if index >= 5 { try await group.next() }
        group.addTask { try await Self.call(bad) }
      }
      try await group.waitForAll()
    }
  }

  private static func call(_ bad: BadTarget) async throws {
    let target = bad.script.map { ScriptedTarget($0) }
    let folder = try Scratch()
    _ = try folder.write(plainCase, to: "plain.yaml")
    let address = target?.url ?? "ws://127.0.0.1:\(HeldPort.free())/v1/call"
    let ended = try await OnTime.run(tries: 5) {
      try await Command(["simulate", "plain.yaml", "--target", address, "--report", "out"], folder: folder).end(
        within: bad.limit)
    } wasHeldUp: {
      $0.output.contains("of the caller's frames leave over 20 ms late")
    }
    #expect(ended.status == bad.status, "\(bad.name): \(ended)")
    let said = ended.output + ended.errors
    let report = try JSONValue(parsing: try Scratch.bytes(of: folder.file("out/report.json")))
    #expect(report["counts"]?[bad.verdict]?.wholeNumber == 1, "\(bad.name)")
    let reasons = report.list("cases").flatMap { $0.list("reasons") }.compactMap { $0.text(at: "actual") }
    let junit = String(decoding: try Scratch.bytes(of: folder.file("out/junit.xml")), as: UTF8.self)
    #expect(junit.contains(bad.verdict == "failed" ? "<failure " : "<error "), "\(bad.name)")
    let page = String(decoding: try Scratch.bytes(of: folder.file("out/index.html")), as: UTF8.self)
    for message in bad.messages {
      #expect(said.contains(message), "\(bad.name): \(said)")
      #expect(reasons.contains { $0.contains(message) }, "\(bad.name): \(reasons)")
      #expect(junit.contains(message), "\(bad.name): \(junit)")
      #expect(page.contains(message), "\(bad.name)")
    }
    #expect(!said.contains("Error(") && !said.contains("status:"), "for people, not for programmers: \(said)")
  }

  @Test("a call to a running server passes, and another to the same one finds it again")
  func live() async throws {
    let server = try await RunningServer()
    let folder = try Scratch()
    _ = try folder.write(
      """
      flow: appointment
      turns:
        - press: "3"
          at: 1s
        - hang-up: true
          at: 500ms
      expect: {state: hours, ended: caller-hung-up}
      """, to: "hours.yaml")
    let arguments = ["simulate", "hours.yaml", "--target", server.url, "--repeat", "2", "--json"]
    // A call whose caller was itself held up is invalid and exits 3.
    let ended = try await OnTime.run(tries: 5) {
      try await Command(arguments, folder: folder).end(within: .seconds(30))
    } wasHeldUp: {
      $0.status == 3
    }
    #expect(ended.status == 0, "\(ended)")
    let document = try JSONValue(parsing: ended.output)
    #expect(document["counts"]?["passed"]?.wholeNumber == 2)
    #expect(document.text(at: "mode") == "live" && document.text(at: "target") == server.url)
    #expect(document.list("cases").allSatisfy { $0.text(at: "ended") == "caller-hung-up" })
    #expect(try await server.stop().status == 0)
  }

  @Test("without a server, --live starts one; the replay of what failed is live, too")
  func ownServer() async throws {
    let folder = try Scratch()
    _ = try folder.write(
      "flow: appointment\nturns:\n  - {hang-up: true, at: 300ms}\nexpect: {outcome: booked}\n", to: "short.yaml")
    let ended = try await OnTime.run {
      let port = "\(HeldPort.free())"
      return try await Command(
        ["simulate", "short.yaml", "--live", "--json"], environment: ["VOICEFORGE_PORT": port], folder: folder
      ).end(within: .seconds(30))
    } wasHeldUp: {
      $0.status == 3
    }
    #expect(ended.status == 1, "\(ended)")
    #expect(ended.errors.contains("one is started in this process for the call"))
    let replay = try #require(try JSONValue(parsing: ended.output).list("cases").first?.text(at: "replay"))
    #expect(replay.hasPrefix("voiceforge simulate short.yaml --id short --case-seed ") && replay.hasSuffix(" --live"))
  }
}
