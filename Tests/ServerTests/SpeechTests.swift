import TestSupport
import CallCore
import CallDriver
import CallServer
import Foundation
import JSON
import Testing
import WebSockets

extension ServerTests {
  @Suite("Speech over HTTP")
  struct SpeechTests {
    static let sentence = "Good morning, thank you for calling the city library."
    private let server: TestServer

    init() throws { server = try TestServer.shared.get() }

    static func body(_ more: String = "", input: String = sentence, voice: String = "heart") -> String {
      "{\"model\":\"tts-1\",\"input\":\"\(input)\",\"voice\":\"\(voice)\"\(more.isEmpty ? "" : ",")\(more)}"
    }

    private func speak(
      _ more: String = "\"response_format\":\"wav\"", input: String = sentence, voice: String = "heart"
    ) throws -> HTTPClientResponse {
      try server.send(
        "/v1/audio/speech", Array(Self.body(more, input: input, voice: voice).utf8), type: "application/json")
    }

    private func sound(_ answer: HTTPClientResponse) throws -> PCMBuffer { try WAVFile(parsing: answer.body).audio }

    private func heard(_ file: [UInt8]) throws -> String {
      let answer = try server.send(
        "/v1/audio/transcriptions", SpeechForm(["model": "whisper-1"], file: file).bytes, type: SpeechForm.type)
      #expect(answer.status == 200)
      return try JSONValue(parsing: answer.body).text(at: "text") ?? ""
    }

    @Test(
      "what is spoken is transcribed again, in each format",
      arguments: [
        ("wav", "audio/wav", Array("RIFF".utf8)), ("opus", "audio/ogg", Array("OggS".utf8)),
        ("flac", "audio/flac", Array("fLaC".utf8)), ("aac", "audio/aac", [0xFF, 0xF1]),
        ("mp3", "audio/mpeg", [0xFF, 0xF3]),
      ], ["heart", "heart-quick", "alloy"])
    func roundTrip(format: (name: String, type: String, start: [UInt8]), voice: String) throws {
      let answer = try speak("\"response_format\":\"\(format.name)\"", voice: voice)
      #expect(answer.status == 200)
      #expect(answer.headers["content-type"] == format.type)
      #expect(answer.body.starts(with: format.start))
      let errors = WordErrorRate(reference: Self.sentence, heard: try heard(answer.body))
      #expect(errors.rate <= 0.1, "\(errors)")
    }

    @Test(
      "PCM is the WAV without its head, at 24 kHz whatever the voice's own rate", arguments: ["heart", "espeak:de"])
    func pcm(voice: String) throws {
      let pcm = try speak("\"response_format\":\"pcm\"", voice: voice)
      #expect(pcm.headers["content-type"] == "audio/pcm")
      let wav = try sound(try speak(voice: voice))
      #expect(wav.sampleRate == 24_000)
      #expect(abs(pcm.body.count / 2 - wav.samples.count) < 2400)
      if voice == "heart" { #expect(pcm.body == Array(WAVFile.bytes(wav)[44...])) }
    }

    @Test(
      "speed: twice as fast takes half the time, up to four times and down to a quarter", arguments: [25, 50, 200, 400])
    func speed(percent: Int) throws {
      let plain = try sound(try speak()).samples.count
      let digits = percent % 100 == 0 ? "00" : String(percent % 100)
      let paced = try sound(try speak("\"speed\":\(percent / 100).\(digits),\"response_format\":\"wav\"")).samples.count
      #expect((90...110).contains(paced * percent / plain), "\(paced) of \(plain)")
    }

    @Test("a text of several sentences comes sentence by sentence, the first before the second is made")
    func streaming() throws {
      let mouth = try HeldSynthesizer(start: "The second")
      let server = try TestServer(engines: EngineDouble(synthesizer: mouth))
      mouth.isHeld.change { $0 = true }
      let body = Self.body("\"response_format\":\"pcm\"", input: "The first one is here. The second one comes later.")
      let socket = try RawSocket(port: server.server.port)
      socket.write(
        "POST /v1/audio/speech HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nconnection: close\r\n"
          + "content-length: \(body.utf8.count)\r\n\r\n\(body)")
      let first = socket.read { $0.utf8.count > 30_000 }
      #expect(first.contains("transfer-encoding: chunked"))
      // The loop that answers REST does not wait for engines.
      #expect(try server.ask("/healthz").status == 200)
      mouth.isHeld.change { $0 = false }
      #expect(socket.read { _ in false }.hasSuffix("0\r\n\r\n"))
    }

    @Test("a long text as one WAV: players that read to the end find all sentences in it")
    func longWAV() throws {
      let text = Array(repeating: Self.sentence, count: 3).joined(separator: " ")
      let answer = try speak(input: text)
      let errors = WordErrorRate(reference: text, heard: try heard(answer.body))
      #expect(errors.rate <= 0.1, "\(errors)")
    }

    @Test("who names no format gets an MP3, as of OpenAI")
    func standardFormat() throws {
      let answer = try speak("")
      #expect(answer.headers["content-type"] == "audio/mpeg" && answer.body.starts(with: [0xFF, 0xF3]))
    }

    @Test(
      "a long text as one compressed file: all sentences are in it, though MP3 and AAC come one by one",
      arguments: ["mp3", "aac", "flac"])
    func longCompressed(format: String) throws {
      let text = Array(repeating: Self.sentence, count: 3).joined(separator: " ")
      let answer = try speak("\"response_format\":\"\(format)\"", input: text)
      #expect((answer.headers["transfer-encoding"] == "chunked") == (format != "flac"))
      let errors = WordErrorRate(reference: text, heard: try heard(answer.body))
      #expect(errors.rate <= 0.1, "\(errors)")
    }

    /// The events of an answer, in order; each must be one line of JSON.
    private func events(_ body: [UInt8]) throws -> [JSONValue] {
      let text = String(decoding: body, as: UTF8.self)
      #expect(text.hasSuffix("\n\n"))
      return try text.split(separator: "\n\n").map { event in
        #expect(event.hasPrefix("data: ") && !event.contains("\n"))
        return try JSONValue(parsing: String(event.dropFirst(6)))
      }
    }

    @Test("as events: each piece can be decoded alone, together they are the file, and the last one says what it cost")
    func eventStream() throws {
      let text = Array(repeating: Self.sentence, count: 3).joined(separator: " ")
      let answer = try speak("\"response_format\":\"pcm\",\"stream_format\":\"sse\"", input: text)
      #expect(answer.status == 200 && answer.headers["content-type"] == "text/event-stream")
      let events = try events(answer.body)
      let sound = try events.dropLast().map { event in
        #expect(event.text(at: "type") == "speech.audio.delta")
        return try #require(Data(base64Encoded: event.text(at: "audio") ?? ""))
      }
      #expect(sound.allSatisfy { !$0.isEmpty && $0.count <= 24_576 } && sound.count > 6)
      let plain = try speak("\"response_format\":\"pcm\",\"stream_format\":\"audio\"", input: text)
      #expect(sound.flatMap { [UInt8]($0) } == plain.body)
      let usage = try #require(events.last?["usage"])
      #expect(events.last?.text(at: "type") == "speech.audio.done")
      // Characters as written, without the blanks between sentences, and a token for each 50 ms.
      let tokens = (3 * Self.sentence.count, (plain.body.count + 2399) / 2400)
      #expect(usage["input_tokens"] == .integer(Int64(tokens.0)))
      #expect(usage["output_tokens"] == .integer(Int64(tokens.1)))
      #expect(usage["total_tokens"] == .integer(Int64(tokens.0 + tokens.1)))
    }

    @Test(
      "events of every format hold the file, also of one that comes in one piece", arguments: ["mp3", "flac", "opus"])
    func eventFormats(format: String) throws {
      let text = Array(repeating: Self.sentence, count: 2).joined(separator: " ")
      let answer = try speak("\"response_format\":\"\(format)\",\"stream_format\":\"sse\"", input: text)
      let sound = try events(answer.body).compactMap { Data(base64Encoded: $0.text(at: "audio") ?? "-") }
      #expect(WordErrorRate(reference: text, heard: try heard(sound.flatMap { [UInt8]($0) })).rate <= 0.1)
    }

    @Test("a failure in the middle is an event, and no event says that all is done")
    func eventFailure() throws {
      let server = try TestServer(engines: EngineDouble(synthesizer: try FailingSynthesizer(start: "The second")))
      let body = Self.body(
        "\"response_format\":\"mp3\",\"stream_format\":\"sse\"",
        input: "The first one is here. The second one comes later.")
      let answer = try server.send("/v1/audio/speech", Array(body.utf8), type: "application/json")
      let events = try events(answer.body)
      #expect(events.first?.text(at: "type") == "speech.audio.delta")
      #expect(events.last?["error"]?.text(at: "message")?.contains("the speech engine failed") == true)
      #expect(!events.contains { $0.text(at: "type") == "speech.audio.done" })
    }

    /// An engine that fails at sentences with a certain start.
    private final class FailingSynthesizer: SpeechSynthesizer {
      private let real: any SpeechSynthesizer
      private let start: String

      init(start: String) throws {
        real = try TestEngines.catalog.synthesizer()
        self.start = start
      }

      var voices: [Voice] { real.voices }

      func synthesize(_ text: String, voice: Voice.ID) throws(EngineError) -> PCMBuffer {
        if text.hasPrefix(start) { throw .crashed("it is a test") }
        return try real.synthesize(text, voice: voice)
      }
    }

    @Test("nothing more is made for a client that has gone")
    func gone() throws {
      let mouth = try CountingSynthesizer()
      let server = try TestServer(engines: EngineDouble(synthesizer: mouth))
      let sentences = (1...40).map { "This is sentence number \($0) of a long story." }
      let body = Self.body("\"response_format\":\"pcm\"", input: sentences.joined(separator: " "))
      let socket = try RawSocket(port: server.server.port)
      socket.write(
        "POST /v1/audio/speech HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
          + "content-length: \(body.utf8.count)\r\n\r\n\(body)")
      #expect(socket.read { $0.utf8.count > 10_000 }.contains(" 200 OK"))
      socket.hangUp()
      let made = { mouth.texts.count { $0.hasPrefix("This is sentence") } }
      var (before, same) = (0, 0)
      #expect(
        eventually {
          let now = made()
          same = now == before ? same + 1 : 0
          before = now
          return same > 1000
        })
      #expect(made() < sentences.count, "it would have been made to its end")
    }

    @Test("models: ours and OpenAI's names for them")
    func models() throws {
      guard case .array(let models)? = try server.json("/v1/models")["data"] else { return #expect(Bool(false)) }
      let ids = models.compactMap { $0.text(at: "id") }
      #expect(Set(ids).isSuperset(of: ["hibari", "moonshine-tiny-en", "tts-1", "whisper-1"]))
      #expect(try server.json("/v1/models/whisper-1").text(at: "object") == "model")
      #expect(try server.ask("/v1/models/nothing").status == 404)
    }

    static let faults: [(body: String, status: Int, says: String, param: String?)] = [
      (body(input: ""), 400, "not empty", "input"), (body(input: " \\n ... "), 400, "without words", "input"),
      (body(input: String(repeating: "a", count: 4097)), 400, "at most 4096 characters", "input"),
      (body(voice: "hart"), 400, "near it are heart", "voice"),
      (body("\"response_format\":\"bogus\""), 400, "there are mp3, aac, flac, wav, opus, pcm", "response_format"),
      (body("\"speed\":5"), 400, "0.25 to 4", "speed"), (body("\"speed\":\"fast\""), 400, "0.25 to 4", "speed"),
      (body("\"stream_format\":\"json\""), 400, "sse", "stream_format"),
      (body("\"stream_format\":1"), 400, "sse", "stream_format"),
      ("{\"model\":\"gpt-9\",\"input\":\"a\",\"voice\":\"heart\"}", 400, "there are hibari", "model"),
      ("{\"input\":\"a\",\"voice\":\"heart\"}", 400, "got nothing", "model"), ("{\"model\":", 400, "not JSON", nil),
      ("[]", 400, "an object", nil), (String(repeating: "[", count: 60_000), 400, "not JSON", nil),
    ]

    @Test("what is wrong with a request for speech is said in OpenAI's shape", arguments: faults)
    func fault(_ body: String, status: Int, says: String, param: String?) throws {
      let answer = try server.send("/v1/audio/speech", Array(body.utf8), type: "application/json")
      #expect(answer.status == status)
      let error = try JSONValue(parsing: answer.body)["error"]
      #expect(error?.text(at: "message")?.contains(says) == true, "\(error?.text(at: "message") ?? "")")
      #expect(error?.text(at: "type") == "invalid_request_error")
      if let param { #expect(error?.text(at: "param") == param) }
    }

    @Test("bytes that are no UTF-8, another content type, too large a body, another method")
    func oddRequests() throws {
      let invalid =
        Array("{\"model\":\"tts-1\",\"voice\":\"heart\",\"input\":\"".utf8) + [0xFF, 0xFE] + Array("\"}".utf8)
      #expect(try server.send("/v1/audio/speech", invalid, type: "application/json").status == 400)
      #expect(try server.send("/v1/audio/speech", Array(Self.body().utf8), type: "text/plain").status == 415)
      let huge = [UInt8](repeating: 65, count: 70_000)
      let tooLarge = try server.send("/v1/audio/speech", huge, type: "application/json")
      #expect(tooLarge.status == 413)
      #expect(try JSONValue(parsing: tooLarge.body)["error"]?.text(at: "code") == "too_large")
      #expect(try server.ask("/v1/audio/speech").status == 405)
      #expect(try server.ask("/v1/audio/nothing").status == 404)
    }

    @Test("the predecessor's /api/tts, with its default voice and with problems in our own shape")
    func predecessor() throws {
      let said = try server.send("/api/tts", Array("{\"text\":\"\(Self.sentence)\"}".utf8), type: "application/json")
      #expect(said.status == 200 && said.headers["content-type"] == "audio/wav")
      #expect(WordErrorRate(reference: Self.sentence, heard: try heard(said.body)).rate <= 0.1)
      let other = "{\"text\":\"Hello there.\",\"voice_id\":\"espeak:en-us\",\"format\":\"opus\",\"speed\":1.5}"
      #expect(try server.send("/api/tts", Array(other.utf8), type: "application/json").body.starts(with: "OggS".utf8))
      for body in [
        "{\"text\":\"\"}", "{}", "{\"text\":\"a\",\"format\":\"mp3\"}", "{\"text\":\"a\",\"voice\":\"nobody\"}", "{",
      ] {
        let answer = try server.send("/api/tts", Array(body.utf8), type: "application/json")
        #expect(answer.status == 400 && answer.headers["content-type"] == "application/problem+json", "\(body)")
      }
    }
  }
}
