import CallCore
import CallDriver
import JSON
import Formats
import WebSockets

/// Finds out what a request for speech asks for: OpenAI's endpoints and the predecessor's.
struct SpeechRoutes {
  let server: ServerContext
  let speechAPI: SpeechAPIContext

  /// Paths that take a sound in their body.
  private static let uploads: Set<[String]> = [["v1", "audio", "transcriptions"], ["api", "stt"], ["api", "vad"]]
  private static let texts: Set<[String]> = [["v1", "audio", "speech"], ["api", "tts"]]

  /// Whether a path, in its parts, is answered here.
  static func owns(_ path: [String]) -> Bool {
    path.starts(with: ["v1", "models"]) || path.starts(with: ["v1", "audio"]) || uploads.contains(path)
      || texts.contains(path)
  }

  /// What is said of a path or method that there is not: beside OpenAI's endpoints as they say it, elsewhere as a problem.
  static func unknown(_ request: HTTPRequest, _ path: [String], allowed: String?) -> HTTPResponse {
    guard path.first == "v1", path != ["v1", "call"] else {
      return allowed.map { .notAllowed(request, allowed: $0) }
        ?? .problem(status: 404, detail: "nothing is at \(request.path)")
    }
    guard let allowed else { return SpeechRefusal(404, "nothing is at \(request.path)").response(.openAI) }
    var response = SpeechRefusal(405, "\(request.path) takes \(allowed)").response(.openAI)
    response.headers.append(("allow", allowed))
    return response
  }

  /// Before the body comes.
  func refusal(of path: [String], bodyBytes: Int) -> HTTPResponse? {
    let shape = Self.shape(of: path)
    let limit = Self.uploads.contains(path) ? speechAPI.limits.uploadBytesMax : SpeechRequest.bytesMax
    if bodyBytes > limit {
      let what = Self.uploads.contains(path) ? "the upload" : "the request"
      let message = "\(what) has \(bodyBytes) bytes; at most \(limit) are taken"
      return SpeechRefusal(413, message, code: "too_large").response(shape)
    }
    return speechAPI.refusal(holding: bodyBytes)?.response(shape)
  }

  /// - Parameter key: id of the key that the request came with.
  func respond(to request: HTTPRequest, _ path: [String], key: String?, reply: HTTPReply) {
    let shape = Self.shape(of: path)
    if let refusal = server.refusal(of: request) { return reply.send(refusal) }
    if path.starts(with: ["v1", "models"]) { return reply.send(models(request, path)) }
    guard Self.uploads.contains(path) || Self.texts.contains(path) else {
      return reply.send(SpeechRefusal(404, "nothing is at \(request.path)").response(shape))
    }
    guard request.method == "POST" else {
      var response = SpeechRefusal(405, "\(request.path) takes POST").response(shape)
      response.headers.append(("allow", "POST"))
      return reply.send(response)
    }
    let answers = SpeechController(
      speechAPI: speechAPI, usage: UsageMeter(counter: server.usage, key: key),
      client: speechAPI.client(of: request, key: key))
    speechAPI.onBlockingPool(request, reply, shape) {
      switch path.last {
      case "speech": answers.speak(request, reply)
      case "transcriptions": answers.transcribe(request, reply)
      case "tts": answers.say(request, reply)
      case "stt": answers.hear(request, reply)
      default: answers.detect(request, reply)
      }
    }
  }

  private static func shape(of path: [String]) -> SpeechRefusal.Shape { path.first == "v1" ? .openAI : .problem }

  private func models(_ request: HTTPRequest, _ path: [String]) -> HTTPResponse {
    guard request.method == "GET" || request.method == "HEAD" else {
      var response = SpeechRefusal(405, "\(request.path) takes GET, HEAD").response(.openAI)
      response.headers.append(("allow", "GET, HEAD"))
      return response
    }
    // Other nodes look here whether this one can be used.
    if let notReady = speechAPI.notReady { return notReady.response(.openAI) }
    let list = ModelList(created: speechAPI.startedAtUnixSeconds)
    if path.count == 2 { return .json(list) }
    let id = path.dropFirst(2).joined(separator: "/")
    if let model = list.models.first(where: { $0.id == id }) { return .json(model) }
    return SpeechRefusal(404, "there is no model \(id)", parameter: "model", code: "model_not_found").response(.openAI)
  }
}
