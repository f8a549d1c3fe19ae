import CallCore
import CallDriver

/// This node's voices and the service's behind one door.
final class RemoteBesideSynthesizer: SpeechSynthesizer {
  private let own: any SpeechSynthesizer
  private let remote: RemoteSynthesizer

  init(own: any SpeechSynthesizer, remote: RemoteSynthesizer) {
    self.own = own
    self.remote = remote
  }

  var voices: [Voice] { own.voices + remote.voices }
  var takesShapes: Bool { own.takesShapes }

  func synthesize(_ text: String, voice: Voice.ID) throws(EngineError) -> PCMBuffer {
    try engine(of: voice).synthesize(text, voice: voice)
  }

  func synthesize(_ text: String, voice: Voice.ID, style: SpeakingStyle) throws(EngineError) -> PCMBuffer {
    try engine(of: voice).synthesize(text, voice: voice, style: style)
  }

  func synthesize(_ text: String, shape: VoiceShape, style: SpeakingStyle) throws(EngineError) -> PCMBuffer {
    try own.synthesize(text, shape: shape, style: style)
  }

  private func engine(of voice: Voice.ID) -> any SpeechSynthesizer {
    voice.hasPrefix(RemoteEngines.prefix) ? remote : own
  }
}
