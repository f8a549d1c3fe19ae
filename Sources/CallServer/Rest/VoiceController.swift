import CallCore
import CallDriver
import Formats
import FoundationEssentials
import JSON
import Logging
import WebSockets

/// What REST says about voices. Blocks: runs on the blocking pool.
struct VoiceController: RouteController {
  let request: RouteRequest

  private var speechAPI: SpeechAPIContext { request.context.speechAPI }

  func list() -> HTTPResponse {
    .json(.voices(voices, defaultVoice: server.defaultVoice))
  }

  /// As the predecessor has it.
  func library() -> HTTPResponse { .json(.voiceLibrary(voices)) }

  func one() -> HTTPResponse {
    let id = request[.voice]
    return server.voices[id].map { .json(.voice($0)) }
      ?? .problem(status: 404, detail: server.voices.missing(id))
  }

  /// Answers at once when the sample is cached; otherwise a worker makes it.
  func sample(_ reply: HTTPReply) {
    let id = request[.voice]
    guard let voice = server.voices[id] else {
      return reply.send(.problem(status: 404, detail: server.voices.missing(id)))
    }
    if let file = speechAPI.samples[id] { return reply.send(Self.sound(file).ranged(by: request.http)) }
    speechAPI.withSlot(reply, .problem, holding: 0, for: speechAPI.client(of: request.http, key: nil)) {
      place throws(SpeechRefusal) in
      let job = SampleJob(voice, by: try speechAPI.synthesizer(), reply: reply, place: place) { file in
        speechAPI.samples.insert(file, of: id)
        return Self.sound(file).ranged(by: request.http)
      }
      speechAPI.scheduler.queue(job)
    }
  }

  private static func sound(_ file: [UInt8]) -> HTTPResponse {
    HTTPResponse(status: 200, headers: [("content-type", "audio/wav"), ("cache-control", "max-age=3600")], body: file)
  }

  private var voices: [Voice] {
    let filter = VoiceFilter(
      language: request.queryValue("language"), gender: request.queryValue("gender"),
      engine: request.queryValue("engine"))
    return server.voices.voices.filter(filter.matches)
  }
}

/// What REST says about voices that are matched to recordings. Blocks: runs on the blocking pool.
struct MatchedVoiceController: RouteController {
  let request: RouteRequest

  private var speechAPI: SpeechAPIContext { request.context.speechAPI }

  /// Lists them.
  func list() throws(StoreError) -> HTTPResponse {
    .json(.matchedVoices(try server.voices.store?.voices() ?? []))
  }

  /// One of them.
  func one() throws(StoreError) -> HTTPResponse {
    let id = request[.voice]
    let voice = try server.voices.store?.voices().first { $0.id == id }
    return voice.map { .json(.matchedVoice($0)) } ?? missing(id)
  }

  /// Takes one away; the engines' own stay.
  func remove() throws(StoreError) -> HTTPResponse {
    let id = request[.voice]
    guard id.hasPrefix(MatchedVoice.prefix) || server.voices[id] == nil else {
      return .problem(status: 403, detail: "\(id) is built in; only matched voices can be deleted")
    }
    guard try server.voices.store?.remove(id: id) ?? false else { return missing(id) }
    try server.voices.refresh()
    return HTTPResponse(status: 204)
  }

  /// Matches the neural voice to the recording in the body.
  func match(_ reply: HTTPReply) {
    guard server.voices.store != nil else {
      return reply.send(.problem(status: 501, detail: "this server matches no voices"))
    }
    let upload: SoundUpload
    let name: String
    do throws(MultipartFault) {
      upload = try SoundUpload(parsing: request.http.body, contentType: request.http.headers["content-type"] ?? "")
      name = try upload.form?.text("name") ?? request.queryValue("name") ?? "Matched voice"
    } catch {
      return reply.send(.problem(status: 400, detail: "\(error)"))
    }
    guard (1...MatchedVoice.nameMax).contains(name.scalarCount), !name.contains(where: \.isNewline) else {
      return reply.send(
        .problem(status: 400, detail: "name: expected 1 to \(MatchedVoice.nameMax) characters on one line"))
    }
    let speechAPI = speechAPI
    speechAPI.withSound(
      of: upload.file, reply, .problem, for: speechAPI.client(of: request.http, key: nil),
      from: server.peer(of: request.http)
    ) { sound, place throws(SpeechRefusal) in
      let (matching, length) = try matching(sound)
      let job = try VoiceMatchJob(matching, speechAPI: speechAPI, reply: reply, place: place) { shape, matching in
        keep(name: name, shape: shape, matching: matching, length: length)
      }
      speechAPI.scheduler.queue(job)
    }
  }

  private func matching(_ sound: PCMBuffer) throws(SpeechRefusal) -> (VoiceMatching, CallDuration) {
    let stretches: [Range<Int>]
    do throws(EngineError) {
      stretches = try SpeechStretches(detector: try server.engines.makeDetector()).find(in: sound.samples)
    } catch {
      throw SpeechRefusal(error)
    }
    do throws(MatchingFault) {
      let matching = try VoiceMatching(sound, stretches: stretches, comparer: server.engines.speakerComparer)
      return (matching, .microseconds(sound.microseconds))
    } catch {
      throw SpeechRefusal(error)
    }
  }

  private func keep(
    name: String, shape: VoiceShape, matching: VoiceMatching, length: CallDuration
  ) -> HTTPResponse {
    if let fault = matching.judgingFault {
      server.log.error("a matched voice has no similarity, because the model that tells it failed: \(fault)")
    }
    let voice = MatchedVoice(
      id: MatchedVoice.prefix + UUID().uuidString.lowercased(), name: name, shape: shape,
      pitchHz: Int(nearest: matching.pitchHz), recording: length, similarity: matching.similarity,
      createdAtUnixMicroseconds: TestRunQueue.now)
    do throws(StoreError) {
      guard try server.voices.store?.add(voice) ?? false else {
        return .problem(status: 507, detail: "there is no room for another matched voice; delete one")
      }
      try server.voices.refresh()
    } catch {
      return .problem(error)
    }
    return .json(.matchedVoice(voice), status: 201, location: "/api/cloned-voices/\(voice.id)")
  }

  private func missing(_ id: String) -> HTTPResponse {
    .problem(status: 404, detail: "there is no matched voice \(id.bounded(to: 60)); GET /api/cloned-voices lists them")
  }
}
