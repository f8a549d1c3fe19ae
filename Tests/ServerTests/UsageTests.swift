import TestSupport
import CallCore
import CallDriver
import CallServer
import JSON
import Wires
import Formats
import Simulation
import Stores
import Testing
import WebSockets

extension ServerTests {
  @Suite("Usage")
  struct UsageTests {
    private static let shared = Result { try KeyedServer() }
    let keyed: KeyedServer

    init() throws { keyed = try Self.shared.get() }

    private func report(_ query: String = "") throws -> JSONValue {
      let answer = try keyed.ask("GET", "/api/usage\(query)", key: keyed.admin.text)
      #expect(answer.status == 200)
      return try JSONValue(parsing: answer.body)
    }

    /// A key with all scopes, and its id.
    private func newKey(_ name: String) throws -> (text: String, id: String) {
      let body = "{\"name\":\"\(name)\",\"scopes\":[\"call\",\"read\",\"manage\",\"speech\"]}"
      let made = try JSONValue(parsing: keyed.ask("POST", "/api/keys", key: keyed.admin.text, body: body).body)
      return (try #require(made.text(at: "key")), try #require(made.text(at: "id")))
    }

    private func figures(_ id: String) throws -> JSONValue { try #require(try report("?key=\(id)")["totals"]) }

    /// A typed call of two turns, counted when this returns.
    private func call(key: (text: String, id: String)) throws {
      let before = try figures(key.id).number(at: "calls") ?? 0
      let line = try HandDrivenCall(keyed.server, key: key.text)
      line.send(StartRequest(flow: "chat"))
      #expect(line.log.wait { $0.finished.count == 1 })
      for turn in 2...3 {
        line.send(.text("one"))
        #expect(line.log.wait { $0.finished.count == turn })
      }
      line.send(.hangup)
      #expect(line.log.wait { $0.closed != nil })
      #expect(try eventually { try figures(key.id).number(at: "calls") == before + 1 })
    }

    @Test("a call is counted for its key, with its turns and what was spoken; what was there already is a hit")
    func calls() throws {
      let key = try newKey("caller")
      try call(key: key)
      let one = try figures(key.id)
      #expect(one.number(at: "turns") == 2)
      #expect((one.number(at: "callSeconds") ?? 0) > 1)
      #expect(one.number(at: "recognizedSeconds") == 0)
      let spoken = (one.number(at: "synthesizedCharacters") ?? 0)
      try call(key: key)
      let two = try figures(key.id)
      #expect(two.number(at: "turns") == 4)
      #expect(two.number(at: "synthesizedCharacters") == spoken, "the second call says what the first one said")
      #expect((two.number(at: "cacheHits") ?? 0) >= (one.number(at: "cacheHits") ?? 0) + 3)
      let report = try report("?key=\(key.id)")
      #expect(report.text(at: "keys.0.name") == "caller" && report.text(at: "days.0.keys.0.key") == key.id)
      #expect(report.text(at: "days.0.day") == report.text(at: "to"))
      let metrics = String(decoding: try keyed.ask("GET", "/metrics", key: keyed.admin.text).body, as: UTF8.self)
      #expect(metrics.contains("voiceforge_usage_calls_total{key=\"\(key.id)\"} 2.0\n"))
      #expect(metrics.contains("voiceforge_usage_turns_total{key=\"\(key.id)\"} 4.0\n"))
    }

    @Test("a call that cannot begin is counted as refused, for its key")
    func refused() throws {
      let key = try newKey("refused")
      let line = try HandDrivenCall(keyed.server, key: key.text)
      line.send(StartRequest(flow: "nowhere"))
      #expect(line.log.wait { $0.closed != nil })
      #expect(try eventually { try figures(key.id).number(at: "refusedCalls") == 1 })
      #expect(try figures(key.id).number(at: "calls") == 0)
    }

    @Test("speech over HTTP is counted for its key: characters, seconds made, seconds recognised")
    func speech() throws {
      let key = try newKey("speaker")
      let text = "Good morning, thank you for calling."
      let body = "{\"model\":\"tts-1\",\"voice\":\"heart\",\"input\":\"\(text)\",\"response_format\":\"wav\"}"
      let spoken = try keyed.server.send(
        "/v1/audio/speech", Array(body.utf8), type: "application/json", key: key.text)
      #expect(spoken.status == 200)
      let length = Double(try WAVFile(parsing: spoken.body).audio.microseconds) / 1_000_000
      let made = try figures(key.id)
      #expect(made.number(at: "synthesizedCharacters") == Double(text.count))
      #expect(abs((made.number(at: "synthesizedSeconds") ?? 0) - length) < 0.01)
      let form = SpeechForm(["model": "whisper-1"], file: spoken.body).bytes
      let heard = try keyed.server.send(
        "/v1/audio/transcriptions", form, type: SpeechForm.type, key: key.text)
      #expect(heard.status == 200)
      let recognized = try figures(key.id).number(at: "recognizedSeconds") ?? 0
      #expect(recognized > length * 0.6 && recognized <= length, "\(recognized) of \(length) s")
    }

    @Test(
      "ranges: what makes none is told",
      arguments: [
        "from=yesterday", "to=2026-02-30", "from=2026-01-02&to=2026-01-01", "from=2024-01-01&to=2026-01-01",
        "from=", "to=2026-1-1", "from=0000-01-01&to=0000-01-02", "from=%27%3B%20DROP%20TABLE",
      ])
    func senseless(query: String) throws {
      let answer = try keyed.ask("GET", "/api/usage?\(query)", key: keyed.admin.text)
      #expect(answer.status == 400)
      #expect(try JSONValue(parsing: answer.body).text(at: "detail")?.isEmpty == false)
    }

    @Test("a range without anything is empty, and says which days it is of; usually it is 30 days")
    func empty() throws {
      let old = try report("?from=2001-02-28&to=2001-03-01")
      #expect(old.text(at: "from") == "2001-02-28" && old.text(at: "to") == "2001-03-01")
      #expect(old["days"] == .array([]) && old["keys"] == .array([]))
      #expect(old.number(at: "totals.calls") == 0)
      let usual = try report()
      let days = [usual.text(at: "from"), usual.text(at: "to")].compactMap { $0.flatMap(UTCTime.day) }
      #expect(days.count == 2 && days[1] - days[0] == 29)
      #expect(try report("?key=nobody").number(at: "totals.calls") == 0)
    }
  }
}
