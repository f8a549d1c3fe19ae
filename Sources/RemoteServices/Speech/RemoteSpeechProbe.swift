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
    let voice = voices.voices.first?.id ?? ""
    let spoken = Self.timed { () throws(EngineError) in try mouth.synthesize(Self.sentence, voice: voice) }
    speech = spoken.map(\.took)
    words = spoken.flatMap { spoken in
      let heard = Self.timed { () throws(EngineError) in
        try RemoteRecognizer(client).transcribe(sounds.resample(spoken.value, to: SoundReader.sampleRate).samples)
      }
      return heard.map { (text: $0.value, took: $0.took) }
    }
  }

  private static func timed<Value>(
    _ work: () throws(EngineError) -> Value
  ) -> Result<(value: Value, took: Duration), EngineError> {
    let start = ContinuousClock.now
    do throws(EngineError) { return .success((try work(), ContinuousClock.now - start)) } catch {
      return .failure(error)
    }
  }
}
