import CallCore
import CallDriver
import Formats
import JSON
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

/// Begins the answers to requests for speech. Blocks: runs on the blocking pool.
struct SpeechController {
  let speechAPI: SpeechAPIContext
  let usage: UsageMeter
  let client: SpeechClient

  // MARK: - Text to speech

  /// `POST /v1/audio/speech`.
  func speak(_ request: HTTPRequest, _ reply: HTTPReply) {
    do throws(OpenAIFault) {
      try Self.check(request, "application/json")
      let body = try SpeechRequest(parsing: request.body)
      let voice = SpeechRequest.aliases[body.voice] ?? body.voice
      start(
        SynthesisJob.Order(
          text: body.input, voice: voice, format: body.format, ratePercent: body.ratePercent, shape: .openAI), reply)
    } catch {
      reply.send(SpeechRefusal(error).response(.openAI))
    }
  }

  /// `POST /api/tts`, the predecessor's.
  func say(_ request: HTTPRequest, _ reply: HTTPReply) {
    do throws(OpenAIFault) {
      try Self.check(request, "application/json")
      let body = try SayRequest(parsing: request.body, defaultVoice: speechAPI.server.defaultVoice)
      start(
        SynthesisJob.Order(
          text: body.text, voice: body.voice, format: body.format, ratePercent: body.ratePercent, shape: .problem),
        reply)
    } catch {
      reply.send(SpeechRefusal(error).response(.problem))
    }
  }

  private func start(_ order: SynthesisJob.Order, _ reply: HTTPReply) {
    speechAPI.take(reply, order.shape, holding: order.text.utf8.count, for: client) { place throws(SpeechRefusal) in
      guard speechAPI.server.voices[order.voice] != nil else {
        throw SpeechRefusal(
          400, "voice: \(speechAPI.server.voices.missing(order.voice))", parameter: "voice", code: "voice_not_found")
      }
      let job: SynthesisJob
      let stream = try speechAPI.scheduler.takePlace(.stream, holding: 0, for: client)
      let synthesizer = try speechAPI.synthesizer()
      do throws(EngineError) {
        job = try SynthesisJob(
          order, by: synthesizer, sounds: speechAPI.sounds, reply: reply, scheduler: speechAPI.scheduler, place: place,
          stream: stream,
          client: client, usage: usage)
      } catch {
        throw SpeechRefusal(error)
      }
      job.begin(watching: reply)
    }
  }

  // MARK: - Speech to text

  /// `POST /v1/audio/transcriptions`.
  func transcribe(_ request: HTTPRequest, _ reply: HTTPReply) {
    do throws(OpenAIFault) {
      let body = try TranscriptionRequest(
        parsing: request.body, contentType: request.headers["content-type"] ?? "")
      hear(body.file, reply, .openAI) { transcript in
        HTTPResponse(
          status: 200, headers: [("content-type", body.format.contentType)],
          body: transcript.written(as: body.format))
      }
    } catch {
      reply.send(SpeechRefusal(error).response(.openAI))
    }
  }

  /// `POST /api/stt`, the predecessor's.
  func hear(_ request: HTTPRequest, _ reply: HTTPReply) {
    do throws(MultipartFault) {
      hear(try upload(request), reply, .problem) { .json(TranscriptionDocument($0)) }
    } catch {
      reply.send(.problem(status: 400, detail: "\(error)"))
    }
  }

  private func hear(
    _ file: [UInt8], _ reply: HTTPReply, _ shape: SpeechRefusal.Shape,
    _ write: @escaping @Sendable (Transcript) -> HTTPResponse
  ) {
    speechAPI.take(reply, shape, holding: Self.memory(for: file, speechAPI.limits), for: client) {
      place throws(SpeechRefusal) in
      let sound = try read(file)
      let job = TranscriptionJob(
        by: try speechAPI.recognizer(), reply: reply, scheduler: speechAPI.scheduler, place: place, usage: usage,
        shape: shape,
        write: write)
      job.begin(sound, detector: try speechAPI.detector())
    }
  }

  /// `POST /api/vad`, the predecessor's: where somebody speaks.
  func detect(_ request: HTTPRequest, _ reply: HTTPReply) {
    let file: [UInt8]
    do throws(MultipartFault) { file = try upload(request) } catch {
      return reply.send(.problem(status: 400, detail: "\(error)"))
    }
    speechAPI.take(reply, .problem, holding: Self.memory(for: file, speechAPI.limits), for: client) {
      place throws(SpeechRefusal) in
      let sound = try read(file)
      let stretches = SpeechStretches(detector: try speechAPI.detector())
      do throws(EngineError) {
        let found = try stretches.find(in: sound.samples)
        reply.send(.json(DetectedSpeech(found, samples: sound.samples.count, sampleRate: sound.sampleRate)))
      } catch {
        throw SpeechRefusal(error)
      }
      withExtendedLifetime(place) {}
    }
  }

  // MARK: - Uploads

  /// A form with a file, or the file alone.
  private func upload(_ request: HTTPRequest) throws(MultipartFault) -> [UInt8] {
    try SoundUpload(parsing: request.body, contentType: request.headers["content-type"] ?? "").file
  }

  private func read(_ file: [UInt8]) throws(SpeechRefusal) -> PCMBuffer {
    let reader = SoundReader(formats: speechAPI.sounds, secondsMax: speechAPI.limits.soundSecondsMax)
    do throws(SoundFault) { return try reader.read(file) } catch {
      throw SpeechRefusal(400, "file: \(error)", parameter: "file", code: "invalid_audio")
    }
  }

  /// What the file, its copy and its sound take; Opus is a tenth of what it is decoded to.
  private static func memory(for file: [UInt8], _ limits: SpeechLimits) -> Int {
    let isOgg = file.starts(with: "OggS".utf8)
    return file.count * 2 + (isOgg ? limits.soundSecondsMax * SoundReader.sampleRate * 2 : file.count)
  }

  private static func check(_ request: HTTPRequest, _ type: String) throws(OpenAIFault) {
    let given = request.headers["content-type"] ?? ""
    guard given.lowercased().hasPrefix(type) else {
      throw OpenAIFault(415, "expected Content-Type \(type), got \(given.isEmpty ? "none" : given.bounded(to: 80))")
    }
  }
}
