public import CallDriver
import CallCore

/// What all virtual calls of a process share: engines, and what they made before. What is found here changes no result and no
/// virtual instant, only the time that a run takes.
public final class SharedSpeech: Sendable {
  /// For all calls.
  public let engines: any SpeechEngines
  let agentSpeech = SpeechCache()
  let recognitions = RecognitionMemory()
  /// Of the callers' voices.
  public let callerSpeech = CallerSpeechCache()

  /// - Parameter engines: for all calls.
  public init(engines: any SpeechEngines) { self.engines = engines }

  /// The words in `samples`, from memory where the very same samples were recognised before.
  func transcribe(_ samples: [Int16]) -> Result<String, EngineError> {
    let key = RecognitionMemory.Key(samples)
    if let words = recognitions[key] { return .success(words) }
    do throws(EngineError) {
      let words = try engines.recognizer().transcribe(samples)
      recognitions.keep(words, for: key)
      return .success(words)
    } catch {
      return .failure(error)
    }
  }

  /// The sound of a sentence of the agent, encoded.
  func speak(_ key: SpeechKey) -> Result<EncodedSpeech, EngineError> {
    if let speech = agentSpeech.speech(key) { return .success(speech) }
    do throws(EngineError) {
      let sound = try engines.synthesizer().synthesize(key.text, voice: key.voice)
      let speech = try engines.codecs.makeEncoder(key.format).encode(sound)
      agentSpeech.keep(speech, for: key)
      return .success(speech)
    } catch {
      return .failure(error)
    }
  }
}
