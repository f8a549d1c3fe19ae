import CallCore
import CallDriver
import Dispatch
import Testing
import Threads

@Suite("The calls' questions to the engines")
struct LiveSpeechTasksTests {
  /// One thread that is busy until it is let go, and the answers in their order.
  struct Harness {
    let busy = WorkerPoolTests.BusyPool()
    let speechService: SpeechService
    let work: LiveSpeechTasks
    let answers = Results()

    init() {
      speechService = SpeechService(
        recognizer: EchoEngines(), synthesizer: EchoEngines(), codecs: PlainCodecs(), workers: busy.pool,
        cache: SpeechCache(), judgementAgeMax: .seconds(3600))
      work = LiveSpeechTasks(speechService: speechService, tools: EchoEngines(), answers: answers)
    }

    func ask(_ number: Int, _ purpose: CallAction.Purpose) {
      work.transcribe(
        [Int16(number)], language: "en", purpose: purpose, request: RequestID(number), call: CallNumber(1))
    }

    /// - Returns: what was answered, in order.
    func finish() -> [Int] {
      busy.release()
      busy.pool.finish()
      return answers.numbers
    }
  }

  @Test("the words of finished turns come before those on trial")
  func finalFirst() {
    let harness = Harness()
    harness.ask(1, .speculative)
    harness.ask(2, .final)
    #expect(harness.finish() == [2, 1])
  }

  @Test("a trial whose turn is over goes in front of other trials, and is answered once")
  func hurried() {
    let harness = Harness()
    harness.ask(1, .speculative)
    harness.ask(2, .speculative)
    harness.work.prioritize(RequestID(2), call: CallNumber(1))
    #expect(harness.finish() == [2, 1])
  }

  @Test("what was cancelled is neither done nor answered, hurried or not")
  func cancelled() {
    let harness = Harness()
    harness.ask(1, .speculative)
    harness.ask(2, .final)
    harness.work.prioritize(RequestID(1), call: CallNumber(1))
    harness.work.cancel(RequestID(1), call: CallNumber(1))
    harness.work.prioritize(RequestID(1), call: CallNumber(1))
    #expect(harness.finish() == [2])
  }

  @Test("while the engines are busy a trial waits for the end of its turn, and a partial is dropped and counted")
  func busy() {
    let harness = Harness()
    harness.speechService.updateGate(busyShare: 0.9)
    harness.ask(1, .speculative)
    harness.ask(2, .speculative)
    harness.ask(3, .partial)
    #expect(harness.speechService.workers.figures.waitingRecognitions == 0)
    harness.work.prioritize(RequestID(2), call: CallNumber(1))
    #expect(harness.speechService.workers.figures.waitingRecognitions == 1)
    #expect(harness.speechService.speculation == (areMade: false, partialsDropped: 1))
    #expect(harness.finish() == [2])
  }

  @Test("a partial is dropped when anything waits")
  func partialWaits() {
    let harness = Harness()
    harness.ask(1, .partial)
    harness.ask(2, .partial)
    #expect(harness.finish() == [1])
  }

  @Test("a question that finds the queue full is answered with a failure, once")
  func full() {
    let harness = Harness()
    for _ in 0..<WorkerPool.waitingMax { #expect(harness.busy.pool.submit(.soon) {}) }
    harness.ask(1, .final)
    #expect(harness.answers.failures == 1)
    #expect(harness.finish().isEmpty)
    #expect(harness.answers.failures == 1)
  }

  @Test(
    "a language model's answer comes to its call piece by piece; who cancels stops it, and who cancels late stops nobody"
  )
  func languageModel() {
    let model = HeldModel()
    let pool = WorkerPool(threadCount: 1)
    let speechService = SpeechService(
      recognizer: EchoEngines(), synthesizer: EchoEngines(), codecs: PlainCodecs(), workers: pool, cache: SpeechCache())
    let answers = Results()
    let work = LiveSpeechTasks(speechService: speechService, tools: EchoEngines(), model: model, answers: answers)
    work.askModel(ModelRequest([.user("a")]), request: RequestID(1), call: CallNumber(1))
    work.askModel(ModelRequest([.user("b")]), request: RequestID(1), call: CallNumber(2))
    model.say(0, .delta(.text("Hi. ")))
    model.say(1, .finished(model: "held"))
    work.cancel(RequestID(1), call: CallNumber(2))
    work.cancel(RequestID(1), call: CallNumber(1))
    work.cancel(RequestID(1), call: CallNumber(1))
    pool.finish()
    #expect(model.cancelled == [0])
    #expect(answers.modelEvents == [.delta(.text("Hi. ")), .finished(model: "held")])
  }

  @Test("without a language model a question fails at once and says what to set")
  func noLanguageModel() {
    let harness = Harness()
    harness.work.askModel(ModelRequest([.user("a")]), request: RequestID(1), call: CallNumber(1))
    guard case .failed(let fault)? = harness.answers.modelEvents.first else { return #expect(Bool(false)) }
    #expect(fault.kind == .missing && fault.description.contains("ENABLE_LLM=true"))
    _ = harness.finish()
  }

  /// Takes each phrase for as alike as it is long.
  final class LengthComparer: MeaningComparer {
    let prepared = Locked<[String]>([])
    var isInstalled: Bool { true }
    func similarities(_ question: MeaningQuestion) throws(EngineError) -> [Similarity] {
      guard question.text != "?" else { throw .unsupported("meaning") }
      return question.phrases.map { Similarity(thousandths: $0.count) }
    }
    func prepare(_ phrases: [String]) throws(EngineError) { prepared.withLock { $0 += phrases } }
  }

  @Test(
    "words are compared on a worker, before what only may be needed; what cannot be compared and a full queue are failures"
  )
  func meaning() {
    let busy = WorkerPoolTests.BusyPool()
    let comparer = LengthComparer()
    let speechService = SpeechService(
      recognizer: EchoEngines(), synthesizer: EchoEngines(), codecs: PlainCodecs(), workers: busy.pool,
      cache: SpeechCache(), meaning: comparer)
    let answers = Results()
    let work = LiveSpeechTasks(speechService: speechService, tools: EchoEngines(), answers: answers)
    speechService.prepare(phrases: []) { _ in }
    speechService.prepare(phrases: ["a"]) { _ in }
    let order = Locked<[Int]>([])
    #expect(busy.pool.submit(.soon) { order.withLock { $0.append(answers.meanings.count) } })
    for text in ["x", "?"] {
      work.compare(MeaningQuestion(text, phrases: ["a", "bcd"]), request: RequestID(1), call: CallNumber(1))
    }
    for _ in 0..<WorkerPool.waitingMax - 3 { #expect(busy.pool.submit(.soon) {}) }
    work.compare(MeaningQuestion("y", phrases: ["a"]), request: RequestID(2), call: CallNumber(1))
    #expect(answers.meanings == [.failure(.overloaded(queue: "speech engine", limit: WorkerPool.waitingMax))])
    busy.release()
    busy.pool.finish()
    let similarities = [Similarity(thousandths: 1), Similarity(thousandths: 3)]
    #expect(answers.meanings.dropFirst() == [.success(similarities), .failure(.unsupported("meaning"))])
    #expect(order.withLock { $0 } == [3], "a caller waits for it, so it goes first")
    #expect(comparer.prepared.withLock { $0 } == ["a"])
  }

  /// Takes each turn for as complete as its first sample says.
  final class SampleDetector: TurnDetector {
    let prepared = Locked(0)
    var isInstalled: Bool { true }
    func completeness(of turn: [Int16]) throws(EngineError) -> TurnCompleteness {
      guard let first = turn.first else { throw .unsupported("silence") }
      return TurnCompleteness(thousandths: Int(first))
    }
    func prepare() { prepared.withLock { $0 += 1 } }
  }

  @Test(
    "turns are judged on a worker; one that was given up is not, and too many at once, or while the engines are busy, are refused at once"
  )
  func judgements() {
    let busy = WorkerPoolTests.BusyPool()
    let detector = SampleDetector()
    let speechService = SpeechService(
      recognizer: EchoEngines(), synthesizer: EchoEngines(), codecs: PlainCodecs(), workers: busy.pool,
      cache: SpeechCache(), turnDetector: detector, judgementAgeMax: .seconds(3600))
    let answers = Results()
    let work = LiveSpeechTasks(speechService: speechService, tools: EchoEngines(), answers: answers)
    speechService.prepareTurnDetector { _ in }
    for number in 1...3 {
      work.judgeTurn(number == 2 ? [] : [Int16(number)], request: RequestID(number), call: CallNumber(1))
    }
    let refused = EngineError.overloaded(queue: "turn detector", limit: 2)
    #expect(answers.judgements == [.failure(refused)], "two a thread")
    work.cancel(RequestID(1), call: CallNumber(1))
    busy.release()
    busy.pool.finish()
    #expect(answers.judgements.dropFirst() == [.failure(.unsupported("silence"))])
    #expect(detector.prepared.withLock { $0 } == 1)
    var figures = TurnDetectionFigures()
    (figures.refused, figures.failed) = (1, 1)
    #expect(speechService.turnDetection == figures)
  }

  @Test("a question to the turn detector that was given up leaves its place to the next")
  func withdrawnJudgement() {
    let (detector, pool) = (HeldDetector(), WorkerPool(threadCount: 1))
    let speechService = SpeechService(
      recognizer: EchoEngines(), synthesizer: EchoEngines(), codecs: PlainCodecs(), workers: pool,
      cache: SpeechCache(), turnDetector: detector, judgementAgeMax: .seconds(3600))
    let answers = Results()
    let work = LiveSpeechTasks(speechService: speechService, tools: EchoEngines(), answers: answers)
    work.judgeTurn([1], request: RequestID(1), call: CallNumber(1))
    detector.begun.wait()
    work.judgeTurn([2], request: RequestID(2), call: CallNumber(1))
    work.cancel(RequestID(2), call: CallNumber(1))
    work.cancel(RequestID(2), call: CallNumber(1))
    for number in 3...4 {
      work.judgeTurn([Int16(number)], request: RequestID(number), call: CallNumber(1))
    }
    let refused = EngineError.overloaded(queue: "turn detector", limit: 2)
    #expect(answers.judgements == [.failure(refused)], "one place was left, and one was not")
    detector.letGo.signal()
    pool.finish()
    #expect(
      answers.judgements.dropFirst() == [
        .success(TurnCompleteness(thousandths: 1)), .success(TurnCompleteness(thousandths: 3)),
      ])
  }

  /// Stands at the turn whose first sample is 1 until it is let go.
  final class HeldDetector: TurnDetector {
    let (begun, letGo) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    var isInstalled: Bool { true }
    func completeness(of turn: [Int16]) throws(EngineError) -> TurnCompleteness {
      if turn.first == 1 {
        begun.signal()
        letGo.wait()
      }
      return TurnCompleteness(thousandths: Int(turn.first ?? 0))
    }
    func prepare() {}
  }

  @Test("a question that waited too long for a thread is not answered")
  func lateJudgement() {
    let busy = WorkerPoolTests.BusyPool()
    let speechService = SpeechService(
      recognizer: EchoEngines(), synthesizer: EchoEngines(), codecs: PlainCodecs(), workers: busy.pool,
      cache: SpeechCache(), turnDetector: SampleDetector(), judgementAgeMax: .microseconds(-1))
    let answers = Results()
    let work = LiveSpeechTasks(speechService: speechService, tools: EchoEngines(), answers: answers)
    work.judgeTurn([1], request: RequestID(1), call: CallNumber(1))
    busy.release()
    busy.pool.finish()
    #expect(answers.judgements == [.failure(.timedOut(limit: .microseconds(-1)))])
    #expect(speechService.turnDetection.late == 1)
  }

  @Test("while speculations are not made, turns are not judged; a server without a turn detector says so")
  func unjudged() {
    let harness = Harness()
    harness.work.judgeTurn([1], request: RequestID(1), call: CallNumber(1))
    harness.speechService.updateGate(busyShare: 0.9)
    harness.work.judgeTurn([1], request: RequestID(2), call: CallNumber(1))
    _ = harness.finish()
    #expect(
      harness.answers.judgements == [
        .failure(.overloaded(queue: "turn detector", limit: 2)),
        .failure(.unsupported("ends of turns by meaning")),
      ])
  }

  @Test("a sentence that is being made in idle time is made in time for the call that asks for it, soon or at once")
  func joinsIdle() {
    for isUrgent in [false, true] {
      let harness = Harness()
      let done = Locked<[String]>([])
      let key = SpeechKey(voice: "heart", text: "Hello.", format: AudioFormat(codec: .opus, sampleRate: 16_000))
      harness.speechService.synthesize(key, urgency: .idle) { _ in done.withLock { $0.append("sentence") } }
      #expect(harness.busy.pool.submit(.outsideCalls) { done.withLock { $0.append("other") } })
      harness.work.synthesize(key, isUrgent: isUrgent, utterance: UtteranceID(1), index: 0, call: CallNumber(1))
      _ = harness.finish()
      #expect(done.withLock { $0 } == ["sentence", "other"])
    }
  }

  @Test("a recognition that has begun is given up where its engine can")
  func givenUp() {
    let engine = PatientEngine()
    let pool = WorkerPool(threadCount: 1)
    let speechService = SpeechService(
      recognizer: engine, synthesizer: EchoEngines(), codecs: PlainCodecs(), workers: pool, cache: SpeechCache())
    let answers = Results()
    let work = LiveSpeechTasks(speechService: speechService, tools: EchoEngines(), answers: answers)
    for number in 1...2 {
      work.transcribe([7], language: "en", purpose: .final, request: RequestID(number), call: CallNumber(1))
      engine.begun.wait()
      work.cancel(RequestID(number), call: CallNumber(1))
    }
    pool.finish()
    #expect(answers.failures == 2)
  }

  @Test("what nobody wants is stopped when that is found out, before or while it is done, and not after")
  func cancellation() {
    let stops = Locked(0)
    let cancellation = CancellationToken()
    cancellation.run(onCancel: { stops.withLock { $0 += 1 } }) { #expect(!cancellation.isCancelled) }
    cancellation.cancel()
    #expect(stops.withLock { $0 } == 0)
    cancellation.run(onCancel: { stops.withLock { $0 += 1 } }) { #expect(cancellation.isCancelled) }
    #expect(stops.withLock { $0 } == 1)
    let other = CancellationToken()
    other.run(onCancel: { stops.withLock { $0 += 1 } }) {
      other.cancel()
      other.cancel()
    }
    #expect(stops.withLock { $0 } == 2)
  }

  /// Waits for an answer that never comes, until nobody wants it.
  final class PatientEngine: SpeechRecognizer {
    let begun = DispatchSemaphore(value: 0)

    func transcribe(_ turn: [Int16]) throws(EngineError) -> String {
      try transcribe(turn, cancellation: CancellationToken())
    }
    func transcribe(_ turn: [Int16], cancellation: CancellationToken) throws(EngineError) -> String {
      let end = DispatchSemaphore(value: 0)
      cancellation.run(onCancel: { end.signal() }) {
        begun.signal()
        end.wait()
      }
      throw .remote("given up")
    }
  }

  /// Keeps what it is told.
  final class Results: SpeechResultSink {
    private let seen = Locked<[Result<String, EngineError>]>([])
    private let heard = Locked<[ModelEvent]>([])
    private let meant = Locked<[Result<[Similarity], EngineError>]>([])
    var meanings: [Result<[Similarity], EngineError>] { meant.withLock { $0 } }

    private let judged = Locked<[Result<TurnCompleteness, EngineError>]>([])
    var judgements: [Result<TurnCompleteness, EngineError>] { judged.withLock { $0 } }
    var modelEvents: [ModelEvent] { heard.withLock { $0 } }

    var numbers: [Int] {
      seen.withLock { $0 }.compactMap { if case .success(let text) = $0 { Int(text) } else { nil } }
    }
    var failures: Int { seen.withLock { $0 }.count { if case .failure = $0 { true } else { false } } }

    func post(_ answer: SpeechResult) {
      if case .words(_, let result) = answer.content { seen.withLock { $0.append(result) } }
      if case .model(_, let event) = answer.content { heard.withLock { $0.append(event) } }
      if case .completeness(_, let result) = answer.content { judged.withLock { $0.append(result) } }
      if case .meaning(_, let result) = answer.content { meant.withLock { $0.append(result) } }
    }
  }

  /// Understands the first sample as a number and says nothing.
  final class EchoEngines: SpeechRecognizer, SpeechSynthesizer, ToolCaller {
    let voices: [Voice] = []

    func transcribe(_ turn: [Int16]) throws(EngineError) -> String { turn.map { "\($0)" }.joined() }
    func synthesize(_ text: String, voice: Voice.ID) throws(EngineError) -> PCMBuffer {
      PCMBuffer(sampleRate: 16_000, samples: [])
    }
    func synthesize(_ text: String, voice: Voice.ID, style: SpeakingStyle) throws(EngineError) -> PCMBuffer {
      try synthesize(text, voice: voice)
    }
    func call(_ tool: ToolRequest, completion: @escaping @Sendable (ToolResponse) -> Void) { completion(.timedOut) }
  }
}

/// A language model that says what the test says, when it says it.
private final class HeldModel: LanguageModel {
  private struct Ticket: ModelTicket {
    let stop: @Sendable () -> Void
    func cancel() { stop() }
  }

  private let state = Locked((deliver: [@Sendable (ModelEvent) -> Void](), cancelled: [Int]()))

  func ask(_ request: ModelRequest, _ deliver: @escaping @Sendable (ModelEvent) -> Void) -> any ModelTicket {
    let index = state.withLock { state in
      state.deliver.append(deliver)
      return state.deliver.count - 1
    }
    return Ticket { [state] in state.withLock { $0.cancelled.append(index) } }
  }

  func say(_ index: Int, _ event: ModelEvent) { state.withLock { $0.deliver[index] }(event) }
  var cancelled: [Int] { state.withLock { $0.cancelled } }
}
