import CallCore
import CallDriver

/// Every voice of several engines behind one door. Safe to share by threads.
final class CombinedSynthesizer: SpeechSynthesizer {
  let voices: [Voice]
  private let engines: [Voice.ID: any SpeechSynthesizer]
  private let distinct: [any SpeechSynthesizer]

  /// - Parameter engines: where two offer the same voice id, the first is used.
  init(_ engines: [any SpeechSynthesizer]) {
    voices = engines.flatMap(\.voices)
    distinct = engines
    self.engines = Dictionary(
      engines.flatMap { engine in engine.voices.map { ($0.id, engine) } }, uniquingKeysWith: { first, _ in first })
  }

  func synthesize(_ text: String, voice: Voice.ID) throws(EngineError) -> PCMBuffer {
    guard let engine = engines[voice] else { throw .unsupported("the voice \(voice)") }
    return try engine.synthesize(text, voice: voice)
  }

  func synthesize(_ text: String, voice: Voice.ID, style: SpeakingStyle) throws(EngineError) -> PCMBuffer {
    guard let engine = engines[voice] else { throw .unsupported("the voice \(voice)") }
    return try engine.synthesize(text, voice: voice, style: style)
  }

  var takesShapes: Bool { distinct.contains(where: \.takesShapes) }

  func synthesize(_ text: String, shape: VoiceShape, style: SpeakingStyle) throws(EngineError) -> PCMBuffer {
    guard let engine = distinct.first(where: \.takesShapes) else { throw .unsupported("a voice of another shape") }
    return try engine.synthesize(text, shape: shape, style: style)
  }
}
