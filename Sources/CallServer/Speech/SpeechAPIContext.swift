import CallCore
import CallDriver
import FoundationEssentials
import WebSockets

/// What all requests for speech share: the scheduler, the cache of samples, and the ways to the engines.
final class SpeechAPIContext: Sendable {
  let server: ServerContext
  let samples: VoiceSampleCache
  /// When this server began.
  let startedAtUnixSeconds = Int(Date().timeIntervalSince1970)

  init(server: ServerContext) {
    self.server = server
    samples = VoiceSampleCache(bytesMax: server.settings.speech.sampleCacheBytes)
  }

  var scheduler: SpeechScheduler { server.speechScheduler }
  var sounds: any SoundFormats { server.engines.sounds }
  var limits: SpeechLimits { server.settings.speech }

  /// Why no request for speech would be taken now that holds so many bytes; counts it.
  func rejectOverload(holding bytes: Int) -> SpeechRefusal? {
    let refusal = reason(holding: bytes)
    if refusal != nil { scheduler.countRefusal() }
    return refusal
  }

  private func reason(holding bytes: Int) -> SpeechRefusal? {
    if let notReady { return notReady }
    let admission = server.admission
    if let reason = admission.standingReason(for: 0, at: admission.load.at) {
      return SpeechRefusal(
        503, "the server is busy with calls (\(reason.rawValue))", code: "overloaded",
        retryAfterSeconds: max(reason.retryAfterSeconds, 1))
    }
    return scheduler.hasRoom(for: bytes) ? nil : .full
  }

  /// Why there is no speech at all now: the server stops, or has no engines yet.
  var notReady: SpeechRefusal? {
    if server.capacity.isClosed { return SpeechRefusal(503, "the server is going down", retryAfterSeconds: 10) }
    guard server.speechService == nil else { return nil }
    let failed = server.engines.readiness.first { $0.isNeeded && $0.state == .failed }
    let why = failed.map { "the speech engine \($0.name) is missing: \($0.detail)" }
    return SpeechRefusal(
      503, why ?? "the speech engines are still loading", code: "engines_not_ready",
      retryAfterSeconds: why == nil ? 2 : 60)
  }

  /// Gives a request a place and does `body`; what cannot be is answered.
  func withSlot(
    _ reply: HTTPReply, _ shape: SpeechRefusal.Shape, holding bytes: Int, for client: SpeechClient,
    _ body: (SpeechSlot) throws(SpeechRefusal) -> Void
  ) {
    do throws(SpeechRefusal) {
      if let refusal = rejectOverload(holding: bytes) { throw refusal }
      try body(try place(holding: bytes, for: client))
    } catch {
      reply.send(error.response(shape))
    }
  }

  /// Gives a request a place, reads its file and does `body` with the sound; what cannot be is answered. The file is read
  /// on `ServerContext.soundPool`, so that no other request waits behind it, and not for a client that is gone.
  func withSound(
    of file: [UInt8], _ reply: HTTPReply, _ shape: SpeechRefusal.Shape, for client: SpeechClient,
    from peer: ClientAddress,
    _ body: @escaping @Sendable (PCMBuffer, SpeechSlot) throws(SpeechRefusal) -> Void
  ) {
    withSlot(reply, shape, holding: memory(for: file), for: client) { place throws(SpeechRefusal) in
      let cancellation = CancellationToken()
      reply.watch { cancellation.cancel() }
      let refusal = server.soundPool.submit(from: peer) { [self] in
        guard !cancellation.isCancelled else { return }
        do throws(SpeechRefusal) { try body(try read(file, cancellation), place) } catch {
          reply.send(error.response(shape))
        }
      }
      if let refusal { throw refusal.status == 429 ? .share : .full }
    }
  }

  private func read(_ file: [UInt8], _ cancellation: CancellationToken) throws(SpeechRefusal) -> PCMBuffer {
    let reader = SoundReader(formats: sounds, secondsMax: limits.soundSecondsMax)
    do throws(SoundFault) { return try reader.read(file, cancellation: cancellation) } catch {
      if error.isBusy { throw SpeechRefusal(503, "file: \(error)", code: "overloaded", retryAfterSeconds: 3) }
      throw SpeechRefusal(400, "file: \(error)", parameter: "file", code: "invalid_audio")
    }
  }

  /// What the file, its copy and its sound take; compressed sound is decoded to many times its size.
  private func memory(for file: [UInt8]) -> Int {
    let isForeign = SoundReader.isForeign(file)
    return file.count * 2 + (isForeign ? limits.soundSecondsMax * SoundReader.sampleRate * 2 : file.count)
  }

  private func place(holding bytes: Int, for client: SpeechClient) throws(SpeechRefusal) -> SpeechSlot {
    do throws(SpeechRefusal) { return try scheduler.reserveSlot(holding: bytes, for: client) } catch {
      scheduler.countRefusal()
      throw error
    }
  }

  /// For whom a request wants speech.
  /// - Parameter key: id of the key that it came with.
  func client(of request: HTTPRequest, key: String?) -> SpeechClient {
    key.map { .key($0) } ?? .address(server.authorizer.peer(of: request))
  }

  func synthesizer() throws(SpeechRefusal) -> any SpeechSynthesizer { try engine(server.voices.synthesizer) }
  func recognizer() throws(SpeechRefusal) -> any SpeechRecognizer { try engine(server.engines.recognizer) }
  func detector() throws(SpeechRefusal) -> any SpeechDetector { try engine(server.engines.makeDetector) }

  private func engine<Engine>(_ find: () throws(EngineError) -> Engine) throws(SpeechRefusal) -> Engine {
    do throws(EngineError) { return try find() } catch { throw SpeechRefusal(error) }
  }
}
