import CSherpaOnnx
import CallCore
import CallDriver
import Glibc
import Threads

/// A model that turns text into speech, through sherpa-onnx. Safe to share by threads; one sentence is made at a time.
///
/// Breaks one promise of the port where the model draws random numbers, as VITS does: the same text and voice do not give the same samples
/// twice. Where bytes must not change, use the voices of hibari.
final class SherpaSynthesizer: SpeechSynthesizer {
  let voices: [Voice]
  private let library: Loaded
  private let espeak: (client: EspeakClient, voice: String)?
  private let sampleRate: Int
  /// The library says nothing about threads.
  private let turn = Locked(())

  /// Opened once and never changed.
  private struct Loaded: @unchecked Sendable {
    let library: OpaquePointer
    let model: OpaquePointer
  }

  /// - Throws: `.modelUnavailable` with the first path that is missing, or with the folder of the model when sherpa-onnx refuses it;
  ///   `.unsupported` where it delivers another rate than described.
  init(_ model: ModelDescription, library path: String) throws(EngineError) {
    try model.checkFiles()
    guard let library = sherpa_open(path) else { throw .modelUnavailable(path: path) }
    espeak = try model.phonemes.map { voice throws(EngineError) in (try EspeakClient.shared.get(), voice) }
    let loaded = SherpaFields(model).withFields { sherpa_load_synthesizer(library, $0, $1, Int32(model.threads)) }
    guard let loaded else { throw .modelUnavailable(path: model.folder) }
    self.library = Loaded(library: library, model: loaded)
    sampleRate = Int(sherpa_sample_rate(library, loaded))
    let speakers = min(max(Int(sherpa_speakers(library, loaded)), 1), ModelDescription.speakersMax)
    voices = (0..<speakers).map { [sampleRate] in Self.voice(model, speaker: $0, of: speakers, sampleRate) }
    guard model.sampleRate ?? sampleRate == sampleRate, ModelDescription.sampleRateLimits.contains(sampleRate) else {
      throw .unsupported("a model that delivers \(sampleRate) samples a second")
    }
  }

  deinit { sherpa_unload_synthesizer(library.library, library.model) }

  private static func voice(_ model: ModelDescription, speaker: Int, of speakers: Int, _ sampleRate: Int) -> Voice {
    let suffix = speaker == 0 ? "" : "+\(speaker)"
    let title = model.speaker.title.isEmpty ? model.name.capitalizedFirst : model.speaker.title
    let text = model.speaker.description
    return Voice(
      id: model.name + suffix, name: speakers == 1 ? title : "\(title), speaker \(speaker)",
      language: model.languages.first ?? "und", gender: model.speaker.gender,
      description: text.isEmpty ? "Neural (\(model.family.id)), of your own files." : text, engine: "sherpa-onnx",
      sampleRate: sampleRate)
  }

  func synthesize(_ text: String, voice: Voice.ID) throws(EngineError) -> PCMBuffer {
    try synthesize(text, voice: voice, style: .plain)
  }

  /// - Throws: `.unsupported` for another pitch: these models have none that can be set.
  func synthesize(_ text: String, voice: Voice.ID, style: SpeakingStyle) throws(EngineError) -> PCMBuffer {
    guard let speaker = voices.firstIndex(where: { $0.id == voice }) else { throw .unsupported("the voice \(voice)") }
    try style.check()
    guard style.pitchPercent == 100 else { throw .unsupported("the voice \(voice) at another pitch") }
    let spoken = try SpokenText(text)
    let phonemes = try self.phonemes(of: spoken.text)
    let sound = try turn.withLock { _ throws(EngineError) in
      try speak(spoken.text, phonemes, speaker: speaker, rate: style.ratePercent)
    }
    let loudest = sound.reduce(1) { max($0, abs($1)) }
    let speech = SilenceTrimmer.trim(
      PCMBuffer(sampleRate: sampleRate, samples: sound.map { Int16(max(-1, min(1, $0 / loudest)) * 32767) }))
    guard !speech.samples.isEmpty else { throw .unsupported("text without words that \(voice) can say") }
    return speech
  }

  /// Unicode scalars; none where the model reads text itself.
  private func phonemes(of text: String) throws(EngineError) -> [Int32] {
    guard let espeak else { return [] }
    let clauses = SpokenClause.clauses(of: text)
    let said = try espeak.client.phonemes(of: clauses.map(\.text), voice: espeak.voice)
    let scalars = zip(clauses, said).map { clause, phonemes in
      phonemes.unicodeScalars.filter { !Self.unspoken.contains($0) }.map { Int32($0.value) } + [
        Int32(clause.mark.value)
      ]
    }
    return Array(scalars.joined(separator: [0x20]))
  }

  /// Ties and separators of eSpeak NG that no model was trained with.
  private static let unspoken: Set<Unicode.Scalar> = ["\u{200D}", "_", "\n"]

  private func speak(
    _ text: String, _ phonemes: [Int32], speaker: Int, rate: Int
  ) throws(EngineError) -> [Float] {
    var samples: UnsafeMutablePointer<Float>?
    var count: Int32 = 0
    let code = text.withCString { text in
      phonemes.withUnsafeBufferPointer { phonemes in
        var utterance = SherpaUtterance(
          text: text, phonemes: phonemes.baseAddress, phoneme_count: Int32(phonemes.count), speaker: Int32(speaker),
          speed: Float(rate) / 100)
        return sherpa_speak(library.library, library.model, &utterance, &samples, &count)
      }
    }
    defer { free(samples) }
    guard code == 0 else { throw .library(function: "SherpaOnnxOfflineTtsGenerateWithConfig", code: Int(code)) }
    let sound = Array(UnsafeBufferPointer(start: samples, count: Int(count)))
    guard sound.allSatisfy(\.isFinite) else { throw .unsupported("a model that gives no numbers for \"\(text)\"") }
    return sound
  }
}

extension String {
  /// A name for people.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
