import CFlite
import CallCore
import CallDriver
import ChildProcesses

/// The voices rms and awb of flite: two men who are understood better than those of eSpeak NG. Safe to share by threads. It runs in a child of
/// this program, one sentence at a time: a text that ends the child, or takes too long, fails alone, and is not tried again.
final class FliteSynthesizer: SpeechSynthesizer {
  /// In front of every id of this engine.
  static let prefix = "flite:"

  let voices = FliteSynthesizer.offered.map(\.voice)
  private let children: ChildPool

  /// Word error rates of ten sentences of telephone calls by the built-in recogniser: 2 % and 5 % (`FliteTests`). Of flite's other voices kal is
  /// robotic, and slt is understood worse than the neural ones.
  private static let offered: [(voice: Voice, number: FliteVoice)] = [
    (voice("rms", "American man, calm and even.", pitchHz: 103), FLITE_RMS),
    (voice("awb", "Scottish man.", language: "en-GB", pitchHz: 127), FLITE_AWB),
  ]

  private static func voice(
    _ name: String, _ text: String, language: String = "en-US", pitchHz: Int
  ) -> Voice {
    Voice(
      id: prefix + name, name: "flite, \(name)", language: language, gender: "male",
      description: "\(text) Statistical, flatter than a person.", engine: "flite", sampleRate: FliteService.sampleRate,
      pitchHz: pitchHz)
  }

  /// awb hums 50 dB below its loudest sample for 190 ms before it speaks; its softest onsets are above −44 dB.
  private static let soundShare = 160

  /// Starts the child and waits for it.
  /// - Throws: `.modelUnavailable` with the library that is missing, `.crashed` when no child can be started.
  init() throws(EngineError) {
    do throws(ChildFailure) {
      children = try ChildPool(EngineChild.executable(FliteService.name), limits: FliteService.limits, count: 1)
    } catch {
      throw Self.fault(error)
    }
    _ = try response(to: EngineMessage(kind: 0))
  }

  func synthesize(_ text: String, voice: Voice.ID) throws(EngineError) -> PCMBuffer {
    try synthesize(text, voice: voice, style: .plain)
  }

  /// - Throws: `.unsupported` for another pitch: rms has none that can be set.
  func synthesize(_ text: String, voice: Voice.ID, style: SpeakingStyle) throws(EngineError) -> PCMBuffer {
    guard let number = Self.offered.first(where: { $0.voice.id == voice })?.number else {
      throw .unsupported("the voice \(voice)")
    }
    try style.check()
    guard style.pitchPercent == 100 else { throw .unsupported("the voice \(voice) at another pitch") }
    let spoken = try SpokenText(text)
    let request = EngineMessage(kind: 0, texts: [spoken.text], numbers: [Int(number.rawValue), style.ratePercent])
    let samples = try response(to: request).samples
    let speech = SilenceTrimmer.trim(
      PCMBuffer(sampleRate: FliteService.sampleRate, samples: samples), soundShare: Self.soundShare)
    guard !speech.samples.isEmpty else { throw .unsupported("text without words that \(voice) can say") }
    return speech
  }

  private func response(to request: EngineMessage) throws(EngineError) -> EngineMessage {
    let bytes: [UInt8]
    do throws(ChildFailure) { bytes = try children.response(to: request.bytes) } catch { throw Self.fault(error) }
    guard let answer = EngineMessage(bytes), let kind = FliteService.Kind(rawValue: answer.kind) else {
      throw .crashed("flite gave an answer that cannot be read")
    }
    switch kind {
    case .ready, .speech: return answer
    case .missing: throw .modelUnavailable(path: answer.texts.first ?? "libflite.so.1")
    case .fault: throw .crashed(answer.texts.first ?? "flite gave no sound")
    }
  }

  /// Why flite gave no answer.
  private static func fault(_ failure: ChildFailure) -> EngineError {
    switch failure {
    case .timedOut(let limit): .timedOut(limit: .milliseconds(limit.milliseconds))
    case .overloaded(let limit): .overloaded(queue: "flite", limit: limit)
    case .requestTooLarge: .unsupported("a text that is too long: flite \(failure)")
    case .notStarted, .ended, .badAnswer, .unwanted, .refused: .crashed("flite \(failure)")
    }
  }
}
