import CallClient
import CallCore
import CallDriver
import Wires
import Testing
import WebSockets

extension ServerTests {
  @Suite("Calls in every codec")
  struct CodecCallTests {
    static let formats = [
      AudioFormat(codec: .pcm16, sampleRate: 8000), AudioFormat(codec: .pcm16, sampleRate: 16_000),
      AudioFormat(codec: .mulaw, sampleRate: 8000), AudioFormat(codec: .opus, sampleRate: 24_000),
    ]

    @Test("the caller is understood, the agent is heard, and both are in the recording", arguments: formats)
    func spoken(_ format: AudioFormat) throws {
      let server = try TestServer.shared.get()
      var script = CallerScript(
        flow: "ping", turns: [try TestEngines.turn("I would like to book an appointment.", format: format)])
      script.format = format
      let outcome = try SpokenCalls.call(script, at: server, keepsSamples: true)
      #expect(outcome.report.failure == nil)
      let record = try #require(outcome.report.record?.record)
      #expect(record.codec == "\(format.codec.rawValue)/\(format.sampleRate)")
      let words = record.transcript.first { $0.role == .caller }?.text.lowercased() ?? ""
      #expect(words.contains("book an appointment"), "\(words)")
      #expect(outcome.report.latencies.count == 1)
      #expect(server.record(record.id) != nil)
      let file = try Recording(server.ask("/api/calls/\(record.id)/recording").body)
      let seconds = 0..<record.duration.milliseconds
      #expect(Recording.soundEnd(file.caller, within: seconds) != nil)
      #expect(Recording.soundEnd(file.agent, within: seconds) != nil)
      #expect(Recording.soundEnd(outcome.report.agentSamples, within: seconds) != nil)
    }
  }
}
