import CallCore
import CallDriver
import Engines

/// Finds the engine of a voice, and says it clearly when there is none.
enum VoiceChoice {
  static func synthesizer(for voice: Voice.ID, of engines: any SpeechEngines) throws -> any SpeechSynthesizer {
    do throws(EngineError) { return try find(voice, in: engines) } catch {
      guard case .unsupported = error else { throw CommandFault("\(error)", .failed) }
      let near = VoiceSearch.near(voice, in: engines.voices)
      let hint = near.isEmpty ? "" : "; near it are \(near.joined(separator: ", "))"
      throw CommandFault("there is no voice \"\(voice)\"\(hint); `voiceforge voices` lists them all")
    }
  }

  private static func find(
    _ voice: Voice.ID, in engines: any SpeechEngines
  ) throws(EngineError) -> any SpeechSynthesizer {
    // A catalog says which file is missing where an engine is.
    if let catalog = engines as? EngineCatalog { return try catalog.synthesizer(for: voice) }
    let synthesizer = try engines.synthesizer()
    guard synthesizer.voices.contains(where: { $0.id == voice }) else { throw .unsupported("the voice \(voice)") }
    return synthesizer
  }
}
