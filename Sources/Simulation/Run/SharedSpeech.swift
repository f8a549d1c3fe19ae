import Bounds
import CallCore
public import CallDriver
import Threads

/// What all virtual calls of a process share: engines, and what they made before. What is found here changes no result and no
/// virtual instant, only the time that a run takes.
public final class SharedSpeech: Sendable {
  /// For all calls.
  public let engines: any SpeechEngines
  let agentSpeech = SpeechCache()
  let recognitions = RecognitionMemory()
  /// By the samples of turns: 50,000.
  private let completeness = Locked(BoundedStore<RecognitionMemory.Key, TurnCompleteness>(entriesMax: 50_000))
  /// Of the callers' voices.
  public let callerSpeech = CallerSpeechCache()

  /// - Parameter engines: for all calls.
  public init(engines: any SpeechEngines) { self.engines = engines }

  /// The words in `samples`, from memory where the very same samples were recognised before.
  /// - Parameter language: what is spoken, as a BCP 47 tag.
  func transcribe(_ samples: [Int16], language: String = SpeechLanguage.usual) -> Result<String, EngineError> {
    let key = RecognitionMemory.Key(samples, language: language)
    if let words = recognitions[key] { return .success(words) }
    do throws(EngineError) {
      let words = try engines.recognizer().transcribe(
        samples, language: language, cancellation: CancellationToken())
      recognitions.insert(words, for: key)
      return .success(words)
    } catch {
      return .failure(error)
    }
  }

  /// How complete the turn sounds, likewise.
  func completeness(of samples: [Int16]) -> Result<TurnCompleteness, EngineError> {
    let key = RecognitionMemory.Key(samples)
    if let known = completeness.withLock({ $0[key] }) { return .success(known) }
    do throws(EngineError) {
      let found = try engines.turnDetector.completeness(of: samples)
      completeness.withLock { $0.put(found, for: key) }
      return .success(found)
    } catch {
      return .failure(error)
    }
  }

  /// The sound of a sentence of the agent, encoded.
  func speak(_ key: SpeechKey) -> Result<EncodedSpeech, EngineError> {
    if let speech = agentSpeech.speech(key) { return .success(speech) }
    do throws(EngineError) {
      let sound = try engines.synthesizer().speak(key.text, voice: key.voice)
      let speech = try engines.codecs.makeEncoder(key.format).encode(sound)
      agentSpeech.insert(speech, for: key)
      return .success(speech)
    } catch {
      return .failure(error)
    }
  }
}

/// What was recognised before, by the samples themselves and their language: a recogniser gives the same words for the same samples.
final class RecognitionMemory: Sendable {
  /// Two independent 64-bit digests of the samples, their count, and the language.
  struct Key: Hashable {
    private let first: UInt64
    private let second: UInt64
    private let count: Int
    private let language: String

    init(_ samples: [Int16], language: String = SpeechLanguage.usual) {
      self.language = language
      var first: UInt64 = 0xCBF2_9CE4_8422_2325
      var second: UInt64 = 0x9E37_79B9_7F4A_7C15
      for sample in samples {
        let bits = UInt64(UInt16(bitPattern: sample))
        first = (first ^ bits) &* 0x100_0000_01B3
        second = ((second << 5 | second >> 59) ^ bits) &* 0x94D0_49BB_1331_11EB
      }
      (self.first, self.second, count) = (first, second, samples.count)
    }
  }

  /// Turns remembered: 50,000.
  private let words = Locked(BoundedStore<Key, String>(entriesMax: 50_000))

  subscript(key: Key) -> String? { words.withLock { $0[key] } }

  func insert(_ text: String, for key: Key) { words.withLock { $0.put(text, for: key) } }
}

/// What callers' voices said before, for all cases of a process. What it holds changes no result, only the time it takes.
public final class CallerSpeechCache: Sendable {
  struct Key: Hashable {
    var text: String
    var voice: Voice.ID
    var style: SpeakingStyle
  }

  /// 64 MB: half an hour of speech.
  private let sounds = Locked(BoundedStore<Key, [Int16]>(bytesMax: 64_000_000))

  /// An empty cache.
  public init() {}

  subscript(key: Key) -> [Int16]? { sounds.withLock { $0.use(key) } }

  func insert(_ samples: [Int16], for key: Key) {
    sounds.withLock { $0.put(samples, for: key, bytes: samples.count * 2) }
  }
}
