import CallCore
import CallDriver

/// One call in virtual time whose engines are the test itself: it sends packets, answers questions and looks at what was played.
final class SessionHarness: CallHost, SpeechTasks {
  /// A packet of the agent as the connection took it; instants in milliseconds.
  struct Sent: Equatable {
    var number: UInt32
    var at: Int
    var due: Int
    var isLast: Bool
    /// What the packet holds throughout.
    var value: Int16
  }

  /// A sentence that was asked for.
  struct Sentence: Equatable {
    var utterance: UtteranceID
    var index: Int
    var text: String
    var isUrgent: Bool
  }

  static let loud: Int16 = 8000

  private(set) var now = Timestamp.zero
  private(set) var sent: [Sent] = []
  private(set) var reports: [CallReport] = []
  private(set) var ended: [StoredCall] = []
  private(set) var turns: [(request: RequestID, samples: [Int16], purpose: CallAction.Purpose)] = []
  private(set) var judged: [[Int16]] = []
  /// Of the turns, each as the session said it.
  private(set) var languages: [String] = []
  private(set) var sentences: [Sentence] = []
  private(set) var hurried: [RequestID] = []
  private(set) var asked: [ModelRequest] = []
  private(set) var tools: [(request: RequestID, tool: ToolRequest)] = []
  private(set) var compared: [MeaningQuestion] = []
  private(set) var cancelled: [RequestID] = []
  let detector = LoudnessDetector()
  /// The connection takes nothing.
  var isFull = false
  /// Sentences that were made before, by text.
  var ready: [String: EncodedSpeech] = [:]
  private var nextNumber: UInt32 = 0
  private var live: CallSession?

  /// A call that has begun.
  init(
    saying lines: [String] = [], flow: (any AgentFlow)? = nil, trace: CallTraceBuffer? = nil,
    echoCancellers: (any EchoCancellerFactory)? = nil, _ adjust: (inout CallSettings) -> Void = { _ in }
  ) throws(EngineError) {
    var settings = CallSettings(id: "bench", flowName: "scripted", voice: "heart", format: PlainCodecs.format)
    adjust(&settings)
    live = try CallSession(
      number: CallNumber(1), settings: settings, flow: flow ?? ScriptedFlow(lines: lines), codecs: PlainCodecs(),
      detector: detector, echoCancellers: echoCancellers, work: self, host: self)
    session.trace = trace
    session.handle(.began, at: now)
  }

  var session: CallSession {
    guard let live else { preconditionFailure("the call is there from the start") }
    return live
  }

  var milliseconds: Int { Int(now.microseconds / 1000) }
  var phase: String { session.phase.name }

  // MARK: - The caller

  /// 20 ms pass, and a packet of them arrives.
  func hear(_ value: Int16, packets: Int = 1) {
    for _ in 0..<packets {
      pass(.milliseconds(20), ticking: false)
      receive(PlainCodecs.packet(of: value))
      session.tick(at: now)
    }
  }

  /// A packet arrives now, with the next number unless it has another one.
  func receive(_ packet: [UInt8], number: UInt32? = nil, stamp: UInt64? = nil) {
    let sequence = number ?? nextNumber
    if number == nil { nextNumber &+= 1 }
    packet.withUnsafeBytes { session.receive($0, sequence: sequence, stamp: stamp, at: now) }
  }

  /// 20 ms pass for each of these packets, but none arrives.
  func lose(packets: Int) {
    for _ in 0..<packets {
      nextNumber &+= 1
      pass(.milliseconds(20))
    }
  }

  /// The sender claims to have sent a packet, and did not.
  func skipNumber() { nextNumber &+= 1 }

  /// The sender begins anew.
  func startNumbersAgain() { nextNumber = 0 }

  /// Time passes in ticks of 20 ms without a packet.
  func pass(_ length: CallDuration, ticking: Bool = true) {
    let end = now + length
    while now < end {
      now = min(now + .milliseconds(20), end)
      if ticking { session.tick(at: now) }
    }
  }

  /// The call ends.
  /// - Returns: what is kept of it.
  func hangUp() throws -> StoredCall {
    session.handle(.hungUp, at: now)
    guard let call = ended.first else { throw Missing(what: "the call did not end") }
    return call
  }

  struct Missing: Error { var what: String }

  // MARK: - The engines

  /// Speech of so many packets, each of one value, counting up from `first`.
  static func speech(packets: Int, from first: Int16 = 1) -> EncodedSpeech {
    let bytes = (0..<packets).flatMap { PlainCodecs.packet(of: first + Int16($0)) }
    return EncodedSpeech(bytes: bytes, packetEnds: (0..<packets).map { Int32(($0 + 1) * 640) })
  }

  func deliver(_ utterance: Int, _ index: Int, _ speech: EncodedSpeech) {
    session.deliver(.speech(UtteranceID(utterance), index: index, .success(speech)), at: now)
  }

  func fail(_ utterance: Int, _ index: Int) {
    session.deliver(.speech(UtteranceID(utterance), index: index, .failure(.timedOut(limit: .zero))), at: now)
  }

  // MARK: - What the call asks for

  func send(_ packet: AgentPacket) -> Bool {
    guard !isFull else { return false }
    let value = Int16(littleEndian: packet.bytes.loadUnaligned(as: Int16.self))
    sent.append(
      Sent(
        number: packet.number, at: milliseconds, due: Int(packet.due.microseconds / 1000),
        isLast: packet.end == .utterance, value: value))
    return true
  }

  func send(_ report: CallReport) { reports.append(report) }
  func ended(_ call: StoredCall) { ended.append(call) }

  func transcribe(
    _ samples: [Int16], language: String, purpose: CallAction.Purpose, request: RequestID, call: CallNumber
  ) {
    turns.append((request, samples, purpose))
    languages.append(language)
  }

  func judgeTurn(_ samples: [Int16], request: RequestID, call: CallNumber) { judged.append(samples) }

  func readySpeech(_ key: SpeechKey) -> EncodedSpeech? { ready[key.text.words] }

  func synthesize(_ key: SpeechKey, isUrgent: Bool, utterance: UtteranceID, index: Int, call: CallNumber) {
    sentences.append(Sentence(utterance: utterance, index: index, text: key.text.words, isUrgent: isUrgent))
  }

  func callTool(_ tool: ToolRequest, request: RequestID, call: CallNumber) { tools.append((request, tool)) }
  func compare(_ question: MeaningQuestion, request: RequestID, call: CallNumber) { compared.append(question) }
  func askModel(_ question: ModelRequest, request: RequestID, call: CallNumber) { asked.append(question) }
  func prioritize(_ request: RequestID, call: CallNumber) { hurried.append(request) }
  func cancel(_ request: RequestID, call: CallNumber) { cancelled.append(request) }
}
