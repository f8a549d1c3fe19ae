import CallCore
import CallDriver
import JSON
import WebSockets

/// Finds out what a request on voices asks for. The list waits for the engines while they load, so it runs on the blocking pool.
struct VoiceRoutes {
  let server: ServerContext
  let speechAPI: SpeechAPIContext

  private static let firstParts: Set<String> = ["voices", "voice-library", "clone-voice", "cloned-voices"]

  /// Whether a path, in its parts, is answered here.
  static func owns(_ path: [String]) -> Bool {
    path.count >= 2 && path[0] == "api" && firstParts.contains(path[1])
  }

  func respond(to request: HTTPRequest, _ path: [String], reply: HTTPReply) {
    // A plus sign in a path arrives as a blank, and ids have such signs, but no blanks.
    let path = path.map { $0.replacing(" ", with: "+") }
    if let refusal = server.refusal(of: request) { return reply.send(refusal) }
    let answers = VoiceController(server: server, speechAPI: speechAPI)
    let matched = MatchedVoiceController(server: server, speechAPI: speechAPI)
    switch (path[1], path.count, request.method) {
    case ("voices", 2, "GET"), ("voices", 2, "HEAD"): onBlockingPool(request, reply) { answers.list(request) }
    case ("voice-library", 2, "GET"), ("voice-library", 2, "HEAD"):
      onBlockingPool(request, reply) { answers.library(request) }
    case ("cloned-voices", 2, "GET"), ("cloned-voices", 2, "HEAD"): onBlockingPool(request, reply) { matched.list() }
    case ("voices", 2, "POST"), ("clone-voice", 2, "POST"), ("cloned-voices", 2, "POST"):
      speechAPI.onBlockingPool(request, reply, .problem) { matched.match(request, reply) }
    case ("voices", 3, "GET"), ("voices", 3, "HEAD"): onBlockingPool(request, reply) { answers.one(path[2]) }
    case ("cloned-voices", 3, "GET"), ("cloned-voices", 3, "HEAD"):
      onBlockingPool(request, reply) { matched.one(path[2]) }
    case ("voices", 3, "DELETE"), ("cloned-voices", 3, "DELETE"):
      onBlockingPool(request, reply) { matched.remove(path[2]) }
    case ("voices", 4, "GET") where path[3] == "sample", ("voices", 4, "HEAD") where path[3] == "sample":
      speechAPI.onBlockingPool(request, reply, .problem) { answers.sample(of: path[2], request, reply) }
    default:
      let allowed = Self.allowed(path)
      reply.send(
        allowed.map { .notAllowed(request, allowed: $0) }
          ?? .problem(status: 404, detail: "nothing is at \(request.path)"))
    }
  }

  /// Before the body of a recording comes.
  func refusal(of path: [String], bodyBytes: Int) -> HTTPResponse? {
    let limit = speechAPI.limits.uploadBytesMax
    if bodyBytes > limit {
      return SpeechRefusal(413, "the upload has \(bodyBytes) bytes; at most \(limit) are taken").response(.problem)
    }
    return speechAPI.refusal(holding: bodyBytes)?.response(.problem)
  }

  /// The methods of a path; `nil` when nothing is there.
  private static func allowed(_ path: [String]) -> String? {
    switch (path[1], path.count) {
    case ("voices", 2), ("cloned-voices", 2): "GET, HEAD, POST"
    case ("voice-library", 2): "GET, HEAD"
    case ("clone-voice", 2): "POST"
    case ("voices", 3), ("cloned-voices", 3): "GET, HEAD, DELETE"
    case ("voices", 4) where path[3] == "sample": "GET, HEAD"
    default: nil
    }
  }

  private func onBlockingPool(
    _ request: HTTPRequest, _ reply: HTTPReply, _ answer: @escaping @Sendable () -> HTTPResponse
  ) {
    speechAPI.onBlockingPool(request, reply, .problem) { reply.send(answer()) }
  }
}
