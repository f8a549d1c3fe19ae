import CallCore
import CallDriver
import Formats
import JSON
import WebSockets

/// What REST says about the models.
struct ModelController: RouteController {
  let request: RouteRequest

  private var speechAPI: SpeechAPIContext { request.context.speechAPI }

  /// Other nodes look here whether this one can be used.
  func list() -> HTTPResponse {
    speechAPI.notReady?.response(.openAI) ?? .json(.models(created: speechAPI.startedAtUnixSeconds))
  }

  func one() -> HTTPResponse {
    let id = request[.model]
    if let refusal = speechAPI.notReady { return refusal.response(.openAI) }
    if SpeechModel.names.contains(id) { return .json(.model(id, created: speechAPI.startedAtUnixSeconds)) }
    return SpeechRefusal(404, "there is no model \(id)", parameter: "model", code: "model_not_found").response(.openAI)
  }
}

/// Begins the answers to requests for speech. Blocks: runs on the blocking pool.
struct SpeechController: RouteController {
  let request: RouteRequest

  private var speechAPI: SpeechAPIContext { request.context.speechAPI }
  private var usage: UsageMeter { UsageMeter(counter: server.usage, key: request.key) }
  private var peer: ClientAddress { server.peer(of: request.http) }
  private var client: SpeechClient { speechAPI.client(of: request.http, key: request.key) }

  // MARK: - Text to speech

  /// `POST /v1/audio/speech`.
  func speak(_ reply: HTTPReply) {
    do throws(OpenAIFault) {
      try checkType("application/json")
      let body = try SpeechRequest(parsing: request.http.body)
      let voice = SpeechRequest.aliases[body.voice] ?? body.voice
      start(
        SynthesisJob.Order(
          text: body.input, ssml: body.ssml, voice: voice, format: body.format, streamFormat: body.streamFormat,
          ratePercent: body.ratePercent, shape: .openAI), reply)
    } catch {
      reply.send(SpeechRefusal(error).response(.openAI))
    }
  }

  /// `POST /api/tts`, the predecessor's.
  func say(_ reply: HTTPReply) {
    do throws(OpenAIFault) {
      try checkType("application/json")
      let body = try SayRequest(parsing: request.http.body, defaultVoice: speechAPI.server.defaultVoice)
      start(
        SynthesisJob.Order(
          text: body.text, ssml: body.ssml, voice: body.voice, format: body.format, ratePercent: body.ratePercent,
          shape: .problem),
        reply)
    } catch {
      reply.send(SpeechRefusal(error).response(.problem))
    }
  }

  private func start(_ order: SynthesisJob.Order, _ reply: HTTPReply) {
    speechAPI.withSlot(reply, order.shape, holding: order.heldBytes, for: client) { place throws(SpeechRefusal) in
      guard speechAPI.server.voices[order.voice] != nil else {
        throw SpeechRefusal(
          400, "voice: \(speechAPI.server.voices.missing(order.voice))", parameter: "voice", code: "voice_not_found")
      }
      let job: SynthesisJob
      let stream = try speechAPI.scheduler.reserveSlot(.stream, holding: 0, for: client)
      let synthesizer = try speechAPI.synthesizer()
      do throws(EngineError) {
        job = try SynthesisJob(
          order, by: synthesizer, speechAPI: speechAPI, reply: reply, place: place, stream: stream, client: client,
          usage: usage)
      } catch {
        throw SpeechRefusal(error)
      }
      job.begin(watching: reply)
    }
  }

  // MARK: - Speech to text

  /// `POST /v1/audio/transcriptions`.
  func transcribe(_ reply: HTTPReply) { write(.transcribe, reply) }

  /// `POST /v1/audio/translations`: only English is understood, so the words stay as they are.
  func translate(_ reply: HTTPReply) { write(.translate, reply) }

  private func write(_ task: TranscriptionTask, _ reply: HTTPReply) {
    do throws(OpenAIFault) {
      let body = try TranscriptionRequest(
        parsing: request.http.body, contentType: request.http.headers["content-type"] ?? "", task: task)
      let (format, times) = (body.format, body.times)
      hear(body.file, reply, .openAI, isStreamed: body.isStreamed, hasWordTimes: times.contains(.word)) { transcript in
        HTTPResponse(
          status: 200, headers: [("content-type", format.contentType)],
          body: transcript.written(as: format, task: task, times: times))
      }
    } catch {
      reply.send(SpeechRefusal(error).response(.openAI))
    }
  }

  /// `POST /api/stt`, the predecessor's.
  func hear(_ reply: HTTPReply) {
    do throws(MultipartFault) {
      hear(try upload(), reply, .problem) { .json(.transcription($0)) }
    } catch {
      reply.send(.problem(status: 400, detail: "\(error)"))
    }
  }

  private func hear(
    _ file: [UInt8], _ reply: HTTPReply, _ shape: SpeechRefusal.Shape, isStreamed: Bool = false,
    hasWordTimes: Bool = false, _ write: @escaping @Sendable (Transcript) -> HTTPResponse
  ) {
    let (speechAPI, usage) = (speechAPI, usage)
    speechAPI.withSound(of: file, reply, shape, for: client, from: peer) { sound, place throws(SpeechRefusal) in
      let (recognizer, detector) = (try speechAPI.recognizer(), try speechAPI.detector())
      let job = TranscriptionJob(
        by: recognizer, reply: isStreamed ? .events(EventStreamReply(reply)) : .whole(reply, shape, write: write),
        scheduler: speechAPI.scheduler, place: place, usage: usage, hasWordTimes: hasWordTimes)
      job.begin(sound, detector: detector)
    }
  }

  /// `POST /api/vad`, the predecessor's: where somebody speaks.
  func detect(_ reply: HTTPReply) {
    let file: [UInt8]
    do throws(MultipartFault) { file = try upload() } catch {
      return reply.send(.problem(status: 400, detail: "\(error)"))
    }
    let speechAPI = speechAPI
    speechAPI.withSound(of: file, reply, .problem, for: client, from: peer) { sound, place throws(SpeechRefusal) in
      let stretches = SpeechStretches(detector: try speechAPI.detector())
      do throws(EngineError) {
        let found = try stretches.find(in: sound.samples)
        reply.send(.json(.detectedSpeech(found, samples: sound.samples.count, sampleRate: sound.sampleRate)))
      } catch {
        throw SpeechRefusal(error)
      }
      withExtendedLifetime(place) {}
    }
  }

  // MARK: - Uploads

  /// A form with a file, or the file alone.
  private func upload() throws(MultipartFault) -> [UInt8] {
    try SoundUpload(parsing: request.http.body, contentType: request.http.headers["content-type"] ?? "").file
  }

  private func checkType(_ type: String) throws(OpenAIFault) {
    let given = request.http.headers["content-type"] ?? ""
    guard given.lowercased().hasPrefix(type) else {
      throw OpenAIFault(415, "expected Content-Type \(type), got \(given.isEmpty ? "none" : given.bounded(to: 80))")
    }
  }
}
