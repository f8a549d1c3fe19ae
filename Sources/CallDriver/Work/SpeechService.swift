public import CallCore
import Threads

/// The speech engines with their worker threads and the cache of what they made; shared by every call.
public final class SpeechService: Sendable {
  private let recognizer: any SpeechRecognizer
  private let synthesizer: any SpeechSynthesizer
  private let codecs: any AudioCodecFactory
  private let meaning: any MeaningComparer
  private let turnDetector: any TurnDetector
  private let turnDetections: TurnDetectionQueue
  /// The threads; whoever made them stops them.
  public let workers: WorkerPool
  /// What was made before.
  public let cache: SpeechCache
  private typealias Completion = @Sendable (Result<EncodedSpeech, EngineError>) -> Void
  /// Sentences that are being made: who waits for each, and how urgently it was asked for.
  private let underway = Locked<[SpeechKey: (urgency: WorkerPool.Urgency, waiting: [Completion])]>([:])
  private let gate = Locked(SpeculationGate())
  private let partialsDropped = Locked(0)
  private let recognized = Locked((count: 0, samples: 0))

  package init(
    recognizer: any SpeechRecognizer, synthesizer: any SpeechSynthesizer, codecs: any AudioCodecFactory,
    workers: WorkerPool, cache: SpeechCache, meaning: any MeaningComparer = AbsentMeaning(),
    turnDetector: any TurnDetector = AbsentTurnDetector(), judgementAgeMax: CallDuration = TurnDetectionQueue.ageMax
  ) {
    self.recognizer = recognizer
    self.synthesizer = synthesizer
    self.codecs = codecs
    self.workers = workers
    self.cache = cache
    self.meaning = meaning
    self.turnDetector = turnDetector
    turnDetections = TurnDetectionQueue(turnDetector, workers: workers, ageMax: judgementAgeMax)
  }

  /// Whether recognitions are made that may be in vain; see `SpeculationGate`. Asked for each of them.
  var allowsSpeculation: Bool {
    let waiting = workers.figures.waiting.reduce(0, +)
    return gate.withLock { $0.update(waiting: waiting, threads: workers.threadCount) }
  }

  /// Tells the gate how busy the threads were lately, 0 … 1.
  public func updateGate(busyShare: Double) { gate.withLock { $0.busyShare = busyShare } }

  /// Whether speculations are made, without a new look, and partial transcripts that were dropped.
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
  ///   - takeTurn: asked just before the work begins; when it has none, nothing is done and nothing answered.
  ///   - completion: called once, on a worker thread, or at once when the queue is full.
  public func transcribe(
    urgency: WorkerPool.Urgency, cancellation: CancellationToken = CancellationToken(),
    takeTurn: @escaping @Sendable () -> SpokenTurn?,
    completion: @escaping @Sendable (Result<String, EngineError>) -> Void
  ) {
    let isQueued = workers.submit(urgency, kind: .recognition) { [recognizer, recognized] in
      guard let turn = takeTurn() else { return }
      recognized.withLock { $0 = ($0.count + 1, $0.samples + turn.samples.count) }
      do throws(EngineError) {
        completion(.success(try recognizer.transcribe(turn, cancellation: cancellation)))
      } catch {
        completion(.failure(error))
      }
    }
    guard !isQueued, takeTurn() != nil else { return }
    completion(.failure(.overloaded(queue: "speech engine", limit: WorkerPool.waitingMax)))
  }

  /// Finds out on a worker thread how complete a turn sounds. Refused at once while speculations are not made: the words that the answer is
  /// weighed with are not there in time either.
  /// - Parameters:
  ///   - takeSamples: asked just before the work begins; when it has none, nothing is done and nothing answered.
  ///   - completion: called once, on a worker thread, or at once when the question is refused.
  func judgeTurn(
    takeSamples: @escaping @Sendable () -> [Int16]?,
    completion: @escaping @Sendable (Result<TurnCompleteness, EngineError>) -> Void
  ) {
    turnDetections.judge(isOpen: allowsSpeculation, takeSamples: takeSamples, completion: completion)
  }

  /// A question to the turn detector is given up whose samples were not taken yet; they are not given any more.
  func withdrawJudgement() { turnDetections.withdraw() }

  /// What became of the questions to the turn detector.
  public var turnDetection: TurnDetectionFigures { turnDetections.figures }

  /// Loads the turn detector, behind everything that anybody waits for.
  /// - Parameter failure: called on a worker thread when that cannot be done.
  public func prepareTurnDetector(failure: @escaping @Sendable (EngineError) -> Void) {
    _ = workers.submit(.idle) { [turnDetector] in
      do throws(EngineError) { try turnDetector.prepare() } catch { failure(error) }
    }
  }

  /// Compares a caller's words with phrases on a worker thread.
  /// - Parameter completion: called once, on a worker thread, or at once when the queue is full.
  func compare(
    _ question: MeaningQuestion, completion: @escaping @Sendable (Result<[Similarity], EngineError>) -> Void
  ) {
    let isQueued = workers.submit(.waitedFor, kind: .recognition) { [meaning] in
      do throws(EngineError) { completion(.success(try meaning.similarities(question))) } catch {
        completion(.failure(error))
      }
    }
    if !isQueued { completion(.failure(.overloaded(queue: "speech engine", limit: WorkerPool.waitingMax))) }
  }

  /// Works out phrases that flows are understood by, behind everything that anybody waits for.
  /// - Parameter failure: called on a worker thread when that cannot be done.
  public func prepare(phrases: [String], failure: @escaping @Sendable (EngineError) -> Void) {
    guard !phrases.isEmpty else { return }
    _ = workers.submit(.idle) { [meaning] in
      do throws(EngineError) { try meaning.prepare(phrases) } catch { failure(error) }
    }
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
      let audio = try synthesizer.speak(key.text, voice: key.voice)
      let speech = try codecs.makeEncoder(key.format).encode(audio)
      cache.insert(speech, for: key)
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

/// Whether recognitions are made that may be in vain: speculative ones in a short pause, and of words that are only to be shown. They make
/// a lone caller's turn shorter and cost the others' turns time, so they are given up first when the engines are busy.
///
/// A value without a clock. It closes at one level and opens at a lower one, so that it does not flap.
public struct SpeculationGate: Sendable, Equatable {
  /// Work waiting for each thread that closes the gate: 140 ms of it at 70 ms each, as much as a speculation gains.
  static let closingWaitingPerThread = 2
  /// Share of the threads' time in use that closes the gate, and the one below which it opens. At 0.75 the mean wait is two thirds
  /// of a recognition and rises steeply (two servers with constant service time).
  static let closingShare = 0.75, openingShare = 0.6

  /// Whether speculations are made.
  public private(set) var isOpen = true
  /// Share of the threads' time in use, as last told.
  public var busyShare = 0.0

  /// Open.
  public init() {}

  /// Takes a look at what waits now.
  /// - Parameters:
  ///   - waiting: pieces of work that somebody waits for.
  ///   - threads: 1 and up.
  /// - Returns: `isOpen` after that.
  public mutating func update(waiting: Int, threads: Int) -> Bool {
    if waiting >= Self.closingWaitingPerThread * threads || busyShare >= Self.closingShare {
      isOpen = false
    } else if waiting == 0, busyShare < Self.openingShare {
      isOpen = true
    }
    return isOpen
  }
}

/// What a caller said, as a recogniser is given it.
public struct SpokenTurn: Sendable {
  /// 16 kHz mono, oldest first.
  public var samples: [Int16]
  /// BCP 47 tag.
  public var language: String
  /// Whether it goes on, and its words are only to be shown.
  public var goesOn = false

  /// A turn that is over, or may be.
  public init(samples: [Int16], language: String) {
    self.samples = samples
    self.language = language
  }
}

extension SpeechRecognizer {
  fileprivate func transcribe(_ turn: SpokenTurn, cancellation: CancellationToken) throws(EngineError) -> String {
    turn.goesOn
      ? try transcribeSoFar(turn.samples, language: turn.language, cancellation: cancellation)
      : try transcribe(turn.samples, language: turn.language, cancellation: cancellation)
  }
}
