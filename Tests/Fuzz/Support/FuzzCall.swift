import CallCore
import CallDriver
import JSON
import Wires
import Formats

/// One call in virtual time, with the frames that its client sends read as a server reads them, and engines that answer when they are told
/// to. It requires of every report and packet what a client may rely on.
final class FuzzCall: CallHost, SpeechTasks {
  private(set) var now = Timestamp.zero
  private(set) var hasEnded = false
  private(set) var transcriptions: [RequestID] = []
  private(set) var tools: [RequestID] = []
  private(set) var models: [RequestID] = []
  private(set) var sentences: [(utterance: UtteranceID, index: Int)] = []
  /// The connection takes nothing.
  var isFull = false
  private let format: AudioFormat
  private var nextNumber: UInt32 = 0
  private var live: CallSession?

  init(
    flow: any AgentFlow, format: AudioFormat, codecs: any AudioCodecFactory, echoCancellers: any EchoCancellerFactory
  ) throws(EngineError) {
    self.format = format
    var settings = CallSettings(id: "fuzz", flowName: "fuzz", voice: "heart", format: format)
    settings.recordingBytesMax = 20_000
    live = try CallSession(
      number: CallNumber(1), settings: settings, flow: flow, codecs: codecs, detector: LoudnessDetector(),
      echoCancellers: echoCancellers, work: self, host: self)
    session.handle(.began, at: now)
  }

  var session: CallSession {
    guard let live else { preconditionFailure("the call is there from the start") }
    return live
  }

  func pass(_ time: CallDuration) { now = now + time }
  func tick() { session.tick(at: now) }

  func receive(text frame: [UInt8]) {
    guard let message = try? ClientMessage(decoding: frame) else { return }
    switch message {
    case .start: break
    case .dtmf(let digit): Key(digit).map { session.handle(.keyPressed($0), at: now) }
    case .text(let text): session.handle(.typed(text), at: now)
    case .played(let utterance, let heard): session.handle(.played(utterance, heard), at: now)
    case .hangup: session.handle(.hungUp, at: now)
    }
  }

  func receive(binary frame: [UInt8]) {
    frame.withUnsafeBytes { bytes in
      guard let header = try? AudioPacketHeader(decoding: bytes), header.codec == format.codec else { return }
      session.receive(
        AudioPacketHeader.payload(of: bytes), sequence: header.sequence, stamp: header.microseconds, at: now)
    }
  }

  func answer(_ content: SpeechResult.Content) { session.deliver(content, at: now) }

  /// The caller hangs up if the call goes on, and it must be over then. Nothing can be asked of it afterwards.
  func finish() {
    if !hasEnded { session.handle(.hungUp, at: now) }
    require(hasEnded && session.isOver, "a call is over when its caller hangs up")
    live = nil  // it holds its work, which is this
  }

  // MARK: - CallHost

  func send(_ packet: AgentPacket) -> Bool {
    guard !isFull else { return false }
    require(!hasEnded, "no packet follows the end")
    require(packet.number == nextNumber, "packets are numbered without a gap")
    nextNumber += 1
    return true
  }

  func send(_ report: CallReport) {
    guard let message = ServerMessage(report) else { return }
    require(!message.json.isEmpty, "every report can be written")
  }

  func ended(_ call: StoredCall) {
    require(!hasEnded, "a call ends once")
    hasEnded = true
    require(call.record.reason != nil, "a record says why the call ended")
    do throws(WireFault) {
      let kept = (summary: CallArchive.summary(of: call.record), course: CallArchive.course(of: call.record))
      let again = try CallArchive.record(summary: kept.summary, course: kept.course)
      require(again.transcript.count == call.record.transcript.count, "a record is read as it was kept")
    } catch {
      fatalError("a record that was kept cannot be read: \(error)")
    }
  }

  // MARK: - SpeechTasks

  func transcribe(
    _ samples: [Int16], language: String, purpose: CallAction.Purpose, request: RequestID, call: CallNumber
  ) {
    transcriptions.append(request)
  }

  func prioritize(_ request: RequestID, call: CallNumber) {}
  func readySpeech(_ key: SpeechKey) -> EncodedSpeech? { nil }

  func synthesize(_ key: SpeechKey, isUrgent: Bool, utterance: UtteranceID, index: Int, call: CallNumber) {
    sentences.append((utterance, index))
  }

  func callTool(_ tool: ToolRequest, request: RequestID, call: CallNumber) { tools.append(request) }
  func compare(_ question: MeaningQuestion, request: RequestID, call: CallNumber) { tools.append(request) }
  func askModel(_ question: ModelRequest, request: RequestID, call: CallNumber) { models.append(request) }
  func cancel(_ request: RequestID, call: CallNumber) {}
}

/// Takes every loud window for speech.
private final class LoudnessDetector: SpeechDetector {
  func probability(of window: UnsafeBufferPointer<Int16>) throws(EngineError) -> SpeechProbability {
    let loudness = window.reduce(0) { $0 + Int($1.magnitude) } / window.count
    return SpeechProbability(thousandths: loudness > 3000 ? 900 : 100)
  }

  func reset() {}
}
