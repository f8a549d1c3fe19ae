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
      (["model": "whisper-1", "stream": "true"], "one piece", "stream"),
      (["model": "whisper-1", "timestamp_granularities[]": "word"], "words have none", "timestamp_granularities"),
    ]

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
