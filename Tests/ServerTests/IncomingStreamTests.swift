import CallCore
import CallServer
import Testing
import WebSockets

extension ServerTests {
  /// Twilio's signatures hold no time: what was signed once could be sent again by whoever saw it.
  @Suite("Signed streams of calls that come in")
  struct IncomingStreamTests {
    private static let token = "0123456789abcdef0123456789abcdef"

    private static func server(_ adjust: (inout TwilioSettings) -> Void = { _ in }) throws -> TestServer {
      try TestServer { settings in
        settings.twilio.authToken = token
        settings.twilio.publicURL = "https://voice.example"
        adjust(&settings.twilio)
      }
    }

    private static func signature(_ text: String) throws -> (name: String, value: String) {
      var settings = TwilioSettings()
      settings.authToken = token
      return ("x-twilio-signature", try #require(TwilioSignature(settings)).signature(text))
    }

    /// The webhook of a call.
    /// - Returns: its status, and the path of the stream in its answer.
    private static func answer(_ sid: String, at server: TestServer) throws -> (status: Int, path: String) {
      let form = ("content-type", "application/x-www-form-urlencoded")
      let reply = try server.ask(
        "/twilio/voice", method: "POST",
        headers: [form, try signature("https://voice.example/twilio/voiceCallSid\(sid)")], body: "CallSid=\(sid)")
      let texts = String(decoding: reply.body, as: UTF8.self).split(separator: "\"")
      let address = texts.first { $0.hasPrefix("wss://voice.example") }
      return (reply.status, address.map { String($0.dropFirst("wss://voice.example".count)) } ?? "")
    }

    /// Asks for a stream without opening its WebSocket: 426 where it would be taken.
    private static func open(_ path: String, isSigned: Bool = true, at server: TestServer) throws -> Int {
      try server.ask(path, headers: isSigned ? [signature("wss://voice.example\(path)")] : []).status
    }

    @Test(
      "the address of a stream is good once, with Twilio's signature; a request that comes again before that is answered alike, and 403 afterwards"
    )
    func once() throws {
      let server = try Self.server()
      let (status, path) = try Self.answer("CA1", at: server)
      #expect(status == 200 && path.hasPrefix("/twilio/stream/vfs_"), "\(path)")
      #expect(try Self.answer("CA1", at: server) == (200, path), "Twilio asks again where an answer was lost")
      #expect(try Self.open(path, isSigned: false, at: server) == 403)
      #expect(try Self.open(path, at: server) == 426, "what nobody signed does not use the address up")
      #expect(try Self.open(path, at: server) == 403)
      #expect(try Self.answer("CA1", at: server).status == 403)

      let (_, other) = try Self.answer("CA2", at: server)
      #expect(other != path)
      #expect(try Self.open(other, at: server) == 426)
    }

    @Test(
      "the fixed address, whose signature is the same for every call, is refused where only one-time addresses are wanted",
      arguments: [true, false])
    func fixed(isRefused: Bool) throws {
      let server = try Self.server { $0.opensOneTimeStreamsOnly = isRefused }
      for _ in 0..<2 { #expect(try Self.open("/twilio/stream", at: server) == (isRefused ? 403 : 426)) }
      #expect(try Self.open("/twilio/stream/made-up", at: server) == (isRefused ? 403 : 426))
      #expect(try Self.open("/twilio/stream", isSigned: false, at: server) == 403)
      let (status, path) = try Self.answer("CA1", at: server)
      #expect(status == 200)
      #expect(try Self.open(path, at: server) == 426)
    }
  }
}
