public import CallCore

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
