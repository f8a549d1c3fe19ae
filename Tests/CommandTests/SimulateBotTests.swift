import Foundation
import JSON
import Testing

@Suite("simulate --target of a bot")
struct SimulateBotTests {
  private static let observable = "flow: appointment\nturns:\n  - hang-up: true\n    at: 300ms\n"
  private static let unobservable = """
    flow: appointment
    turns:
      - press: "3"
        expect: {state: hours, slots: {day: x}}
      - say: Goodbye.
    expect: {outcome: booked, ended: transferred, understood: 10}
    """

  @Test(
    "wrong usage ends with 2 and says what to do",
    arguments: [
      (["--target", "morse+ws://127.0.0.1:1/ws"], "morse is none of twilio, telnyx, plivo, exotel, vonage, realtime"),
      (["--target", "voiceforge+ws://127.0.0.1:1/ws"], "voiceforge is none of twilio"),
      (["--target", "telnyx+http://127.0.0.1:1/ws"], "expected an address such as twilio+ws://127.0.0.1:7860/ws"),
      (["--target", "twilio+ws://"], "expected an address such as twilio+ws://"),
      (["--target", "twilio+ws://a b/"], "expected an address such as twilio+ws://"),
      (
        ["--target", "twilio+ws://h/ws", "--target-parameter", "x"], "expected a name and a value such as customer=4711"
      ),
      (["--target", "twilio+ws://h/ws", "--target-parameter", "=x"], "expected a name and a value"),
      (["--target", "realtime+http://h/"], "expected an address such as twilio+ws://"),
      (
        ["--target", "realtime+ws://h/v1/realtime", "--target-parameter", "a=1"], "realtime has no place for parameters"
      ),
      (["--target-parameter", "a=1"], "need a bot"),
      (["--agent-pause", "1s"], "need a bot"),
      (["--target", "twilio+ws://h/ws", "--agent-pause", "soon"], "expected a time from 200ms to 30s, got \"soon\""),
      (["--target", "twilio+ws://h/ws", "--agent-pause", "31s"], "expected a time from 200ms to 30s"),
      (["--target", "ws://h/v1/call", "--skip-unobservable"], "needs a bot"),
    ] as [([String], String)])
  func wrongUsage(arguments: [String], message: String) async throws {
    let folder = try Scratch()
    _ = try folder.write(Self.observable, to: "case.yaml")
    let ended = try await Command(["simulate", "case.yaml"] + arguments, folder: folder).end(within: .seconds(40))
    #expect(ended.status == 2, "\(ended)")
    #expect(ended.errors.hasPrefix("voiceforge: ") && ended.errors.contains(message), "\(ended.errors)")
    #expect(ended.output.isEmpty)
  }

  @Test("expectations that the wire cannot answer are named with file and line before anything is called")
  func refused() async throws {
    let folder = try Scratch()
    _ = try folder.write(Self.unobservable, to: "case.yaml")
    let target = "twilio+ws://127.0.0.1:\(HeldPort.free())/ws"
    let ended = try await Command(["simulate", "case.yaml", "--target", target], folder: folder).end(
      within: .seconds(40))
    #expect(ended.status == 2, "\(ended)")
    for (line, kind) in [(4, "state"), (4, "slot"), (6, "outcome"), (6, "ended"), (6, "understood")] {
      #expect(
        ended.errors.contains("case.yaml:\(line):1: case: twilio carries sound and keys alone and tells no `\(kind)`"),
        "\(ended.errors)")
    }
    #expect(ended.errors.contains("--skip-unobservable"))
  }

  @Test("over Realtime, keys and what the protocol does not tell are named with file and line")
  func refusedOverRealtime() async throws {
    let folder = try Scratch()
    _ = try folder.write(Self.unobservable, to: "case.yaml")
    let target = "realtime+ws://127.0.0.1:\(HeldPort.free())/v1/realtime"
    let ended = try await Command(["simulate", "case.yaml", "--target", target], folder: folder).end(
      within: .seconds(40))
    #expect(ended.status == 2, "\(ended)")
    #expect(ended.errors.contains("case.yaml:3:"), "\(ended.errors)")
    #expect(ended.errors.contains("`press` sends keys, and realtime carries none"), "\(ended.errors)")
    for kind in ["state", "slot", "outcome", "ended"] {
      #expect(ended.errors.contains("case: realtime tells no `\(kind)`"), "\(ended.errors)")
    }
    #expect(!ended.errors.contains("`understood`"))
  }

  private static let badTargets: [(text: String, message: String)] = [
    ("audio: pcma", "audio of agent: plivo carries pcmu, not pcma"),
    ("key: ${NO_SUCH_KEY}", "key of agent: the environment has no NO_SUCH_KEY"),
    ("key: sk-secret", "does not belong in a file"),
    ("parameters: {a: b}", "parameters of agent: a target over realtime has none"),
    ("from: \"1\"", "from of agent: a target over realtime has none"),
    ("signing-token: ${TOKEN}", "only Twilio's signature is known, not realtime's"),
  ]

  @Test("a target with what its wire does not have is refused before any call", arguments: badTargets.indices)
  func badTarget(index: Int) async throws {
    let row = Self.badTargets[index]
    let folder = try Scratch()
    _ = try folder.write(Self.observable, to: "case.yaml")
    let wire = row.message.contains("plivo") ? "plivo" : "realtime"
    _ = try folder.write("agent:\n  url: \(wire)+ws://h/v1/realtime\n  \(row.text)\n", to: "targets.yaml")
    let ended = try await Command(["simulate", "case.yaml", "--target", "agent"], folder: folder).end(
      within: .seconds(40))
    #expect(ended.status == 2 && ended.errors.contains(row.message), "\(ended)")
    #expect(!ended.errors.contains("sk-secret"))
  }

  @Test("a bot that is not there ends the run with 4; the replay names it with all that it was told")
  func unreachable() async throws {
    let folder = try Scratch()
    _ = try folder.write(Self.unobservable, to: "case.yaml")
    let target = "exotel+ws://127.0.0.1:\(HeldPort.free())/ws"
    let ended = try await Command(
      [
        "simulate", "case.yaml", "--target", target, "--skip-unobservable", "--target-parameter", "a=b c",
        "--agent-pause", "1.5s", "--json",
      ], folder: folder
    ).end(within: .seconds(60))
    #expect(ended.status == 4, "\(ended)")
    let one = try #require(try JSONValue(parsing: ended.output).list("cases").first)
    #expect(one.text(at: "verdict") == "invalid" && one.text(at: "wire") == "exotel")
    #expect(one.text(at: "failure")?.contains("start the bot, or correct --target") == true)
    #expect(
      one.text(at: "replay")?.hasSuffix(
        "--target \(target) --target-parameter 'a=b c' --agent-pause 1.5s --skip-unobservable") == true)
    #expect(one.list("skipped").count == 5)
  }

  @Test("a bot is called by simulate and load, and call says so")
  func callAlone() async throws {
    let ended = try await Command(
      ["call", "--target", "twilio+ws://127.0.0.1:1/ws", "--say", "hello"], folder: try Scratch()
    ).end(
      within: .seconds(40))
    #expect(ended.status == 2 && ended.errors.contains("which `voiceforge simulate` and `load` call"), "\(ended)")
  }
}
