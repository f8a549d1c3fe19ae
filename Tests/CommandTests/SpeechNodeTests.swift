import JSON
import Foundation
import Testing

/// Two nodes: one makes the speech, one carries the calls. Real processes, real speech.
@Suite("Two nodes")
struct SpeechNodeTests {
  private static let key = "planted-0123456789abcdef"

  /// A node with `--role calls` that takes calls.
  private func callsNode(_ speech: RunningServer, key: String? = nil) async throws -> RunningServer {
    var environment = ["VOICEFORGE_SPEECH_URL": speech.url]
    environment["VOICEFORGE_SPEECH_KEY"] = key
    let node = try await RunningServer(["--role", "calls"], environment: environment)
    try await node.command.wait(.seconds(20), for: "the speech node") {
      try node.get("/readyz").status == 200 ? true : nil
    }
    return node
  }

  /// One figure of a node's metrics.
  private static func figure(_ name: String, of node: RunningServer) throws -> Double {
    let line = try node.get("/metrics").body.split(separator: "\r\n").flatMap { $0.split(separator: "\n") }
      .first { $0.hasPrefix(name + " ") }
    return line.flatMap { Double($0.dropFirst(name.utf8.count + 1)) } ?? -1
  }

  @Test("hold a spoken call together that books its slot; the node that makes the speech takes no call and says so")
  func call() async throws {
    let speech = try await RunningServer(["--role", "speech"])
    let calls = try await callsNode(speech)
    let parts = try calls.get("/readyz").body
    #expect(parts.contains("remoteSpeech") && parts.contains("detector"))
    #expect(!parts.contains("recognizer") && !parts.contains("Voices"), "neither is loaded here: \(parts)")
    let ended = try await Command.run(
      "call", "--target", calls.callURL, "--json", "--interrupt", "700", "--say",
      "I would like to book an appointment.",
      "--say", "Next Tuesday.", "--say", "At half past three.", "--say", "Yes, that's right.", "--say", "Anna Miller.",
      "--say", "Yes.", within: .seconds(60))
    #expect(ended.status == 0, "\(ended.errors)")
    let document = try JSONValue(parsing: ended.output)
    #expect(document.text(at: "record.outcome") == "booked", "\(ended.output)")
    #expect(document.text(at: "record.slots.time") == "15:30")
    #expect(document.text(at: "record.slots.name") == "Anna Miller")
    #expect(try Self.figure(#"voiceforge_remote_speech_requests_total{kind="recognition"}"#, of: calls) >= 6)
    #expect(try Self.figure("voiceforge_remote_speech_up", of: calls) == 1)
    #expect(try Self.figure("voiceforge_speech_requests_total", of: speech) >= 6)

    let refused = try speech.get("/v1/call")
    #expect(refused.status == 503 && refused.body.contains("takes no calls (--role speech)"), "\(refused)")
    let ready = try speech.get("/readyz")
    #expect(ready.status == 200 && ready.body.contains(#""state":"off""#), "\(ready)")
    let none = try await Command.run("call", "--target", speech.callURL, "--type", "Hello.")
    #expect(none.status != 0 && none.errors.contains("takes no calls"), "\(none.errors)")
    #expect(try await calls.stop().status == 0)
    #expect(try await speech.stop().status == 0)
  }

  @Test(
    "a speech node that is gone in mid-call: the turns fail clearly, the call ends politely, calls are refused, and taken again"
  )
  func gone() async throws {
    let port = HeldPort.free()
    var speech = try await RunningServer(["--role", "speech", "--port", "\(port)"])
    let calls = try await callsNode(speech)
    try await warmed(calls)
    let call = try Command([
      "call", "--target", calls.callURL, "--interrupt", "500", "--say", "I would like to book an appointment.",
      "--interrupt", "500", "--say", "Next Tuesday, please.", "--interrupt", "500", "--say", "Are you still there?",
      "--interrupt", "500", "--say", "Hello?",
    ])
    try await call.wait(.seconds(20), for: "the agent") { call.output.contains("agent ") ? true : nil }
    speech.command.signal(SIGKILL)
    let ended = try await call.end(within: .seconds(40))
    #expect(ended.output.contains("engine-failed after"), "\(ended.output)")
    #expect(ended.output.contains("Sorry"), "the prompts of the flow are still there: \(ended.output)")
    #expect((ended.output + ended.errors).contains("the speech service at \(speech.url)/v1"), "\(ended)")
    #expect(ended.status == 1)

    let ready = try calls.get("/readyz")
    #expect(ready.status == 503 && ready.body.contains("cannot be reached"), "\(ready)")
    let refused = try calls.get("/v1/call")
    #expect(refused.status == 503 && refused.body.contains("remoteSpeech"), "\(refused)")
    #expect(try Self.figure("voiceforge_remote_speech_up", of: calls) == 0)
    #expect(
      try Self.figure(#"voiceforge_remote_speech_failures_total{kind="recognition",reason="unreachable"}"#, of: calls)
        >= 3)
    speech = try await RunningServer(["--role", "speech", "--port", "\(port)"])
    try await calls.command.wait(.seconds(10), for: "calls to be taken again") {
      try calls.get("/readyz").status == 200 ? true : nil
    }
    #expect(try await calls.stop().status == 0)
  }

  /// Waits until the prompts of the flows were made.
  private func warmed(_ calls: RunningServer) async throws {
    var (last, since) = (0.0, ContinuousClock.now)
    try await calls.command.wait(.seconds(30), for: "the prompts") {
      let count = try Self.figure(#"voiceforge_remote_speech_requests_total{kind="synthesis"}"#, of: calls)
      if count != last { (last, since) = (count, ContinuousClock.now) }
      return count > 20 && ContinuousClock.now - since > .seconds(1) ? true : nil
    }
  }

  @Test("a node without engines of its own wants to know whose it may use; wrong settings are named without the key")
  func settings() async throws {
    for (arguments, environment, message) in [
      (["--role", "calls"], [:], "set VOICEFORGE_SPEECH_URL to a node with --role speech"),
      ([], ["VOICEFORGE_ROLE": "singer"], "expected one of all, speech, calls, got \"singer\""),
      ([], ["VOICEFORGE_SPEECH_URL": "ftp://x"], "expected an address such as http://speech.example:8080"),
      ([], ["VOICEFORGE_SPEECH_URL": "http://me:\(Self.key)@x"], "without a user"),
      (["--role", "speech", "--demo"], [:], "--demo places a call"),
    ] as [([String], [String: String], String)] {
      let ended = try await Command(["serve", "--port", "0"] + arguments, environment: environment)
        .end(within: .seconds(10))
      #expect(ended.status == 2, "\(ended)")
      #expect(ended.errors.contains(message) && !ended.errors.contains(Self.key), "\(ended.errors)")
    }
  }

  @Test("a node whose speech node is not there serves its page and REST, and says what it waits for")
  func alone() async throws {
    let url = "http://127.0.0.1:\(HeldPort.free())"
    let calls = try await RunningServer(["--role", "calls"], environment: ["VOICEFORGE_SPEECH_URL": url])
    try await calls.command.wait(.seconds(10), for: "the advice") {
      calls.command.errors.contains("Calls are taken as soon as it answers") ? true : nil
    }
    #expect(try calls.get("/api/flows").status == 200)
    #expect(try calls.get("/readyz").body.contains(#""status":"failed""#))
    #expect(try await calls.stop().status == 0)
  }

  @Test(
    "a key and TLS between the nodes; the doctor tries the speech out, and says what is wrong",
    .enabled(if: TestCertificate.isPossible, "needs openssl"))
  func doctor() async throws {
    let files = try await TestCertificate()
    let speech = try Command(
      ["serve", "--role", "speech", "--port", "0", "--tls-certificate", files.certificate, "--tls-key", files.key],
      environment: ["VOICE_API_KEY": Self.key])
    let port = try await speech.wait(.seconds(10), for: "the server's address") {
      speech.output.firstMatch(of: /serves on https:\/\/127.0.0.1:(\d+)/).map { String($0.1) }
    }
    func doctor(_ key: String, _ trust: [String: String]) async throws -> Command.Ended {
      let environment = [
        "VOICEFORGE_SPEECH_URL": "https://localhost:\(port)", "VOICEFORGE_SPEECH_KEY": key, "VOICEFORGE_ROLE": "calls",
        "VOICEFORGE_PORT": "\(HeldPort.free())",
      ]
      return try await Command.run("doctor", environment: environment.merging(trust) { $1 }, within: .seconds(40))
    }
    let trust = ["SSL_CERT_FILE": files.certificate]
    var good = try await doctor(Self.key, trust)
    while good.output.contains("still loading") { good = try await doctor(Self.key, trust) }
    #expect(good.status == 0, "\(good.output)")
    #expect(good.output.contains("✓ Synthesis") && good.output.contains("✓ Recognition"), "\(good.output)")
    #expect(good.output.lowercased().contains("can you hear me"), "\(good.output)")
    let wrong = try await doctor("wrong-0123456789abcdef", trust)
    #expect(wrong.status == 1 && wrong.output.contains("correct VOICEFORGE_SPEECH_KEY"), "\(wrong.output)")
    let untrusted = try await doctor(Self.key, [:])
    #expect(untrusted.status == 1 && untrusted.output.contains("TLS cannot be trusted"), "\(untrusted.output)")
    for ended in [good, wrong, untrusted] {
      #expect(!(ended.output + ended.errors).contains(Self.key) && !ended.output.contains("wrong-0123456789abcdef"))
    }
  }
}
