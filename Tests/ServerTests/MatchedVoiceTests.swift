import CallClient
import CallCore
import CallDriver
import CallServer
import JSON
import Stores
import Testing
import TestSupport
import WebSockets

extension ServerTests {
  @Suite("Matched voices over REST")
  struct MatchedVoiceTests {
    private static let text =
      "Good morning, thank you for calling the city library. Please hold the line while I look for your account."

    private func recording(_ voice: String = "heart-low") throws -> [UInt8] {
      let synthesizer = try TestEngines.catalog.synthesizer()
      return WAVFile.bytes(try synthesizer.synthesize(Self.text, voice: voice))
    }

    private func server(_ count: Int = 10) throws -> TestServer {
      try TestServer(matchedVoices: MemoryMatchedVoiceStore(countMax: count))
    }

    private func match(_ server: TestServer, _ file: [UInt8]?, name: String = "Ann") throws -> (Int, JSONValue) {
      let answer = try server.send(
        "/api/clone-voice", SpeechForm(["name": name], file: file).bytes, type: SpeechForm.type)
      return (answer.status, try JSONValue(parsing: answer.body))
    }

    @Test("a voice is matched, listed, heard, used in a call, and deleted")
    func life() throws {
      let server = try server()
      let (status, voice) = try match(server, try recording())
      #expect(status == 201, "\(voice)")
      let id = try #require(voice.text(at: "id"))
      #expect(voice.text(at: "name") == "Ann" && voice.text(at: "description")?.contains("not a copy") == true)
      #expect(try server.json("/api/cloned-voices").text(at: "voices.0.id") == id)
      #expect(try server.json("/api/cloned-voices/\(id)")["matched"] != nil)
      #expect(try server.json("/api/voices/\(id)").text(at: "engine") == "hibari")
      let sample = try server.ask("/api/voices/\(id)/sample")
      #expect(sample.status == 200 && sample.body.count > 50_000)
      let said = try server.send(
        "/v1/audio/speech", Array(SpeechTests.body("\"speed\":1.5", voice: id).utf8), type: "application/json")
      #expect(said.status == 200)
      let line = try HandDrivenCall(server, flow: "chat", voice: id)
      #expect(line.log.wait { $0.finished.count == 1 })
      line.close()
      #expect(try server.ask("/api/cloned-voices/\(id)", method: "DELETE").status == 204)
      #expect(try server.ask("/api/cloned-voices/\(id)", method: "DELETE").status == 404)
      #expect(try server.ask("/api/voices/\(id)").status == 404)
      #expect(try server.ask("/api/voices/\(id)/sample").status == 404)
    }

    /// Finds the same similarity whatever it is given.
    private final class FixedComparer: SpeakerComparer {
      let name = "fixed"
      private let found: Result<Double, EngineError>

      init(_ found: Result<Double, EngineError>) { self.found = found }

      func similarity(of one: [Int16], to other: [Int16]) throws(EngineError) -> Double { try found.get() }
    }

    @Test("a model that tells voices apart says how like the recording the voice is; where it cannot, nothing is said")
    func similarity() throws {
      for (found, expected) in [
        (Result<Double, EngineError>.success(0.7125), JSONValue.number(0.713)), (.success(-0.2), .number(0)),
        (.failure(.unsupported("short")), nil), (.failure(.library(function: "f", code: 1)), nil),
        (.failure(.modelUnavailable(path: "/srv/speakers.onnx")), nil),
      ] {
        let comparer = FixedComparer(found)
        let server = try TestServer(
          engines: EngineDouble(speakerComparer: comparer), matchedVoices: MemoryMatchedVoiceStore(countMax: 1))
        let (status, voice) = try match(server, try recording())
        #expect(status == 201, "\(voice)")
        #expect(voice["matched"]?["similarity"] == expected, "\(voice)")
        #expect(voice.text(at: "matched.similarityBy") == (expected == nil ? nil : "fixed"))
        let id = try #require(voice.text(at: "id"))
        #expect(try server.json("/api/cloned-voices/\(id)")["matched"] == voice["matched"])
      }
    }

    @Test("what will not do as a recording")
    func badRecordings() throws {
      let server = try server()
      let whole = try WAVFile(parsing: try recording()).audio
      func cut(_ seconds: Int, times: Int = 1) -> [UInt8] {
        let samples = Array(repeating: whole.samples, count: times).flatMap { $0 }
        return WAVFile.bytes(PCMBuffer(sampleRate: 24_000, samples: Array(samples.prefix(seconds * 24_000))))
      }
      let silence = WAVFile.bytes(PCMBuffer(sampleRate: 16_000, samples: [Int16](repeating: 0, count: 80_000)))
      let files: [(file: [UInt8]?, says: String)] = [
        (cut(2), "3 to 30 s"), (cut(40, times: 10), "3 to 30 s"), (silence, "no voice"), (nil, "expected a file"),
        (Array("no sound".utf8), "no sound file of a known kind"), ([], "empty"),
      ]
      for (file, says) in files {
        let (status, problem) = try match(server, file)
        #expect(status == 400 && problem.text(at: "detail")?.contains(says) == true, "\(says): \(problem)")
      }
      for name in ["", String(repeating: "x", count: 81), "two\nlines"] {
        #expect(try match(server, try recording(), name: name).0 == 400)
      }
      #expect(try server.json("/api/cloned-voices")["total"]?.wholeNumber == 0)
    }

    @Test("a full store, a built-in voice, and a server that matches none")
    func limits() throws {
      let server = try server(1)
      #expect(try match(server, try recording()).0 == 201)
      #expect(try match(server, try recording()).0 == 507)
      #expect(try server.ask("/api/voices/heart", method: "DELETE").status == 403)
      #expect(try server.ask("/api/cloned-voices/matched-nobody", method: "DELETE").status == 404)
      #expect(try server.ask("/api/voices", method: "DELETE").status == 405)
      let without = try TestServer.shared.get()
      #expect(try match(without, try recording()).0 == 501)
      #expect(try without.json("/api/cloned-voices")["total"]?.wholeNumber == 0)
    }
  }
}
