import CallCore
import CallDriver
import Formats
import FoundationEssentials
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

/// What REST says about voices that are matched to recordings. Blocks: runs on the blocking pool.
struct MatchedVoiceController {
  let server: ServerContext
  let speechAPI: SpeechAPIContext

  /// Lists them.
  func list() -> HTTPResponse {
    do throws(StoreError) {
      return .json(MatchedVoiceList(try server.voices.store?.voices() ?? []))
    } catch {
      return .problem(error)
    }
  }

  /// One of them.
  func one(_ id: String) -> HTTPResponse {
    do throws(StoreError) {
      let voice = try server.voices.store?.voices().first { $0.id == id }
      return voice.map { .json(MatchedVoiceDocument($0)) } ?? missing(id)
    } catch {
      return .problem(error)
    }
  }

  /// Takes one away; the engines' own stay.
  func remove(_ id: String) -> HTTPResponse {
    guard id.hasPrefix(MatchedVoice.prefix) || server.voices[id] == nil else {
      return .problem(status: 403, detail: "\(id) is built in; only matched voices can be deleted")
    }
    do throws(StoreError) {
      guard try server.voices.store?.remove(id: id) ?? false else { return missing(id) }
      try server.voices.refresh()
      return HTTPResponse(status: 204)
    } catch {
      return .problem(error)
    }
  }

  /// Matches the neural voice to the recording in `request`.
  func match(_ request: HTTPRequest, _ reply: HTTPReply) {
    guard server.voices.store != nil else {
      return reply.send(.problem(status: 501, detail: "this server matches no voices"))
    }
    let upload: SoundUpload
    let name: String
    do throws(MultipartFault) {
      upload = try SoundUpload(parsing: request.body, contentType: request.headers["content-type"] ?? "")
      name = try upload.form?.text("name") ?? request.queryValue("name") ?? "Matched voice"
    } catch {
      return reply.send(.problem(status: 400, detail: "\(error)"))
    }
    guard (1...MatchedVoice.nameMax).contains(name.scalarCount), !name.contains(where: \.isNewline) else {
      return reply.send(
        .problem(status: 400, detail: "name: expected 1 to \(MatchedVoice.nameMax) characters on one line"))
    }
    speechAPI.take(reply, .problem, holding: upload.file.count * 3, for: speechAPI.client(of: request, key: nil)) {
      place throws(SpeechRefusal) in
      let (matching, length) = try matching(upload.file)
      let job = try VoiceMatchJob(matching, speechAPI: speechAPI, reply: reply, place: place) { shape, pitchHz in
        keep(name: name, shape: shape, pitchHz: pitchHz, length: length)
      }
      speechAPI.scheduler.queue(job)
    }
  }

  private func matching(_ file: [UInt8]) throws(SpeechRefusal) -> (VoiceMatching, CallDuration) {
    let reader = SoundReader(formats: speechAPI.sounds, secondsMax: speechAPI.limits.soundSecondsMax)
    let sound: PCMBuffer
    do throws(SoundFault) { sound = try reader.read(file) } catch { throw SpeechRefusal(400, "file: \(error)") }
    let stretches: [Range<Int>]
    do throws(EngineError) {
      stretches = try SpeechStretches(detector: try server.engines.makeDetector()).find(in: sound.samples)
    } catch {
      throw SpeechRefusal(error)
    }
    do throws(MatchingFault) {
      return (try VoiceMatching(sound, stretches: stretches), .microseconds(sound.microseconds))
    } catch {
      throw SpeechRefusal(error)
    }
  }

  private func keep(name: String, shape: VoiceShape, pitchHz: Double, length: CallDuration) -> HTTPResponse {
    let voice = MatchedVoice(
      id: MatchedVoice.prefix + UUID().uuidString.lowercased(), name: name, shape: shape,
      pitchHz: Int(nearest: pitchHz), recording: length,
      createdAtUnixMicroseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
    do throws(StoreError) {
      guard try server.voices.store?.add(voice) ?? false else {
        return .problem(status: 507, detail: "there is no room for another matched voice; delete one")
      }
      try server.voices.refresh()
    } catch {
      return .problem(error)
    }
    var response = HTTPResponse.json(MatchedVoiceDocument(voice))
    response.status = 201
    response.headers.append(("location", "/api/cloned-voices/\(voice.id)"))
    return response
  }

  private func missing(_ id: String) -> HTTPResponse {
    .problem(status: 404, detail: "there is no matched voice \(id.bounded(to: 60)); GET /api/cloned-voices lists them")
  }
}
