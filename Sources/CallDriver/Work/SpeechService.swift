public import CallCore
import Threads

/// The speech engines with their worker threads and the cache of what they made; shared by every call.
public final class SpeechService: Sendable {
  private let recognizer: any SpeechRecognizer
  private let synthesizer: any SpeechSynthesizer
  private let codecs: any AudioCodecFactory
  /// The threads.
  public let workers: WorkerPool
  /// What was made before.
  public let cache: SpeechCache
  private typealias Completion = @Sendable (Result<EncodedSpeech, EngineError>) -> Void
  /// Sentences that are being made: who waits for each, and how urgently it was asked for.
  private let underway = Locked<[SpeechKey: (urgency: WorkerPool.Urgency, waiting: [Completion])]>([:])
  private let gate = Locked(SpeculationGate())
  private let partialsDropped = Locked(0)
  private let recognized = Locked((count: 0, samples: 0))

  /// - Parameters: the engines, shared; `workers` is stopped by its owner.
  public init(
    recognizer: any SpeechRecognizer, synthesizer: any SpeechSynthesizer, codecs: any AudioCodecFactory,
    workers: WorkerPool, cache: SpeechCache
  ) {
    self.recognizer = recognizer
    self.synthesizer = synthesizer
    self.codecs = codecs
    self.workers = workers
    self.cache = cache
  }

  /// Whether recognitions are made that may be in vain; see `SpeculationGate`. Asked for each of them.
  public var allowsTrials: Bool {
    let waiting = workers.figures.waiting.reduce(0, +)
    return gate.withLock { $0.look(waiting: waiting, threads: workers.threadCount) }
  }

  /// Tells the gate how busy the threads were lately, 0 … 1.
  public func note(busyShare: Double) { gate.withLock { $0.busyShare = busyShare } }

  /// Whether trials are made, without a new look, and partial transcripts that were dropped.
  public var speculation: (areMade: Bool, partialsDropped: Int) {
    (gate.withLock { $0.isOpen }, partialsDropped.withLock { $0 })
  }

  /// Recognitions that were done, those in vain among them, and the seconds of sound in them.
  public var recognitions: (count: Int, seconds: Double) {
    recognized.withLock { ($0.count, Double($0.samples) / 16_000) }
  }

  func countDroppedPartial() { partialsDropped.withLock { $0 += 1 } }

  /// Recognises a turn on a worker thread.
  /// - Parameters:
  ///   - cancellation: whether the words are still wanted.
  ///   - takeSamples: asked just before the work begins; when it has none, nothing is done and nothing answered.
  ///   - completion: called once, on a worker thread, or at once when the queue is full.
  public func transcribe(
    urgency: WorkerPool.Urgency, cancellation: CancellationToken = CancellationToken(),
    takeSamples: @escaping @Sendable () -> [Int16]?,
    completion: @escaping @Sendable (Result<String, EngineError>) -> Void
  ) {
    let isQueued = workers.submit(urgency, kind: .recognition) { [recognizer, recognized] in
      guard let samples = takeSamples() else { return }
      recognized.withLock { $0 = ($0.count + 1, $0.samples + samples.count) }
      do throws(EngineError) {
        completion(.success(try recognizer.transcribe(samples, cancellation: cancellation)))
      } catch {
        completion(.failure(error))
      }
    }
    guard !isQueued, takeSamples() != nil else { return }
    completion(.failure(.overloaded(queue: "speech engine", limit: WorkerPool.waitingMax)))
  }

  /// Makes one sentence on a worker thread, or joins whoever asked for the same one.
  /// - Parameter completion: called once, on a worker thread, or at once when the queue is full.
  public func synthesize(
    _ key: SpeechKey, urgency: WorkerPool.Urgency,
    completion: @escaping @Sendable (Result<EncodedSpeech, EngineError>) -> Void
  ) {
    let isQueuedInTime = underway.withLock { underway in
      guard let known = underway[key] else {
        underway[key] = (urgency, [completion])
        return false
      }
      underway[key] = (min(known.urgency, urgency), known.waiting + [completion])
      return known.urgency <= urgency
    }
    // Whoever joins a sentence that would be made later asks for it again, to have it made in time.
    guard !isQueuedInTime else { return }
    let isQueued = workers.submit(urgency, kind: .synthesis) { [self] in
      guard underway.withLock({ $0[key] != nil }) else { return }
      finish(key, make(key))
    }
    if !isQueued { finish(key, .failure(.overloaded(queue: "speech engine", limit: urgency.waitingMax))) }
  }

  private func make(_ key: SpeechKey) -> Result<EncodedSpeech, EngineError> {
    if let speech = cache.speech(key) { return .success(speech) }
    do throws(EngineError) {
      let audio = try synthesizer.synthesize(key.text, voice: key.voice)
      let speech = try codecs.makeEncoder(key.format).encode(audio)
      cache.keep(speech, for: key)
      return .success(speech)
    } catch {
      return .failure(error)
    }
  }

  private func finish(_ key: SpeechKey, _ result: Result<EncodedSpeech, EngineError>) {
    let waiting = underway.withLock { $0.removeValue(forKey: key)?.waiting ?? [] }
    for completion in waiting { completion(result) }
  }
}
