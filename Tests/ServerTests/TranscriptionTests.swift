import TestSupport
import CallCore
import CallDriver
import CallServer
import JSON
import Testing
import WebSockets

extension ServerTests {
  @Suite("Transcriptions over HTTP")
  struct TranscriptionTests {
    private static let text = "Please hold the line while I look for your account."
    private let server: TestServer
    private let file: [UInt8]

    init() throws {
      server = try TestServer.shared.get()
      file = WAVFile.bytes(try TestEngines.speech(Self.text))
    }

    private func transcribe(
      _ fields: [String: String] = ["model": "whisper-1"], file: [UInt8]?
    ) throws -> HTTPClientResponse {
      try server.send("/v1/audio/transcriptions", SpeechForm(fields, file: file).bytes, type: SpeechForm.type)
    }

    private func isRight(_ heard: String?) -> Bool {
      WordErrorRate(reference: Self.text, heard: heard ?? "").rate <= 0.1
    }

    @Test("each format")
    func formats() throws {
      func answer(_ format: String) throws -> String {
        let answer = try transcribe(
          ["model": "moonshine-tiny-en", "response_format": format, "language": "en"], file: file)
        #expect(answer.status == 200, "\(format)")
        return String(decoding: answer.body, as: UTF8.self)
      }
      #expect(isRight(try JSONValue(parsing: try answer("json")).text(at: "text")))
      #expect(isRight(try answer("text")))
      let verbose = try JSONValue(parsing: try answer("verbose_json"))
      #expect(isRight(verbose.text(at: "text")) && isRight(verbose.text(at: "segments.0.text")))
      #expect(verbose.text(at: "language") == "english")
      #expect(try answer("srt").hasPrefix("1\n00:00:00,"))
      #expect(try answer("vtt").hasPrefix("WEBVTT\n\n00:00:00."))
    }

    @Test("silence has no words, and no words are invented")
    func silence() throws {
      let quiet = WAVFile.bytes(PCMBuffer(sampleRate: 8000, samples: [Int16](repeating: 0, count: 16_000)))
      #expect(try JSONValue(parsing: try transcribe(file: quiet).body).text(at: "text") == "")
    }

    static let faults: [(fields: [String: String], says: String, param: String)] = [
      ([:], "model", "model"), (["model": "tts-1"], "there is no", "model"),
      (["model": "whisper-1", "response_format": "docx"], "there are json, text", "response_format"),
      (["model": "whisper-1", "language": "de"], "only English", "language"),
      (["model": "whisper-1", "stream": "maybe"], "true or false", "stream"),
      (["model": "whisper-1", "stream": "true", "response_format": "verbose_json"], "without times", "stream"),
      (["model": "whisper-1", "timestamp_granularities[]": "word"], "verbose_json only", "timestamp_granularities"),
      (
        ["model": "whisper-1", "timestamp_granularities[]": "letter", "response_format": "verbose_json"],
        "word or segment", "timestamp_granularities"
      ),
    ]

    @Test("as events: a delta for each passage, then all words")
    func events() throws {
      // Two passages: what is said, a second of silence, and the same again.
      let speech = try TestEngines.speech(Self.text)
      let pause = [Int16](repeating: 0, count: speech.sampleRate)
      let twice = PCMBuffer(sampleRate: speech.sampleRate, samples: speech.samples + pause + speech.samples)
      let answer = try transcribe(["model": "whisper-1", "stream": "true"], file: WAVFile.bytes(twice))
      #expect(answer.status == 200 && answer.headers["content-type"] == "text/event-stream")
      let events = try String(decoding: answer.body, as: UTF8.self).split(separator: "\n\n").map {
        try JSONValue(parsing: String($0.dropFirst(6)))
      }
      #expect(
        events.map { $0.text(at: "type") } == [
          "transcript.text.delta", "transcript.text.delta", "transcript.text.done",
        ])
      let deltas = events.compactMap { $0.text(at: "delta") }
      #expect(deltas.joined() == events.last?.text(at: "text"))
      #expect(isRight(deltas.first) && deltas.last?.hasPrefix(" ") == true && isRight(deltas.last))
    }

    @Test("silence as events is the last one alone; a file that is no sound is 400, not an event")
    func emptyEvents() throws {
      let quiet = WAVFile.bytes(PCMBuffer(sampleRate: 8000, samples: [Int16](repeating: 0, count: 16_000)))
      let fields = ["model": "whisper-1", "stream": "true"]
      let answer = try transcribe(fields, file: quiet)
      #expect(
        String(decoding: answer.body, as: UTF8.self) == "data: {\"type\":\"transcript.text.done\",\"text\":\"\"}\n\n")
      let bad = try transcribe(fields, file: Array("This is a text.".utf8))
      #expect(bad.status == 400 && bad.headers["content-type"] == "application/json")
    }

    @Test("words have times where they are asked for: each word of the text once, in order, within its passage")
    func wordTimes() throws {
      var form = SpeechForm(["model": "whisper-1", "response_format": "verbose_json"], file: file)
      form.fields.append(("timestamp_granularities[]", Array("word".utf8)))
      let words = try JSONValue(
        parsing: try server.send("/v1/audio/transcriptions", form.bytes, type: SpeechForm.type).body)
      #expect(words["segments"] == nil, "what is not asked for is left out")
      form.fields.append(("timestamp_granularities[]", Array("segment".utf8)))
      let both = try JSONValue(
        parsing: try server.send("/v1/audio/transcriptions", form.bytes, type: SpeechForm.type).body)
      #expect(both["words"] == words["words"] && both.list(at: "segments").count == 1)
      let list = both.list(at: "words")
      let text = both.text(at: "text") ?? ""
      #expect(
        list.compactMap { $0.text(at: "word") } == text.replacing(".", with: "").split(separator: " ").map(String.init))
      let times = list.flatMap { [number($0["start"]), number($0["end"])] }
      #expect(times == times.sorted())
      let segment = try #require(both.list(at: "segments").first)
      #expect(try #require(times.first) >= number(segment["start"]))
      #expect(try #require(times.last) <= number(segment["end"]))
    }

    private func number(_ value: JSONValue?) -> Double {
      switch value {
      case .number(let number): number
      case .integer(let number): Double(number)
      default: -1
      }
    }

    @Test("a translation of English is its words, in each shape; another language is refused with the reason")
    func translation() throws {
      func translate(_ fields: [String: String]) throws -> HTTPClientResponse {
        try server.send("/v1/audio/translations", SpeechForm(fields, file: file).bytes, type: SpeechForm.type)
      }
      let plain = try translate(["model": "whisper-1"])
      #expect(isRight(try JSONValue(parsing: plain.body).text(at: "text")))
      let verbose = try JSONValue(
        parsing: try translate(["model": "whisper-1", "response_format": "verbose_json"]).body)
      #expect(verbose.text(at: "task") == "translate" && verbose.text(at: "language") == "english")
      #expect(isRight(verbose.text(at: "segments.0.text")))
      let german = try translate(["model": "whisper-1", "language": "de"])
      let error = try JSONValue(parsing: german.body)["error"]
      #expect(german.status == 400 && error?.text(at: "param") == "language")
      #expect(error?.text(at: "message")?.contains("no model here that translates") == true)
    }

    @Test("fields that cannot be served", arguments: faults)
    func fault(fields: [String: String], says: String, param: String) throws {
      let answer = try transcribe(fields, file: file)
      #expect((400...404).contains(answer.status))
      let error = try JSONValue(parsing: answer.body)["error"]
      #expect(error?.text(at: "message")?.contains(says) == true, "\(error?.text(at: "message") ?? "")")
      #expect(error?.text(at: "param") == param)
    }

    @Test("no file, an empty one, and files that are no sound")
    func badFiles() throws {
      var wav = file
      let files: [(file: [UInt8]?, says: String)] = [
        (nil, "expected a file"), ([], "empty"), (Array("This is a text.".utf8), "no sound file of a known kind"),
        (Array("ID3 something".utf8), "no sound file of a known kind"),
        (Array("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:1/a.ts\n".utf8), "the kind HLS"),
        (Array("ffconcat version 1.0\nfile /etc/passwd\n".utf8), "the kind CONCAT"),
        ([0x89] + Array("PNG\r\n".utf8) + [0x1A, 10] + [UInt8](repeating: 0, count: 64), "PNG"),
        (Array(file[..<30]), "damaged"), (Array(file[..<44]), "no sound"),
        (Array("OggS".utf8) + [UInt8](repeating: 0, count: 200), "OGG"),
      ]
      for (bad, says) in files {
        let answer = try transcribe(file: bad)
        #expect(answer.status == 400)
        let message = try JSONValue(parsing: answer.body)["error"]?.text(at: "message") ?? ""
        #expect(message.contains(says), "\(message)")
      }
      wav.removeLast(wav.count / 2)
      #expect(try transcribe(file: wav).status == 200, "a recording that was broken off is heard as far as it goes")
    }

    @Test("forms that are none: truncated, without boundary, with another one, of another type, no UTF-8")
    func badForms() throws {
      let form = SpeechForm(file: file).bytes
      let forms: [([UInt8], String)] = [
        (Array(form[..<(form.count / 2)]), SpeechForm.type), (form, "multipart/form-data"),
        (form, "multipart/form-data; boundary=other"), (form, "application/json"), (form, ""),
      ]
      for (bytes, type) in forms {
        let answer = try server.send("/v1/audio/transcriptions", bytes, type: type)
        #expect(answer.status == 400, "\(type)")
        #expect(try JSONValue(parsing: answer.body)["error"]?.text(at: "type") == "invalid_request_error")
      }
      var odd = SpeechForm(file: file)
      odd.fields.append(("response_format", [0xC3, 0x28]))
      let answer = try server.send("/v1/audio/transcriptions", odd.bytes, type: SpeechForm.type)
      #expect(answer.status == 400)
    }

    @Test("an upload that is too large is refused before it is sent")
    func huge() throws {
      let socket = try RawSocket(port: server.server.port)
      socket.write(
        "POST /v1/audio/transcriptions HTTP/1.1\r\nhost: localhost\r\ncontent-type: \(SpeechForm.type)\r\n"
          + "content-length: 900000000\r\n\r\n")
      let answer = socket.read { $0.contains("}}") }
      #expect(answer.hasPrefix("HTTP/1.1 413 ") && answer.contains("\"too_large\""), "\(answer)")
    }

    @Test("a sound that is too long is refused")
    func tooLong() throws {
      let server = try TestServer { $0.speech.soundSecondsMax = 1 }
      let answer = try server.send(
        "/v1/audio/transcriptions", SpeechForm(file: file).bytes, type: SpeechForm.type)
      #expect(answer.status == 400)
      #expect(String(decoding: answer.body, as: UTF8.self).contains("at most 1 s"))
    }

    @Test("the predecessor's /api/stt and /api/vad take a form or the file alone", arguments: ["form", "alone"])
    func predecessor(how: String) throws {
      var form = SpeechForm([:], file: file)
      form.fileField = "audio"
      let (bytes, type) = how == "form" ? (form.bytes, SpeechForm.type) : (file, "audio/wav")
      let heard = try JSONValue(parsing: try server.send("/api/stt", bytes, type: type).body)
      #expect(isRight(heard.text(at: "text")) && heard["duration"] != nil)
      let found = try JSONValue(parsing: try server.send("/api/vad", bytes, type: type).body)
      #expect(found["has_speech"] == .bool(true) && found["segments"] != nil)
      #expect(try server.send("/api/vad", Array("no".utf8), type: "audio/wav").status == 400)
      #expect(try server.send("/api/stt", file, type: "text/html").status == 400)
    }
  }
}
