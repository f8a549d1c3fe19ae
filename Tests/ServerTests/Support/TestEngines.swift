import CallClient
import CallCore
import CallDriver
import Engines
import Foundation
import Threads

/// The real engines, loaded once for the suite, and what callers say, synthesised once.
enum TestEngines {
  static let catalog: any SpeechEngines = EngineCatalog(
    folder: EngineFolder(environment: ProcessInfo.processInfo.environment))
  static let opus = AudioFormat(codec: .opus, sampleRate: 16_000)

  private static let spoken = Locked<[String: PCMBuffer]>([:])

  /// `text` in the voice of the tests' callers.
  static func speech(_ text: String) throws -> PCMBuffer {
    if let speech = spoken.withLock({ $0[text] }) { return speech }
    let speech = try catalog.synthesizer().synthesize(text, voice: "heart")
    spoken.withLock { $0[text] = speech }
    return speech
  }

  /// A spoken turn.
  static func turn(
    _ text: String, cue: CallerTurn.Cue = .whenAsked, format: AudioFormat = opus
  ) throws -> CallerTurn {
    try CallerTurn.say(speech(text), label: text, cue: cue, format: format, codecs: catalog.codecs)
  }
}
