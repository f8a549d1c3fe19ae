import CallCore
import CallDriver
import JSON
import Formats
import WebSockets

/// What REST says about voices. Blocks: runs on the blocking pool.
struct VoiceController {
  let server: ServerContext
  let speechAPI: SpeechAPIContext

  func list(_ request: HTTPRequest) -> HTTPResponse {
    .json(VoiceList(defaultVoice: server.defaultVoice, voices: voices(for: request)))
  }

  /// As the predecessor has it.
  func library(_ request: HTTPRequest) -> HTTPResponse { .json(VoiceLibraryDocument(voices: voices(for: request))) }

  func one(_ id: String) -> HTTPResponse {
    server.voices[id].map { .json(VoiceDocument($0)) } ?? .problem(status: 404, detail: server.voices.missing(id))
  }

  /// Answers at once when the sample is cached; otherwise a worker makes it.
  func sample(of id: String, _ request: HTTPRequest, _ reply: HTTPReply) {
    guard let voice = server.voices[id] else {
      return reply.send(.problem(status: 404, detail: server.voices.missing(id)))
    }
    if let file = speechAPI.samples[id] { return reply.send(Self.sound(file).ranged(by: request)) }
    speechAPI.take(reply, .problem, holding: 0, for: speechAPI.client(of: request, key: nil)) {
      place throws(SpeechRefusal) in
      let job = SampleJob(voice, by: try speechAPI.synthesizer(), reply: reply, place: place) { file in
        speechAPI.samples.keep(file, of: id)
        return Self.sound(file).ranged(by: request)
      }
      speechAPI.scheduler.queue(job)
    }
  }

  private static func sound(_ file: [UInt8]) -> HTTPResponse {
    HTTPResponse(status: 200, headers: [("content-type", "audio/wav"), ("cache-control", "max-age=3600")], body: file)
  }

  private func voices(for request: HTTPRequest) -> [Voice] {
    let filter = VoiceFilter(
      language: request.queryValue("language"), gender: request.queryValue("gender"),
      engine: request.queryValue("engine"))
    return server.voices.voices.filter(filter.matches)
  }
}
