import CallCore
import CallDriver
import JSON
import Formats
import Engines
import Foundation
import RemoteServices
import Testing

/// The engines that ask another service, against services that do everything wrong. That nobody waits for ever is seen by that each test ends.
@Suite("A speech service")
struct RemoteFaultTests {
  private static let key = "planted-0123456789abcdef"
  private static let catalog = EngineCatalog(
    folder: EngineFolder(environment: ProcessInfo.processInfo.environment), parts: [])
  /// A second of a tone: a sound as good as any for a service that does not listen.
  private static let tone = (0..<16_000).map { Int16(8000 * sin(Double($0) / 6)) }

  /// What a service does, and what comes of it.
  struct Fault: Sendable, CustomTestStringConvertible {
    let name: String
    /// Requests that it gets for one sentence or turn.
    let requests: Int
    let message: String
    let reason: RemoteFigures.Failure
    let script: @Sendable (ScriptedLine) -> Void
    var testDescription: String { name }
  }

  static let faults = [
    Fault(name: "hangs", requests: 1, message: "it began no answer within 300 ms", reason: .late) { $0.waitForEnd() },
    Fault(name: "hangs behind its head", requests: 1, message: "its answer was not complete in time", reason: .late) {
      $0.write("HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\nRIFF")
      $0.waitForEnd()
    },
    Fault(name: "answers rubbish", requests: 1, message: "no ", reason: .rubbish) {
      $0.respond(200, headers: "content-type: text/html\r\n", body: "<html>Welcome to nginx!</html>")
    },
    Fault(name: "answers a list", requests: 1, message: "no ", reason: .rubbish) { $0.respond(200, body: "[1, 2]") },
    Fault(name: "answers nothing", requests: 1, message: "no ", reason: .rubbish) { $0.respond(200) },
    Fault(name: "answers without end", requests: 1, message: "bytes", reason: .rubbish) { line in
      line.write("HTTP/1.1 200 OK\r\n\r\n")
      let piece = [UInt8](repeating: 65, count: 1 << 20)
      for _ in 0..<9 { line.write(piece) }
    },
    Fault(name: "fails", requests: 2, message: "it failed (500: out of memory)", reason: .status) {
      $0.respond(500, body: #"{"error": {"message": "out of memory"}}"#)
    },
    Fault(name: "refuses the key", requests: 1, message: "correct VOICEFORGE_SPEECH_KEY", reason: .refused) {
      $0.respond(401, body: #"{"error": {"message": "Incorrect API key: \#(key)"}}"#)
    },
    Fault(name: "has had enough", requests: 1, message: "(429: Rate limit)", reason: .limited) {
      $0.respond(429, headers: "retry-after: 20\r\n", body: #"{"error": {"message": "Rate limit"}}"#)
    },
    Fault(name: "does not know the voice", requests: 1, message: "(400: no such voice)", reason: .status) {
      $0.respond(400, body: #"{"error": {"message": "no such voice"}}"#)
    },
    Fault(name: "hangs up at once", requests: 2, message: "it cannot be reached", reason: .unreachable) { $0.reset() },
    Fault(
      name: "vanishes in the middle of its answer", requests: 2, message: "in the middle of its answer",
      reason: .unreachable
    ) {
      $0.write("HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\nRIFF")
    },
  ]

  @Test("that fails is told in time, with the reason and without the key", arguments: faults)
  func fault(_ fault: Fault) throws {
    let double = SpeechDouble { _, line in fault.script(line) }
    // Only who waits for what never comes has a short limit, so that a busy machine is not taken for a service that is late.
    let engines = try Self.engines(at: double.url) { if fault.reason != .late { $0.setAll(.seconds(60)) } }
    defer { engines.stop() }
    let (ears, mouth) = (try engines.recognizer(), try engines.synthesizer())
    var asked = 0
    for kind in RemoteFigures.Kind.allCases {
      let error = #expect(throws: EngineError.self) {
        if kind == .recognition {
          _ = try ears.transcribe(Self.tone)
        } else {
          _ = try mouth.synthesize("Hello.", voice: "alloy")
        }
      }
      let text = error.map { $0.description } ?? ""
      #expect(text.contains(fault.message) && text.contains(double.url), "\(kind): \(text)")
      #expect(!text.contains(Self.key))
      #expect(double.requests.count - asked == fault.requests, "\(kind)")
      asked = double.requests.count
      let figures = try #require(engines.remote)
      #expect(figures.requests[kind] == 1 && figures.failures[kind] == [fault.reason: 1], "\(figures)")
    }
    if [.unreachable, .refused].contains(fault.reason) {
      #expect(engines.readiness.contains { $0.name == RemoteEngines.partName && $0.isNeeded })
    }
  }

  @Test("that is gone is told at once, and is looked for until it comes back")
  func gone() async throws {
    var double: SpeechDouble? = SpeechDouble { _, line in line.respond(200, body: #"{"text": "Hello."}"#) }
    let engines = try Self.engines(at: double?.url ?? "") { $0.setAll(.seconds(60)) }
    defer { engines.stop() }
    let ears = try engines.recognizer()
    #expect(try ears.transcribe(Self.tone) == "Hello.")
    double = nil
    #expect(throws: EngineError.self) { _ = try ears.transcribe(Self.tone) }
    let part = engines.readiness.first { $0.name == RemoteEngines.partName }
    #expect(part?.state == .failed && part?.detail.contains("cannot be reached") == true, "\(String(describing: part))")
    #expect(engines.remote?.isReachable == false)
  }

  @Test("that hangs is not waited for once nobody wants its words")
  func cancelled() throws {
    let cancellation = CancellationToken()
    let double = SpeechDouble { _, line in
      cancellation.cancel()
      line.waitForEnd()
    }
    let engines = try Self.engines(at: double.url) {
      $0.setAll(.seconds(600))
    }
    defer { engines.stop() }
    let ears = try engines.recognizer()
    #expect(throws: EngineError.self) { _ = try ears.transcribe(Self.tone, cancellation: cancellation) }
    #expect(engines.remote?.failures[.recognition] == nil, "given up is no failure")
    #expect(throws: EngineError.self) { _ = try ears.transcribe(Self.tone, cancellation: cancellation) }
    #expect(double.requests.count == 1, "what is not wanted is not asked for")
  }

  @Test("in OpenAI's plain shape, strict about what it is sent, is used with its voices, its rate and its streamed WAV")
  func plainOpenAI() throws {
    let double = SpeechDouble { request, line in Self.answerAsOpenAI(request, line) }
    let engines = try Self.engines(at: double.url + "/v1/") { $0.setAll(.seconds(60)) }
    defer { engines.stop() }
    #expect(engines.voices.map(\.id).contains("nova") && engines.voices.first?.id == "alloy")
    let mouth = try engines.synthesizer()
    let speech = try mouth.synthesize("Hello.", voice: "nova")
    #expect(speech.sampleRate == 24_000)
    #expect(
      (950_000...1_050_000).contains(speech.microseconds), "the silence around the tone is cut: \(speech.microseconds)")
    let quick = try mouth.synthesize("Hello.", voice: "nova", style: SpeakingStyle(ratePercent: 150))
    #expect(quick.sampleRate == 24_000)
    #expect(throws: EngineError.self) {
      _ = try mouth.synthesize("Hello.", voice: "nova", style: SpeakingStyle(pitchPercent: 70))
    }
    #expect(throws: EngineError.unsupported("the voice heart")) { _ = try mouth.synthesize("Hello.", voice: "heart") }
    #expect(try engines.recognizer().transcribe(Self.tone) == "Hello there. How are you?")
    #expect(double.requests.count == 3)
  }

  /// Refuses everything that OpenAI's reference does not name.
  private static func answerAsOpenAI(_ request: SpeechDouble.Request, _ line: ScriptedLine) {
    guard request.head.contains("authorization: Bearer \(key)\r\n") else { return line.respond(401) }
    switch request.path {
    case "/v1/audio/speech":
      guard case .object(let members)? = try? JSONValue(parsing: request.body),
        Set(members.keys).subtracting(["speed"]) == ["model", "input", "voice", "response_format"],
        members["model"] == .string("tts-1"), members["input"] == .string("Hello."),
        members["voice"] == .string("nova"),
        members["response_format"] == .string("wav"), members["speed"] ?? .number(1.5) == .number(1.5)
      else { return line.respond(400, body: #"{"error": {"message": "unknown parameter"}}"#) }
      // As OpenAI streams it: the lengths are not known yet, and the sound comes in chunks. With silence around it.
      let silence = [Int16](repeating: 0, count: 8820)
      let sound = (0..<22_050).map { Int16(8000 * sin(Double($0) / 9)) }
      var file = WAVFile.bytes(samples: silence + sound + silence, channels: 1, sampleRate: 22_050)
      for place in [4, 40] { file.replaceSubrange(place..<(place + 4), with: [255, 255, 255, 255]) }
      line.write("HTTP/1.1 200 OK\r\ncontent-type: audio/wav\r\ntransfer-encoding: chunked\r\n\r\n")
      for start in stride(from: 0, to: file.count, by: 4096) {
        let piece = file[start..<min(start + 4096, file.count)]
        line.write(Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + Array("\r\n".utf8))
      }
      line.write("0\r\n\r\n")
    case "/v1/audio/transcriptions":
      let text = String(decoding: request.body, as: UTF8.self)
      let names = Set(text.matches(of: /form-data; name="(\w+)"/).map { String($0.1) })
      let start = request.body.firstRange(of: Array("RIFF".utf8))?.lowerBound ?? 0
      let sound = (try? WAVFile(parsing: Array(request.body[start...])))?.audio
      guard names == ["model", "response_format", "file"], request.head.contains("content-type: multipart/form-data;"),
        text.contains("whisper-1"), sound == PCMBuffer(sampleRate: 16_000, samples: tone)
      else { return line.respond(400, body: #"{"error": {"message": "bad form"}}"#) }
      line.respond(
        200, headers: "content-type: application/json\r\n", body: #"{"text": " Hello there.\nHow are you? "}"#)
    default: line.respond(404)
    }
  }

  /// Engines whose limits are short enough for a test; the service was seen.
  private static func engines(at url: String, _ adjust: (inout RemoteTimes) -> Void = { _ in }) throws -> RemoteEngines
  {
    var service = try RemoteService(url: url, key: key)
    service.times.connectMax = .seconds(60)
    service.times.transcriptionAnswerMax = .milliseconds(300)
    service.times.speechAnswerMax = .milliseconds(300)
    service.times.transcriptionMax = .milliseconds(600)
    service.times.speechMax = .milliseconds(600)
    adjust(&service.times)
    let engines = RemoteEngines(service, .instead, own: catalog)
    _ = try engines.recognizer()  // waits until the service was seen
    return engines
  }
}

extension RemoteTimes {
  fileprivate mutating func setAll(_ time: Duration) {
    (connectMax, transcriptionAnswerMax, speechAnswerMax) = (time, time, time)
    (transcriptionMax, speechMax) = (time, time)
  }
}
