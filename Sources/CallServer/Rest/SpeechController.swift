import CallCore
import CallDriver
import CallWire
import WebSockets

/// Begins the answers to requests for speech. Blocks: runs on a clerk's thread.
struct SpeechController {
  let office: SpeechAPIContext
  let usage: UsageMeter
  let client: SpeechClient

  // MARK: - Text to speech

  /// `POST /v1/audio/speech`.
  func speak(_ request: HTTPRequest, _ reply: HTTPReply) {
    do throws(OpenAIFault) {
      try Self.check(request, "application/json")
      let wish = try SpeechRequest(parsing: request.body)
      let voice = SpeechRequest.aliases[wish.voice] ?? wish.voice
      start(
        SynthesisJob.Order(
          text: wish.input, voice: voice, format: wish.format, ratePercent: wish.ratePercent, shape: .openAI), reply)
    } catch {
      reply.send(SpeechRefusal(error).response(.openAI))
    }
  }

  /// `POST /api/tts`, the predecessor's.
  func say(_ request: HTTPRequest, _ reply: HTTPReply) {
    do throws(OpenAIFault) {
      try Self.check(request, "application/json")
      let wish = try SayRequest(parsing: request.body, defaultVoice: office.exchange.defaultVoice)
      start(
        SynthesisJob.Order(
          text: wish.text, voice: wish.voice, format: wish.format, ratePercent: wish.ratePercent, shape: .problem),
        reply)
    } catch {
      reply.send(SpeechRefusal(error).response(.problem))
    }
  }

  private func start(_ order: SynthesisJob.Order, _ reply: HTTPReply) {
    office.take(reply, order.shape, holding: order.text.utf8.count, for: client) { place throws(SpeechRefusal) in
      guard office.exchange.voices[order.voice] != nil else {
        throw SpeechRefusal(
          400, "voice: \(office.exchange.voices.missing(order.voice))", parameter: "voice", code: "voice_not_found")
      }
      let job: SynthesisJob
      let stream = try office.desk.takePlace(.stream, holding: 0, for: client)
      let synthesizer = try office.synthesizer()
      do throws(EngineError) {
        job = try SynthesisJob(
          order, by: synthesizer, sounds: office.sounds, reply: reply, desk: office.desk, place: place, stream: stream,
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
      let wish = try TranscriptionRequest(
        parsing: request.body, contentType: request.headers["content-type"] ?? "")
      hear(wish.file, reply, .openAI) { transcript in
        HTTPResponse(
          status: 200, headers: [("content-type", wish.format.contentType)],
          body: transcript.written(as: wish.format))
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
    office.take(reply, shape, holding: Self.memory(for: file, office.limits), for: client) {
      place throws(SpeechRefusal) in
      let sound = try read(file)
      let job = TranscriptionJob(
        by: try office.recognizer(), reply: reply, desk: office.desk, place: place, usage: usage, shape: shape,
        write: write)
      job.begin(sound, detector: try office.detector())
    }
  }

  /// `POST /api/vad`, the predecessor's: where somebody speaks.
  func detect(_ request: HTTPRequest, _ reply: HTTPReply) {
    let file: [UInt8]
    do throws(MultipartFault) { file = try upload(request) } catch {
      return reply.send(.problem(status: 400, detail: "\(error)"))
    }
    office.take(reply, .problem, holding: Self.memory(for: file, office.limits), for: client) {
      place throws(SpeechRefusal) in
      let sound = try read(file)
      let stretches = SpeechStretches(detector: try office.detector())
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
    let reader = SoundReader(formats: office.sounds, secondsMax: office.limits.soundSecondsMax)
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
