public import CallCore

/// All the speech engines of a node. They may still be loading; asking for one then waits for it.
public protocol SpeechEngines: AnyObject, Sendable {
  /// There at once: codecs need no model.
  var codecs: any AudioCodecFactory { get }
  /// There at once, likewise.
  var sounds: any SoundFormats { get }
  /// How far each engine is; never waits.
  var readiness: [EngineReadiness] { get }
  /// Every voice that can be spoken with, the default first. Waits while they load.
  var voices: [Voice] { get }
  /// Speech to text, shared by all calls. Waits while it loads; throws why it cannot be used.
  func recognizer() throws(EngineError) -> any SpeechRecognizer
  /// Text to speech for every voice, shared by all calls. Waits while it loads; throws why it cannot be used.
  func synthesizer() throws(EngineError) -> any SpeechSynthesizer
  /// A detector for one call. Waits while its model loads; throws why it cannot be used.
  func makeDetector() throws(EngineError) -> any SpeechDetector
  /// Tells whether a turn is complete, shared by all calls; there at once, and loaded by its first question.
  var turnDetector: any TurnDetector { get }
  /// Tells how alike two voices are; there at once or `nil`, and loaded by its first question.
  var speakerComparer: (any SpeakerComparer)? { get }
  /// The name of the operator's model that would hear a language, as long as it is being tried: nothing said in it is understood until then.
  /// Never waits.
  /// - Parameter language: BCP 47 tag, such as that of a flow.
  func modelBeingTried(for language: String) -> String?
  /// What takes the agent's own voice out of calls; there at once. `nil`: nothing does.
  var echoCancellers: (any EchoCancellerFactory)? { get }
  /// What another machine does for this node; `nil` where none does.
  var remote: RemoteFigures? { get }
}

extension SpeechEngines {
  /// None.
  public var turnDetector: any TurnDetector { AbsentTurnDetector() }
  /// None.
  public func modelBeingTried(for language: String) -> String? { nil }
  /// Nothing does.
  public var speakerComparer: (any SpeakerComparer)? { nil }
  /// None.
  public var echoCancellers: (any EchoCancellerFactory)? { nil }
  /// No other machine.
  public var remote: RemoteFigures? { nil }
}

/// Turns speech into text. Blocking: the driver chooses the thread when live and the completion instant when virtual.
public protocol SpeechRecognizer: AnyObject, Sendable {
  /// - Parameter turn: 16 kHz mono samples of one turn, oldest first, at most `TurnLimits.turnDurationMax`. The adapter
  ///   splits what is longer than its engine can hold.
  /// - Returns: the words as heard; empty when nothing was understood. Never a guess.
  func transcribe(_ turn: [Int16]) throws(EngineError) -> String

  /// The same, given up early when `cancellation` is withdrawn: for engines on another machine, which would hold the thread for seconds.
  func transcribe(_ turn: [Int16], cancellation: CancellationToken) throws(EngineError) -> String

  /// The same of speech in a language.
  /// - Parameter language: BCP 47 tag, such as that of a flow; one that nothing here understands goes to the usual recogniser.
  func transcribe(
    _ turn: [Int16], language: String, cancellation: CancellationToken
  ) throws(EngineError) -> String

  /// The words so far of a turn that goes on, to be shown. An engine that hears speech while it is spoken goes on where it was asked last, as long
  /// as the turn begins with the samples of that time.
  func transcribeSoFar(
    _ turn: [Int16], language: String, cancellation: CancellationToken
  ) throws(EngineError) -> String
}

extension SpeechRecognizer {
  /// For engines of this machine: they are done in some 70 ms.
  public func transcribe(_ turn: [Int16], cancellation: CancellationToken) throws(EngineError) -> String {
    try transcribe(turn)
  }

  /// For engines that understand one language.
  public func transcribe(
    _ turn: [Int16], language: String, cancellation: CancellationToken
  ) throws(EngineError) -> String {
    try transcribe(turn, cancellation: cancellation)
  }

  /// For engines that hear whole turns.
  public func transcribeSoFar(
    _ turn: [Int16], language: String, cancellation: CancellationToken
  ) throws(EngineError) -> String {
    try transcribe(turn, language: language, cancellation: cancellation)
  }
}

/// The language of what is said where nobody says which.
public enum SpeechLanguage {
  /// English, the built-in recogniser's.
  public static let usual = "en"
}

/// Turns text into speech. Blocking, safe to call from several threads.
public protocol SpeechSynthesizer: AnyObject, Sendable {
  /// The voices that this engine speaks with.
  var voices: [Voice] { get }

  /// - Parameters:
  ///   - text: one sentence, at most 500 characters.
  ///   - voice: one of `voices`, by id.
  /// - Returns: mono audio at the voice's rate, silence before the first and after the last sound trimmed to
  ///   20 ms at most.
  ///   The same text and voice give the same samples, bit by bit.
  func synthesize(_ text: String, voice: Voice.ID) throws(EngineError) -> PCMBuffer

  /// The same with the voice bent.
  /// - Throws: `.unsupported` where the voice's engine cannot bend it.
  func synthesize(_ text: String, voice: Voice.ID, style: SpeakingStyle) throws(EngineError) -> PCMBuffer

  /// Whether it can speak in any `VoiceShape`.
  var takesShapes: Bool { get }

  /// Speaks with a voice that is on no list: the engine's own one in another shape.
  /// - Parameter shape: brought into its ranges.
  /// - Throws: `.unsupported` unless `takesShapes`.
  func synthesize(_ text: String, shape: VoiceShape, style: SpeakingStyle) throws(EngineError) -> PCMBuffer
}

extension SpeechSynthesizer {
  /// For engines that cannot bend a voice.
  public func synthesize(_ text: String, voice: Voice.ID, style: SpeakingStyle) throws(EngineError) -> PCMBuffer {
    guard style == .plain else { throw .unsupported("the voice \(voice) at another rate or pitch") }
    return try synthesize(text, voice: voice)
  }

  /// For engines whose voices have the shape that they have.
  public var takesShapes: Bool { false }

  /// Refuses.
  public func synthesize(_ text: String, shape: VoiceShape, style: SpeakingStyle) throws(EngineError) -> PCMBuffer {
    throw .unsupported("a voice of another shape")
  }
}

/// Tells speech from other sound for one call. It keeps the call's state (about 1 KB) and is used by one thread at a time;
/// it runs on the media loop itself (about 25 µs per window) and allocates nothing per window.
public protocol SpeechDetector: AnyObject {
  /// - Parameter window: exactly `SpeechDetectorWindow.samples` samples, 16 kHz mono.
  func probability(of window: UnsafeBufferPointer<Int16>) throws(EngineError) -> SpeechProbability

  /// Forgets what was heard so far, as after a gap in the audio.
  func reset()
}

/// The window that a speech detector looks at: 512 samples, 32 ms at 16 kHz (Silero's own).
public enum SpeechDetectorWindow {
  /// Samples per window at 16 kHz.
  public static let samples = 512
  /// Length of one window.
  public static let duration = CallDuration.milliseconds(32)
}
