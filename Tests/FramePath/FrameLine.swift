import CallCore
import CallDriver
import Engines

/// One call with the real codec and detector, whose engines for words and speech are never asked: their work is not a frame's.
final class FrameLine: CallHost, SpeechTasks {
  static let format = AudioFormat(codec: .opus, sampleRate: 16_000)
  /// Two minutes.
  static let framesMax = 6000

  /// Packets of the agent that came out.
  private(set) var sent = 0
  private var session: CallSession?
  private let scene: FrameScene
  /// What the caller sends, over and over.
  private let line: EncodedSpeech
  /// What the agent says: longer than frames are counted.
  private let story: EncodedSpeech
  private var now = Timestamp.zero
  private var sequence: UInt32 = 0

  init(_ scene: FrameScene, folder: EngineFolder) throws {
    self.scene = scene
    let encoder = try AudioCodecCatalog().makeEncoder(Self.format)
    let reader = try encoder.encode(FrameSounds.reader(folder.path))
    line =
      switch scene {
      case .caller, .telephone: reader
      case .keys: try encoder.encode(FrameSounds.keys())
      case .listening, .agent: try encoder.encode(FrameSounds.hiss(seconds: 4))
      }
    story = Self.repeated(reader, packets: Self.framesMax + 100)
    var settings = CallSettings(id: "frames", flowName: "story", voice: "heart", format: Self.format)
    settings.limits.turnDurationMax = .seconds(3600)
    settings.hearsKeyTones = scene.hearsKeyTones
    session = try CallSession(
      number: CallNumber(1), settings: settings, flow: StoryFlow(tells: scene == .agent), codecs: AudioCodecCatalog(),
      detector: SileroDetector(try SileroModel(path: "\(folder.path)/silero/silero_vad_16k_op15.onnx")),
      echoCancellers: SpeexEchoCancellers(), work: self, host: self)
    session?.handle(.began, at: now)
  }

  func run(_ frames: Int) throws {
    for _ in 0..<frames {
      now = now + .milliseconds(20)
      line.withPacket(Int(sequence) % line.packetCount) { packet in
        session?.receive(packet, sequence: sequence, stamp: nil, at: now)
      }
      sequence += 1
      session?.tick(at: now)
    }
    let phase = session?.phase.name ?? ""
    let isAsPlanned =
      switch scene {
      case .listening: phase == "waiting"
      case .agent: phase == "speaking" && sent >= frames
      case .caller, .telephone: phase == "hearing" || phase == "recognizing"
      case .keys: phase == "keying"
      }
    guard isAsPlanned else { throw EngineError.unsupported("the scene \(scene.rawValue): the call is \(phase)") }
  }

  func send(_ packet: AgentPacket) -> Bool {
    sent += 1
    return true
  }

  func send(_ report: CallReport) {}
  func ended(_ call: StoredCall) {}
  func transcribe(
    _ samples: [Int16], language: String, purpose: CallAction.Purpose, request: RequestID, call: CallNumber
  ) {}
  func readySpeech(_ key: SpeechKey) -> EncodedSpeech? { story }
  func synthesize(_ key: SpeechKey, isUrgent: Bool, utterance: UtteranceID, index: Int, call: CallNumber) {}
  func callTool(_ tool: ToolRequest, request: RequestID, call: CallNumber) {}
  func compare(_ question: MeaningQuestion, request: RequestID, call: CallNumber) {}
  func askModel(_ question: ModelRequest, request: RequestID, call: CallNumber) {}
  func prioritize(_ request: RequestID, call: CallNumber) {}
  func cancel(_ request: RequestID, call: CallNumber) {}

  private static func repeated(_ speech: EncodedSpeech, packets: Int) -> EncodedSpeech {
    var bytes: [UInt8] = []
    var ends: [Int32] = []
    for index in 0..<packets {
      speech.withPacket(index % speech.packetCount) { bytes += $0 }
      ends.append(Int32(bytes.count))
    }
    return EncodedSpeech(bytes: bytes, packetEnds: ends)
  }
}

/// A flow that tells a story, or listens for an hour.
struct StoryFlow: AgentFlow {
  let tells: Bool
  var currentState = "story"
  var slots: [String: String] = [:]

  init(tells: Bool) { self.tells = tells }

  mutating func handle(_ input: FlowInput, into outputs: inout [FlowOutput]) {
    if tells, case .begin = input { outputs.append(.say("Once upon a time.", interruptible: true)) }
    var listening = ListenOptions()
    listening.noInputAfter = .seconds(3600)
    outputs.append(.listen(listening))
  }
}
