import CallCore
import CallDriver
import Engines

/// Finds the speech in a recording and recognises it, stretch by stretch.
struct Transcriber {
  private let stretches: SpeechStretches
  private let recognizer: any SpeechRecognizer

  /// What recognisers listen at.
  private static let sampleRate = 16_000

  init(_ engines: EngineCatalog) throws(EngineError) {
    recognizer = try engines.recognizer()
    stretches = SpeechStretches(detector: try engines.makeDetector())
  }

  /// - Parameter progress: told after each stretch how much of the sound is done.
  func transcribe(_ input: AudioInput, progress: (CallDuration) -> Void) throws(EngineError) -> Transcription {
    let start = ContinuousClock.now
    let audio = input.file.audio
    var transcription = Transcription(
      file: input.name, duration: .microseconds(audio.microseconds), sampleRate: audio.sampleRate,
      channels: input.file.channels)
    let samples = try SpeechResampler.resample(audio, to: Self.sampleRate).samples
    for stretch in try stretches.find(in: samples) {
      progress(Self.instant(stretch.lowerBound))
      let text = try recognizer.transcribe(Array(samples[stretch]))
      guard !text.isEmpty else { continue }
      transcription.segments.append(
        .init(start: Self.instant(stretch.lowerBound), end: Self.instant(stretch.upperBound), text: text))
    }
    transcription.took = CallDuration(ContinuousClock.now - start)
    return transcription
  }

  private static func instant(_ sample: Int) -> CallDuration {
    .microseconds(Int64(sample) * 1_000_000 / Int64(sampleRate))
  }
}
