public import CallCore
public import CallDriver
import WebSockets

/// Tries a service out: for `voiceforge doctor`. Speaks one short sentence and has it transcribed.
public struct RemoteSpeechProbe: Sendable {
  /// Why it does not answer at all; `nil` when it does.
  public let trouble: String?
  /// How many voices it has or is taken to have.
  public let voiceCount: Int
  /// How long the sentence took to be spoken.
  public let speech: Result<Duration, EngineError>
  /// What was heard of it, and how long that took.
  public let words: Result<(text: String, took: Duration), EngineError>

  /// What is said.
  public static let sentence = "Hello, can you hear me?"

  /// Blocks, at most some 20 s (`RemoteTimes`).
  /// - Parameter sounds: brings sound to another rate.
  public init(_ service: RemoteService, sounds: any SoundFormats) {
    let client = RemoteSpeechClient(service) { _ in }
    defer { client.stop() }
    if case .away(let why) = RemoteWatch.probe(client) {
      let nothing = EngineError.remote(why)
      (trouble, voiceCount, speech, words) = (why, 0, .failure(nothing), .failure(nothing))
      return
    }
    trouble = nil
    let voices = RemoteVoices(client, prefix: "")
    voices.refresh()
    voiceCount = voices.voices.count
    let mouth = RemoteSynthesizer(client, voices: voices, sounds: sounds)
    let spoken = Self.spoken(voices.voices.first?.id ?? "", by: mouth)
    speech = spoken.map(\.took)
    words = spoken.flatMap { Self.transcribe($0.sound, by: RemoteRecognizer(client), sounds: sounds) }
  }

  private static func spoken(
    _ voice: Voice.ID, by mouth: RemoteSynthesizer
  ) -> Result<(sound: PCMBuffer, took: Duration), EngineError> {
    let start = ContinuousClock.now
    do throws(EngineError) {
      let sound = try mouth.synthesize(sentence, voice: voice)
      return .success((sound, ContinuousClock.now - start))
    } catch {
      return .failure(error)
    }
  }

  private static func transcribe(
    _ sound: PCMBuffer, by ears: RemoteRecognizer, sounds: any SoundFormats
  ) -> Result<(text: String, took: Duration), EngineError> {
    let start = ContinuousClock.now
    do throws(EngineError) {
      let text = try ears.transcribe(try sounds.resample(sound, to: SoundReader.sampleRate).samples)
      return .success((text, ContinuousClock.now - start))
    } catch {
      return .failure(error)
    }
  }
}
