import CallCore
import CallServer
import Stores
import Testing

extension ServerTests {
  /// What a provider tells of a run that another start of the server began; the rest is held with the official client in `test_outbound.py`.
  @Suite("Webhooks of runs that are nobody's any more")
  struct WebhookTests {
    private static let token = "0123456789abcdef0123456789abcdef"

    private static func server(_ runs: MemoryTestRunStore) throws -> TestRunServer {
      try TestRunServer(runs: runs) { settings in
        settings.twilio.authToken = token
        settings.twilio.publicURL = "https://voice.example"
      }
    }

    private static func run(_ id: String) -> TestRun {
      var run = TestRun(
        id: id, testID: "appointment_hours", provider: "twilio", mode: .live, createdAtUnixMicroseconds: 1, turnsAll: 2)
      run.status = .running
      run.providerCallID = "CA1"
      return run
    }

    /// Posts a form with Twilio's signature.
    private static func post(_ server: TestRunServer, _ target: String, sid: String, status: String) throws -> Int {
      var settings = TwilioSettings()
      settings.authToken = token
      let signer = try #require(TwilioSignature(settings))
      let signature = signer.signature("https://voice.example\(target)CallSid\(sid)CallStatus\(status)")
      return try server.ask(
        "POST", target, "CallSid=\(sid)&CallStatus=\(status)", type: "application/x-www-form-urlencoded",
        headers: [("x-twilio-signature", signature)]
      ).status
    }

    @Test("the signature of Twilio's own example")
    func vector() throws {
      var settings = TwilioSettings()
      settings.authToken = "12345"
      let signed =
        "https://example.com/myapp.php?foo=1&bar=2CallSidCA1234567890ABCDECaller+14158675310Digits1234From+14158675310To+18005551212"
      #expect(try #require(TwilioSignature(settings)).signature(signed) == "L/OH5YylLD5NRKLltdqwSvS0BnU=")
    }

    @Test("the provider's word that its call is over ends the run, with that reason, and nothing else does")
    func orphan() throws {
      let runs = MemoryTestRunStore()
      for id in ["a", "b"] { try runs.save(Self.run(id)) }
      let server = try Self.server(runs)
      let target = "/webhooks/voice/twilio?id=a"
      #expect(try Self.post(server, target, sid: "CA1", status: "in-progress") == 200)
      #expect(try Self.post(server, target, sid: "CA2", status: "completed") == 200)
      #expect(try runs.run(id: "a") == Self.run("a"))
      #expect(try Self.post(server, "/webhooks/voice/twilio?id=nobody", sid: "CA1", status: "completed") == 404)

      #expect(try Self.post(server, target, sid: "CA1", status: "completed") == 200)
      let ended = try #require(try runs.run(id: "a"))
      #expect(ended.status == .failed && ended.evaluation?.isPassed == false)
      #expect(ended.evaluation?.summary.contains("the server was started again") == true)
      #expect(try Self.post(server, target, sid: "CA1", status: "busy") == 200)
      #expect(try runs.run(id: "a") == ended, "late and repeated events change nothing")
      #expect(try runs.run(id: "b") == Self.run("b"))
      #expect(try Self.post(server, "/webhooks/voice/twilio", sid: "CA1", status: "completed") == 200)
    }
  }
}
