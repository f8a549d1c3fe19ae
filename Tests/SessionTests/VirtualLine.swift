import CallCore
import CallDriver

/// One call in virtual time with real codecs and engines: a caller whose speech is encoded and sent packet by packet, and
/// worker threads that are done at once and answer after a fixed time.
final class VirtualLine: CallHost, SpeechTasks {
  struct Late {
    var due: Timestamp
    var content: SpeechResult.Content
  }

  static let format = AudioFormat(codec: .opus, sampleRate: 16_000)
  static let recognitionTime = CallDuration.milliseconds(70)
  static let synthesisTime = CallDuration.milliseconds(80)
  static let judgementTime = CallDuration.milliseconds(70)

  let engines: any SpeechEngines
  let voice: String
  private(set) var session: CallSession?
  private(set) var now = Timestamp.zero
  private(set) var reports: [CallReport] = []
  private(set) var ended: StoredCall?
  private(set) var sent: [(at: Timestamp, due: Timestamp, isLast: Bool)] = []
  /// Answers that are not due yet.
  private var late: [Late] = []
  private var cache: [SpeechKey: EncodedSpeech] = [:]
  private var queue: [[UInt8]] = []
  private var sequence: UInt32 = 0
  private let recognizer: any SpeechRecognizer
  private let synthesizer: any SpeechSynthesizer
  private let silence: [UInt8]
  var isConnectionFull = false
  /// Numbers of packets that are lost on the way.
  var lost: Set<UInt32> = []
  /// Whether packets of silence are sent when there is nothing to say.
  var sendsSilence = true

  init(engines: any SpeechEngines, flow: any AgentFlow, voice: String = "heart", limits: TurnLimits = TurnLimits())
    throws(EngineError)
  {
    self.engines = engines
    self.voice = voice
    recognizer = try engines.recognizer()
    synthesizer = try engines.synthesizer()
    let quiet = PCMBuffer(sampleRate: 16_000, samples: [Int16](repeating: 0, count: 320))
    silence = try engines.codecs.makeEncoder(Self.format).encode(quiet).bytes
    var settings = CallSettings(id: "virtual", flowName: "scripted", voice: voice, format: Self.format)
    settings.limits = limits
    session = try CallSession(
      number: CallNumber(1), settings: settings, flow: flow, codecs: engines.codecs,
      detector: try engines.makeDetector(), echoCancellers: engines.echoCancellers, work: self, host: self)
    session?.handle(.began, at: now)
  }

  /// Queues the caller's speech behind what is still to be said.
  func say(_ text: String) throws(EngineError) {
    let speech = try engines.codecs.makeEncoder(Self.format).encode(synthesizer.synthesize(text, voice: voice))
    for index in 0..<speech.packetCount { queue.append(speech.withPacket(index) { Array($0) }) }
  }

  /// Lets time pass: 20 ms at a time, one packet each, silence when there is nothing to say.
  func run(for length: CallDuration) {
    let end = now + length
    while now < end, ended == nil { step() }
  }

  /// Lets time pass until `isDone`, for two minutes at most.
  /// - Returns: whether it came to that.
  func run(until isDone: () -> Bool) -> Bool {
    let end = now + .seconds(120)
    while now < end {
      if isDone() { return true }
      if ended != nil { return false }
      step()
    }
    return false
  }

  var isSaying: Bool { !queue.isEmpty }
  var phase: String { session?.phase.name ?? "none" }

  private func step() {
    now = now + .milliseconds(20)
    while let index = late.firstIndex(where: { $0.due <= now }) {
      let answer = late.remove(at: index)
      session?.deliver(answer.content, at: now)
    }
    if sendsSilence || !queue.isEmpty { sendPacket() }
    session?.tick(at: now)
  }

  private func sendPacket() {
    let packet = queue.isEmpty ? silence : queue.removeFirst()
    if !lost.contains(sequence) {
      packet.withUnsafeBytes { session?.receive($0, sequence: sequence, stamp: nil, at: now) }
    }
    sequence += 1
  }

  func send(_ packet: AgentPacket) -> Bool {
    if isConnectionFull { return false }
    sent.append((now, packet.due, packet.end == .utterance))
    return true
  }

  func send(_ report: CallReport) { reports.append(report) }
  func ended(_ call: StoredCall) { ended = call }

  func transcribe(
    _ samples: [Int16], language: String, purpose: CallAction.Purpose, request: RequestID, call: CallNumber
  ) {
    let result: Result<String, EngineError>
    do throws(EngineError) { result = .success(try recognizer.transcribe(samples)) } catch { result = .failure(error) }
    late.append(Late(due: now + Self.recognitionTime, content: .words(request, result)))
  }

  func judgeTurn(_ samples: [Int16], request: RequestID, call: CallNumber) {
    let result: Result<TurnCompleteness, EngineError>
    do throws(EngineError) { result = .success(try engines.turnDetector.completeness(of: samples)) } catch {
      result = .failure(error)
    }
    late.append(Late(due: now + Self.judgementTime, content: .completeness(request, result)))
  }

  func readySpeech(_ key: SpeechKey) -> EncodedSpeech? { cache[key] }

  func synthesize(_ key: SpeechKey, isUrgent: Bool, utterance: UtteranceID, index: Int, call: CallNumber) {
    let result: Result<EncodedSpeech, EngineError>
    do throws(EngineError) {
      let speech = try engines.codecs.makeEncoder(key.format).encode(
        synthesizer.speak(key.text, voice: key.voice))
      cache[key] = speech
      result = .success(speech)
    } catch {
      result = .failure(error)
    }
    late.append(Late(due: now + Self.synthesisTime, content: .speech(utterance, index: index, result)))
  }

  func callTool(_ tool: ToolRequest, request: RequestID, call: CallNumber) {
    late.append(Late(due: now + .milliseconds(50), content: .tool(request, .failed("no tools here"))))
  }

  func compare(_ question: MeaningQuestion, request: RequestID, call: CallNumber) {
    late.append(Late(due: now + .milliseconds(5), content: .meaning(request, .failure(.unsupported("meaning")))))
  }

  func askModel(_ question: ModelRequest, request: RequestID, call: CallNumber) {
    late.append(
      Late(due: now + .milliseconds(50), content: .model(request, .failed(ModelFault(.missing, "none here")))))
  }

  func prioritize(_ request: RequestID, call: CallNumber) {}
  func cancel(_ request: RequestID, call: CallNumber) {}
}
