import CallCore
import CallDriver
import Engines

/// Finds the engine of a voice, and says it clearly when there is none.
enum VoiceChoice {
  static func synthesizer(for voice: Voice.ID, of engines: EngineCatalog) throws -> any SpeechSynthesizer {
    do throws(EngineError) { return try engines.synthesizer(for: voice) } catch {
      guard case .unsupported = error else { throw CommandFault("\(error)", .failed) }
      let near = VoiceSearch.near(voice, in: engines.voices)
      let hint = near.isEmpty ? "" : "; near it are \(near.joined(separator: ", "))"
      throw CommandFault("there is no voice \"\(voice)\"\(hint); `voiceforge voices` lists them all")
    }
  }
}
