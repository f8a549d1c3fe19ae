import CallCore
import CallDriver
import CallServer
import JSON
import Formats
import Testing
import WebSockets

extension ServerTests {
  @Suite("The library of voices over REST")
  struct VoiceTests {
    private let server: TestServer

    init() throws { server = try TestServer.shared.get() }

    private func ids(_ query: String) throws -> [String] {
      guard case .array(let voices)? = try server.json("/api/voices\(query)")["voices"] else { return [] }
      return voices.compactMap { $0.text(at: "id") }
    }

    @Test("the list is filtered by language, gender and engine")
    func filters() throws {
      let all = try ids("")
      let english = try ids("?language=en")
      let women = try ids("?language=EN&gender=female&engine=hibari")
      #expect(all.count >= 81 && english.count < all.count && women.count < english.count)
      #expect(women.contains("heart") && !women.contains("heart-low"))
      #expect(try ids("?language=xx").isEmpty)
    }

    @Test("one voice, and what is said about one that is not there")
    func one() throws {
      for id in ["espeak:en-us+f3", "espeak:en-us%2Bf3"] {
        let voice = try server.json("/api/voices/\(id)")
        #expect(voice.text(at: "engine") == "espeak-ng" && voice.text(at: "gender") == "female")
      }
      #expect(try server.json("/api/voices/heart-low")["pitchHz"]?.wholeNumber == 118)
      #expect(try server.json("/api/voices/heart-low")["isMatched"] == .bool(false))
      let missing = try server.ask("/api/voices/hart")
      #expect(missing.status == 404)
      #expect(String(decoding: missing.body, as: UTF8.self).contains("near it are heart"))
      #expect(try server.ask("/api/voices/heart", method: "DELETE").status == 403)
      #expect(try server.ask("/api/voices/heart/sample", method: "DELETE").status == 405)
      #expect(try server.ask("/api/voices/heart/nothing").status == 404)
    }

    @Test(
      "each kind of voice has a sample that is sound", arguments: ["heart", "heart-bass", "espeak:de", "espeak:he"])
    func sample(voice: String) throws {
      let answer = try server.ask("/api/voices/\(voice)/sample")
      #expect(answer.status == 200 && answer.headers["content-type"] == "audio/wav")
      let sound = try WAVFile(parsing: answer.body).audio
      #expect((500_000...12_000_000).contains(sound.microseconds))
      #expect(sound.samples.contains { $0.magnitude > 2000 })
      let part = try server.ask("/api/voices/\(voice)/sample", headers: [("range", "bytes=0-3")])
      #expect(part.status == 206 && part.body == Array("RIFF".utf8))
    }

    @Test("a sample is made once, and of a voice that is not there never")
    func samples() throws {
      let mouth = try CountingSynthesizer()
      let server = try TestServer(engines: EngineDouble(synthesizer: mouth))
      #expect(try server.ask("/api/voices/heart/sample").status == 200)
      let made = mouth.count
      #expect(try server.ask("/api/voices/heart/sample").status == 200)
      #expect(mouth.texts.count { $0.hasPrefix("Hello, this is how I sound") } == 1, "\(made) \(mouth.count)")
      #expect(try server.ask("/api/voices/nobody/sample").status == 404)
    }

    @Test("the predecessor's list has its five members")
    func library() throws {
      let library = try server.json("/api/voice-library")
      guard case .array(let voices)? = library["voices"] else { return #expect(Bool(false), "no voices") }
      #expect(voices.count >= 81 && library["total"]?.wholeNumber == Int64(voices.count))
      for name in ["id", "name", "language", "gender", "description"] { #expect(voices.allSatisfy { $0[name] != nil }) }
    }
  }
}
