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
  /// What another machine does for this node; `nil` where none does.
  var remote: RemoteFigures? { get }
}

extension SpeechEngines {
  /// No other machine.
  public var remote: RemoteFigures? { nil }

  /// Whether every engine that a call needs can be used now.
  public var areReady: Bool { readiness.allSatisfy { $0.state == .ready || !$0.isNeeded } }
}
