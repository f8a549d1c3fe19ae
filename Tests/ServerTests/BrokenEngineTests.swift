import TestSupport
import CallClient
import CallCore
import CallDriver
import CallServer
import JSON
import Wires
import Engines
import Synchronization
import Testing
import WebSockets

extension ServerTests {
  @Suite("Engines and stores that fail")
  struct BrokenEngineTests {
    @Test(
      "a recogniser that fails in mid-call: the caller is told and asked again, and the third failure ends the call")
    func recognizer() throws {
      let ears = try BreakableRecognizer()
      let server = try TestServer(engines: EngineDouble(recognizer: ears))
      let other = try HandDrivenCall(server, flow: "chat")
      #expect(try SpokenCalls.works(at: server))
      ears.isBroken.store(true, ordering: .relaxed)
      let turns = try (1...4).map { _ in try TestEngines.turn("Are you there?") }
      let outcome = try SpokenCalls.call(CallerScript(flow: "chat", turns: turns), at: server)
      let record = try #require(outcome.report.record?.record)
      #expect(record.reason == .engineFailed)
      #expect(record.turns == 3)
      #expect(outcome.errors.filter { $0.code == "recognition-failed" }.count == 3)
      #expect(!record.transcript.contains { $0.role == .caller }, "nobody knows what the caller said")
      let apologies = record.transcript.filter { $0.role == .agent && $0.text.hasPrefix("Sorry, I did not get that.") }
      #expect(apologies.count == 2)
      #expect(try server.figure("voiceforge_engine_failures_total") == 3)
      other.send(.text("I am still here."))
      #expect(other.log.wait { $0.texts.contains { $0.contains("I am still here.") } })
      ears.isBroken.store(false, ordering: .relaxed)
      #expect(try SpokenCalls.works(at: server))
    }

    @Test(
      "a synthesiser that fails in mid-call: the client is told, the record claims nothing, the third failure ends the call"
    )
    func synthesizer() throws {
      let mouth = try BreakableSynthesizer()
      let server = try TestServer(engines: EngineDouble(synthesizer: mouth))
      let line = try HandDrivenCall(server, flow: "echo")
      #expect(line.log.wait { $0.finished.count == 1 })
      mouth.isBroken.store(true, ordering: .relaxed)
      for (index, word) in ["one", "two", "three"].enumerated() {
        line.send(.text(word))
        #expect(line.log.wait { $0.errors.count == index + 1 })
      }
      #expect(line.log.wait { $0.closed != nil })
      #expect(line.log.current.errors.allSatisfy { $0.code == "synthesis-failed" })
      let record = try #require(line.log.current.ending?.record?.record)
      #expect(record.reason == .engineFailed)
      #expect(line.log.current.closed?.code == 1011)
      #expect(record.transcript.filter { $0.role == .agent }.count == 1)
      mouth.isBroken.store(false, ordering: .relaxed)
      #expect(try SpokenCalls.works(at: server))
    }

    @Test("an empty engine folder: /readyz says what to do, and calls are answered 503 with the reason")
    func missingModels() throws {
      let server = try TestServer(
        engines: EngineCatalog(folder: EngineFolder(path: "/nonexistent/engines")), waits: false)
      let ready = try server.ask("/readyz")
      #expect(ready.status == 503)
      let text = String(decoding: ready.body, as: UTF8.self)
      #expect(text.contains(#""status":"failed""#))
      #expect(text.contains("voiceforge doctor"))
      #expect(text.contains("cannot load ") && !text.contains("/nonexistent"), "\(text)")
      #expect(try server.ask("/healthz").status == 200)
      let line = try HandDrivenCall(server)
      guard case .refused(let status, let seconds, let body)? = line.log.current.failure else {
        Issue.record("the call was not refused: \(line.log.current)")
        return
      }
      #expect(status == 503)
      #expect(seconds == 60)
      #expect(String(decoding: body, as: UTF8.self).contains("cannot load "))
      #expect(!String(decoding: body, as: UTF8.self).contains("/nonexistent"), "files are told of by their names alone")
    }

    @Test("while a model of the operator's is being tried, calls are taken, and whoever asks for its voice is told so")
    func triedModel() throws {
      let model = EngineReadiness(name: "model:joe", state: .loading, isNeeded: false)
      let server = try TestServer(engines: EngineDouble(models: [model]))
      let ready = try server.ask("/readyz")
      #expect(ready.status == 200)
      #expect(String(decoding: ready.body, as: UTF8.self).contains(#""name":"model:joe","state":"loading""#))
      #expect(try SpokenCalls.works(at: server))
      for (voice, isTried) in [("joe", true), ("joe+1", true), ("jo", false)] {
        let answer = try server.ask("/api/voices/\(voice)")
        #expect(answer.status == 404)
        #expect(String(decoding: answer.body, as: UTF8.self).contains("still being tried") == isTried, "\(voice)")
      }
    }

    @Test(
      "while a model is being tried, calls that need it are refused for now: its voice, a flow's language, the usual voice"
    )
    func callsOfTriedModel() throws {
      let models = [EngineReadiness(name: "model:joe", state: .loading, isNeeded: false)]
      let flows = try TestFlows.library([
        "german": "language: de\n" + TestFlows.chat, "joes": "voice: joe\n" + TestFlows.chat,
      ])
      let engines = try EngineDouble(models: models, trials: ["de": "ear"])
      let server = try TestServer(engines: engines, flows: flows)
      let usual = try TestServer(engines: engines, flows: flows) { $0.defaultVoice = "joe" }
      for (server, flow, voice, model) in [
        (server, "german", nil, "ear"), (server, "joes", nil, "joe"), (server, "chat", "joe", "joe"),
        (usual, "chat", nil, "joe"),
      ] {
        let line = try HandDrivenCall(server, flow: flow, voice: voice)
        #expect(line.log.wait { $0.closed != nil })
        let error = try #require(line.log.current.errors.first)
        #expect(error.code == "busy" && error.fatal, "\(error)")
        #expect(error.message.contains(model) && error.message.contains("still being tried"), "\(error)")
        #expect(error.message.contains("try again in 2 s"), "\(error)")
      }
      #expect(try server.figure(#"voiceforge_refusals_total{reason="loading"}"#) == 3)
      #expect(try usual.json("/api/voices").text(at: "default") == "joe")
      let line = try HandDrivenCall(usual, flow: "chat", voice: "heart")
      #expect(line.log.wait { $0.finished.count == 1 }, "what needs no model of the operator's is served")
      line.close()
    }

    @Test("an engine's file that cannot be read: callers and the history are told its name, and the log its folder")
    func paths() throws {
      let lines = Probe<[String]>([])
      let ears = try BreakableRecognizer(failure: .modelUnavailable(path: "/srv/ears/encoder.onnx"))
      let server = try TestServer(engines: EngineDouble(recognizer: ears), logLines: lines)
      ears.isBroken.store(true, ordering: .relaxed)
      let turns = [try TestEngines.turn("Are you there?")]
      let outcome = try SpokenCalls.call(CallerScript(flow: "chat", turns: turns), at: server)
      let record = try #require(outcome.report.record?.record)
      #expect(record.reason == .engineFailed)
      let told = outcome.errors.map(\.message) + record.timeline.map(\.detail)
      #expect(told.count { $0.contains("cannot load encoder.onnx") } == 2, "\(told)")
      #expect(!told.contains { $0.contains("/srv") }, "\(told)")
      #expect(lines.wait { $0.contains { $0.contains("/srv/ears/encoder.onnx") } })
    }

    @Test("a history that cannot be written loses the record, counts it, and hurts no call")
    func store() throws {
      let server = try TestServer(store: BrokenStore())
      #expect(try SpokenCalls.works(at: server))
      #expect(try eventually { try server.figure("voiceforge_history_lost_total") == 1 })
      #expect(try server.ask("/api/calls").status == 503)
      #expect(try server.ask("/api/calls/x").status == 503)
      #expect(try server.ask("/api/calls/x/recording").status == 503)
    }

    @Test("a history whose database is away is told by readyz and metrics, and calls are taken all the same")
    func degraded() throws {
      let server = try TestServer(store: DegradedStore())
      let answer = try server.ask("/readyz")
      #expect(answer.status == 200)
      let readiness = try JSONValue(parsing: answer.body)
      #expect(readiness["status"] == .string("degraded"))
      guard case .array(let parts)? = readiness["parts"] else { throw NoParts() }
      let history = parts.first { $0["name"] == .string("history") }
      #expect(history?["state"] == .string("degraded"))
      #expect(history?["detail"] == .string("the database cannot be reached; 5 records wait for it"))
      #expect(try SpokenCalls.works(at: server))
      #expect(try server.figure("voiceforge_history_up") == 0)
      #expect(try server.figure("voiceforge_history_waiting") == 5)
      #expect(try server.figure("voiceforge_history_lost_total") == 2)
      #expect(try server.ask("/api/calls").status == 503)
    }

    struct NoParts: Error {}
  }
}
