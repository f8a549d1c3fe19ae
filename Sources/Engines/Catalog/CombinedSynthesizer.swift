import CallCore
import CallDriver

/// Every voice of several engines behind one door. Safe to share by threads.
final class CombinedSynthesizer: SpeechSynthesizer {
  private let engines: [Voice.ID: any SpeechSynthesizer]
  private let distinct: [any SpeechSynthesizer]
  private let later: @Sendable () -> [any SpeechSynthesizer]

  /// - Parameters:
  ///   - engines: where two offer the same voice id, the first is used.
  ///   - later: engines that come while this one is used, asked each time. Their voices have other ids.
  init(_ engines: [any SpeechSynthesizer], later: @escaping @Sendable () -> [any SpeechSynthesizer] = { [] }) {
    distinct = engines
    self.later = later
    self.engines = Dictionary(
      engines.flatMap { engine in engine.voices.map { ($0.id, engine) } }, uniquingKeysWith: { first, _ in first })
  }

  var voices: [Voice] { (distinct + later()).flatMap(\.voices) }

  func synthesize(_ text: String, voice: Voice.ID) throws(EngineError) -> PCMBuffer {
    try engine(of: voice).synthesize(text, voice: voice)
  }

  func synthesize(_ text: String, voice: Voice.ID, style: SpeakingStyle) throws(EngineError) -> PCMBuffer {
    try engine(of: voice).synthesize(text, voice: voice, style: style)
  }

  private func engine(of voice: Voice.ID) throws(EngineError) -> any SpeechSynthesizer {
    if let engine = engines[voice] { return engine }
    for engine in later() where engine.voices.contains(where: { $0.id == voice }) { return engine }
    throw .unsupported("the voice \(voice)")
  }

  var takesShapes: Bool { distinct.contains(where: \.takesShapes) }

  func synthesize(_ text: String, shape: VoiceShape, style: SpeakingStyle) throws(EngineError) -> PCMBuffer {
    guard let engine = distinct.first(where: \.takesShapes) else { throw .unsupported("a voice of another shape") }
    return try engine.synthesize(text, shape: shape, style: style)
  }
}
