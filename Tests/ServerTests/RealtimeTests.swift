import CallCore
import JSON
import TestSupport
import Testing

extension ServerTests {
  @Suite("A client of OpenAI's Realtime protocol on a real server")
  struct RealtimeTests {
    let server: TestServer

    init() throws { server = try TestServer.shared.get() }

    private static func events(_ line: HandDrivenCall) -> [JSONValue] {
      line.log.current.texts.map { text in
        do throws(JSONFault) { return try JSONValue(parsing: text) } catch { return .string("\(error)") }
      }
    }

    private static func types(_ line: HandDrivenCall) -> [String] {
      events(line).map { $0.text(at: "type") ?? "?" }
    }

    @Test(
      "a client that says nothing hears the agent's opening, on both addresses",
      arguments: ["/v1/realtime", "/realtime"])
    func opening(_ path: String) throws {
      let line = try HandDrivenCall(server, path: "\(path)?model=chat&unknown=1")
      #expect(line.log.wait { $0.texts.contains { $0.contains("response.done") } })
      let types = Self.types(line)
      #expect(types.first == "session.created")
      #expect(types.contains("response.output_audio.delta"))
      #expect(types.last == "response.done")
      line.close()
    }

    @Test("a model that is no flow is refused with the flows that there are")
    func unknownModel() throws {
      let line = try HandDrivenCall(server, path: "/v1/realtime?model=gpt-realtime")
      #expect(line.log.wait { $0.closed != nil })
      #expect(line.log.current.closed?.code == 1008)
      let error = try #require(Self.events(line).first)
      #expect(Self.types(line) == ["error"])
      #expect(error.text(at: "error.code") == "model_not_found")
      #expect(error.text(at: "error.message")?.contains("chat") == true)
    }

    @Test("an event over 4 MiB is skipped, one just below is read, and the session goes on")
    func longEvents() throws {
      let line = try HandDrivenCall(server, path: "/v1/realtime?model=chat")
      let head = #"{"type":"input_audio_buffer.append","audio":""#
      for bytes in [4 << 20, (4 << 20) - 64] { line.send(text: head + String(repeating: "A", count: bytes) + "\"}") }
      line.send(text: #"{"type":"session.update","session":{"type":"realtime"}}"#)
      #expect(line.log.wait { $0.texts.contains { $0.contains("session.updated") } })
      let codes = Self.events(line).compactMap { $0.text(at: "error.code") }
      // What is read is more than a minute of audio.
      #expect(codes == ["event_too_large", "input_audio_buffer_full"])
      line.close()
    }

    @Test("a session that breaks off in mid-speech leaves another one alone")
    func neighbours() throws {
      let line = try HandDrivenCall(server, path: "/v1/realtime?model=chat")
      let bad = try (0..<4).map { _ in try HandDrivenCall(server, path: "/v1/realtime?model=chat") }
      for neighbour in bad {
        for _ in 0..<50 { neighbour.send(text: #"{"type":"input_audio_buffer.append","audio":"AAAAAAAA"}"#) }
        neighbour.send(text: "no JSON")
        neighbour.close(code: 1011)
      }
      #expect(line.log.wait { $0.texts.contains { $0.contains("response.done") } })
      #expect(!Self.types(line).contains("error"))
      line.close()
    }
  }
}
