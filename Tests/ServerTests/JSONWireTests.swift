import CallCore
import CallDriver
import CallServer
import Foundation
import JSON
import Stores
import TestSupport
import Testing
import WebSockets

extension ServerTests {
  @Suite("A client of the JSON wire on a real server")
  struct JSONWireTests {
    let server: TestServer

    init() throws { server = try TestServer.shared.get() }

    static func messages(_ line: HandDrivenCall) -> [JSONValue] {
      line.log.current.texts.map { text in
        do throws(JSONFault) { return try JSONValue(parsing: text) } catch { return .string("\(error)") }
      }
    }

    static func types(_ line: HandDrivenCall) -> [String] { messages(line).map { $0.text(at: "type") ?? "?" } }

    static func codes(_ line: HandDrivenCall) -> [String] {
      messages(line).filter { $0.text(at: "type") == "error" }.map { $0.text(at: "code") ?? "?" }
    }

    /// A connection, on which `init` was sent.
    static func line(_ server: TestServer, _ config: String, key: String? = nil) throws -> HandDrivenCall {
      let line = try HandDrivenCall(server, path: "/ws/realtime")
      let apiKey = key.map { #""apiKey":"\#($0)","# } ?? ""
      line.send(text: #"{"type":"init","eventId":"i",\#(apiKey)"config":{\#(config)}}"#)
      return line
    }

    static func ready(_ line: HandDrivenCall) -> Bool {
      line.log.wait { $0.texts.contains { $0.contains(#""ready""#) } }
    }

    @Test("a text conversation with a flow, its feedback and its end, and what is kept of it")
    func text() throws {
      let line = try Self.line(server, #""mode":"text","agentEnabled":true,"model":"chat""#)
      #expect(line.log.wait { $0.texts.contains { $0.contains("agent_reply") } })
      line.send(text: #"{"type":"text_input","eventId":"t","text":"hello"}"#)
      #expect(line.log.wait { $0.texts.contains { $0.contains("metrics") } })
      line.send(text: #"{"type":"quality_feedback","category":"overall","score":5,"comment":"good"}"#)
      line.send(text: #"{"type":"end","eventId":"e"}"#)
      #expect(line.log.wait { $0.closed != nil })
      #expect(line.log.current.closed?.code == 1000)
      #expect(
        Self.types(line) == ["ready", "agent_reply", "agent_thinking", "agent_reply", "metrics", "ended"])
      let messages = Self.messages(line)
      #expect(messages.last?.text(at: "reason") == "client_requested")
      #expect(messages.last?["stats"]?["messagesProcessed"] == .integer(4))
      let id = try #require(messages.first?.text(at: "sessionId"))
      let record = try #require(server.record(id)).record
      #expect(record.metadata == ["wire": "legacy", "quality.overall": "5: good"])
      #expect(record.reason == .callerHungUp && record.turns == 1)
    }

    @Test("speech in pieces of 4,096 samples is understood and said back as speech")
    func echo() throws {
      let line = try Self.line(server, #""agentEnabled":true,"agentMode":"echo""#)
      #expect(Self.ready(line))
      let speech = try TestEngines.catalog.codecs.makeEncoder(AudioFormat(codec: .pcm16, sampleRate: 16_000))
        .encode(TestEngines.speech("I would like to book an appointment.")).bytes
      let audio = speech + [UInt8](repeating: 0, count: 48_000)
      for start in stride(from: 0, to: audio.count, by: 8192) {
        let piece = Array(audio[start..<min(start + 8192, audio.count)])
        line.send(text: #"{"type":"audio_chunk","eventId":"a","chunk":"\#(Data(piece).base64EncodedString())"}"#)
      }
      #expect(line.log.wait { $0.texts.contains { $0.contains("tts_complete") } })
      let messages = Self.messages(line)
      let final = try #require(messages.first { $0.text(at: "type") == "stt_final" })
      #expect(final.text(at: "text")?.lowercased().contains("appointment") == true)
      let reply = try #require(messages.first { $0.text(at: "type") == "agent_reply" })
      #expect(reply.text(at: "text") == final.text(at: "text"))
      #expect(messages.contains { $0.text(at: "type") == "tts_chunk" && $0["done"] == .bool(true) })
      #expect(Self.codes(line).isEmpty)
      line.close()
    }

    @Test("keys that a telephone sends as sound are heard, told as words and answered")
    func keys() throws {
      let line = try Self.line(server, #""agentEnabled":true,"agentMode":"echo""#)
      #expect(Self.ready(line))
      var samples = [Int16](repeating: 0, count: 3200)
      for key in "4711#".compactMap({ Key($0) }) {
        var sound = KeyToneSound(key, at: .wide)
        while !sound.isOver { samples.append(sound.next()) }
      }
      let audio = samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
      for start in stride(from: 0, to: audio.count, by: 3200) {
        let piece = Array(audio[start..<min(start + 3200, audio.count)])
        line.send(text: #"{"type":"audio_chunk","eventId":"k","chunk":"\#(Data(piece).base64EncodedString())"}"#)
      }
      #expect(line.log.wait { $0.texts.contains { $0.contains("agent_reply") } })
      let told = Self.messages(line).filter { ["stt_final", "agent_reply"].contains($0.text(at: "type")) }
      #expect(told.map { $0.text(at: "text") } == ["4711", "4711"])
      #expect(told.allSatisfy { $0.text(at: "eventId") == "k" } && Self.codes(line).isEmpty)
      line.close()
    }

    @Test("a model that is no flow, or a voice that is none, is refused with those that there are")
    func unknownNames() throws {
      for (config, code, word) in [
        (#""model":"gpt-4""#, "MODEL_NOT_FOUND", "chat"), (#""voice":"nobody""#, "MESSAGE_PARSE_ERROR", "nobody"),
      ] {
        let line = try Self.line(server, #""agentEnabled":true,\#(config)"#)
        #expect(line.log.wait { $0.closed != nil })
        #expect(line.log.current.closed?.code == 1008)
        #expect(Self.codes(line) == [code])
        #expect(Self.messages(line).first?.text(at: "message")?.contains(word) == true)
      }
    }

    @Test("a client that never sends init is closed")
    func silentClient() throws {
      let server = try TestServer { $0.startWithin = .milliseconds(1200) }
      let line = try HandDrivenCall(server, path: "/ws/realtime")
      #expect(line.log.wait { $0.closed != nil })
      #expect(line.log.current.closed?.code == 1008 && Self.codes(line) == ["NO_SESSION"])
    }

    @Test("a message of 10 MB is skipped, and those that are wrong end nothing")
    func longMessages() throws {
      let line = try Self.line(server, #""mode":"text","agentEnabled":true,"model":"chat""#)
      #expect(Self.ready(line))
      line.send(text: #"{"type":"audio_chunk","chunk":"\#(String(repeating: "A", count: 10 << 20))"}"#)
      for _ in 0..<30 { line.send(text: "no JSON") }
      line.send(text: #"{"type":"text_input","text":"hello"}"#)
      #expect(line.log.wait { $0.texts.contains { $0.contains("metrics") } })
      #expect(Self.codes(line) == [String](repeating: "MESSAGE_PARSE_ERROR", count: 31))
      line.close()
    }

    @Test("a session that breaks off in mid-speech leaves another one alone")
    func neighbours() throws {
      let line = try Self.line(server, #""agentEnabled":true,"model":"chat""#)
      #expect(Self.ready(line))
      let bad = try (0..<4).map { _ in try Self.line(server, #""agentEnabled":true,"model":"chat""#) }
      for neighbour in bad {
        for _ in 0..<50 { neighbour.send(text: #"{"type":"audio_chunk","chunk":"AAAAAAAA"}"#) }
        neighbour.send(text: "no JSON")
        neighbour.close(code: 1011)
      }
      #expect(line.log.wait { $0.texts.contains { $0.contains("tts_complete") } })
      #expect(Self.codes(line).isEmpty)
      line.close()
    }

    @Test("figures of turns: the sums, and the history in both formats")
    func figures() throws {
      let server = try TestServer()
      let line = try Self.line(server, #""mode":"text","agentEnabled":true,"model":"chat""#)
      #expect(Self.ready(line))
      line.send(text: #"{"type":"text_input","text":"hello"}"#)
      line.send(text: "no JSON")
      line.send(text: #"{"type":"quality_feedback","category":"latency","score":4}"#)
      #expect(line.log.wait { $0.texts.contains { $0.contains("metrics") } })
      line.send(text: #"{"type":"end"}"#)
      #expect(line.log.wait { $0.closed != nil })
      let figures = try server.json("/api/realtime/metrics")
      #expect(figures["endToEndLatency"]?["count"] == .integer(1) && figures["sttLatency"] == nil)
      #expect(figures["errors"]?["connection"] == .integer(1))
      #expect(figures["quality"]?["latency"] == .object(["count": .integer(1), "mean": .number(4.0)]))
      guard case .array(let samples)? = try server.json("/api/realtime/metrics/history")["samples"] else {
        Issue.record("a history has samples")
        return
      }
      #expect(samples.count == 1 && samples.first?["stt"] == nil)
      let csv = try server.ask("/api/realtime/metrics/history?format=csv")
      #expect(csv.headers["content-type"]?.hasPrefix("text/csv") == true)
      let lines = String(decoding: csv.body, as: UTF8.self).split(separator: "\r\n")
      #expect(lines.count == 2 && lines[0] == "timestamp,stt,agent,tts,e2e,queueDepth,activeConnections")
      let wrong = try server.ask("/api/realtime/metrics/history?format=xml")
      #expect(wrong.status == 400)
      #expect(try server.json("/api/health") == server.json("/healthz"))
      #expect(try server.json("/api/live") == server.json("/healthz"))
      #expect(try server.json("/api/ready") == server.json("/readyz"))
    }
  }

  @Suite("Keys that come in a message")
  struct MessageKeyTests {
    private static let shared = Result { try KeyedServer() }
    let keyed: KeyedServer

    init() throws { keyed = try Self.shared.get() }

    private func line(_ key: String?) throws -> HandDrivenCall {
      try JSONWireTests.line(keyed.server, #""mode":"text","agentEnabled":true,"model":"chat""#, key: key)
    }

    @Test("a right key opens a session; a wrong one closes with 4001, one that does not count any more with 4002")
    func keys() throws {
      let lacking = try #require(keyed.lacking[.call])
      let table: [(key: String?, code: String, close: Int)] = [
        (nil, "INVALID_API_KEY", 4001), ("", "INVALID_API_KEY", 4001), ("nonsense", "INVALID_API_KEY", 4001),
        (KeySecret.random().text, "INVALID_API_KEY", 4001), (lacking.text, "INVALID_API_KEY", 4001),
        (keyed.expired.text, "INACTIVE_API_KEY", 4002), (keyed.revoked.text, "INACTIVE_API_KEY", 4002),
      ]
      for row in table {
        let line = try line(row.key)
        #expect(line.log.wait { $0.closed != nil })
        #expect(line.log.current.closed?.code == row.close, "\(row.code)")
        #expect(JSONWireTests.codes(line) == [row.code])
        for secret in keyed.secrets { #expect(!line.log.current.texts.contains { $0.contains(secret) }) }
      }
      for key in [keyed.admin.text, KeyedServer.environmentKey] {
        let line = try line(key)
        #expect(JSONWireTests.ready(line))
        line.send(text: #"{"type":"end"}"#)
        #expect(line.log.wait { $0.closed != nil })
        #expect(line.log.current.closed?.code == 1000)
        let id = try #require(JSONWireTests.messages(line).first?.text(at: "sessionId"))
        let record = try #require(keyed.server.record(id)).record
        #expect(!"\(record)".contains(key))
      }
      let usage = try JSONValue(parsing: keyed.ask("GET", "/api/usage", key: keyed.admin.text).body)
      #expect("\(usage)".contains(keyed.admin.id), "its calls are counted for the key of the message")
      for secret in keyed.secrets { #expect(!keyed.logLines.current.contains { $0.contains(secret) }) }
    }

    @Test("a key with the handshake is looked at there, and that of the message is not")
    func handshakeKey() throws {
      let line = try HandDrivenCall(keyed.server, path: "/ws/realtime", key: keyed.admin.text)
      line.send(text: #"{"type":"init","apiKey":"nonsense","config":{"mode":"text"}}"#)
      #expect(JSONWireTests.ready(line))
      line.close()
      let wrong = try HandDrivenCall(keyed.server, path: "/ws/realtime", key: "nonsense")
      #expect(wrong.log.current.failure != nil)
    }

    @Test("the rate of a key holds, and whoever shows no key takes no line")
    func limits() throws {
      let store = MemoryKeyStore()
      let (good, slow) = (KeySecret.random(), KeySecret.random())
      _ = try store.add(good.sealed(name: "good", scopes: [.call, .manage], at: 0))
      var limited = slow.sealed(name: "slow", scopes: [.call], at: 0)
      limited.requestsPerMinute = 1
      _ = try store.add(limited)
      let server = try TestServer(keys: store) { $0.callsMax = 2 }
      let strangers = try (0..<4).map { _ in try HandDrivenCall(server, path: "/ws/realtime") }
      #expect(server.server.callCount == 0)
      let config = #""mode":"text","agentEnabled":true,"model":"chat""#
      let first = try JSONWireTests.line(server, config, key: slow.text)
      #expect(JSONWireTests.ready(first))
      let again = try JSONWireTests.line(server, config, key: slow.text)
      #expect(again.log.wait { $0.closed != nil })
      #expect(JSONWireTests.codes(again) == ["SERVER_BUSY"])
      let second = try JSONWireTests.line(server, config, key: good.text)
      #expect(JSONWireTests.ready(second))
      let third = try JSONWireTests.line(server, config, key: good.text)
      #expect(third.log.wait { $0.closed != nil })
      #expect(JSONWireTests.codes(third) == ["SERVER_BUSY"])
      #expect(server.server.callCount == 2)
      for line in [first, second] { line.close() }
      #expect(eventually { server.server.callCount == 0 })
      for stranger in strangers { stranger.close() }
    }
  }
}
