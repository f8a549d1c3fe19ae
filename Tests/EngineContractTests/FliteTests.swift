import CallCore
import CallDriver
import Engines
import Testing

/// What is promised of flite's voices.
@Suite("The voices of flite")
struct FliteTests {
  private static let catalog = EngineHarness.catalog
  static let voices = catalog.voices.filter { $0.engine == "flite" }

  @Test("are rms and awb")
  func list() { #expect(Self.voices.map(\.id) == ["flite:rms", "flite:awb"]) }

  @Test("are understood: at most 6 in 100 words of ten sentences wrong", arguments: voices)
  func understood(voice: Voice) throws {
    let synthesizer = try Self.catalog.synthesizer(for: voice.id)
    let recognizer = try Self.catalog.recognizer()
    var errors = WordErrorRate(reference: "", heard: "")
    for sentence in ContractSentences.all {
      let heard = try recognizer.transcribe(EngineHarness.heard(synthesizer.synthesize(sentence, voice: voice.id)))
      errors = errors + WordErrorRate(reference: sentence, heard: heard)
    }
    #expect(errors.rate <= 0.06, "\(voice.id): \(errors)")
    #expect(errors.referenceWords > 100)
  }

  @Test("have the pitch that is declared, within 10 %, and are neither silent nor clipped", arguments: voices)
  func sound(voice: Voice) throws {
    let synthesizer = try Self.catalog.synthesizer()
    let sounds = try ContractSentences.all.map { try synthesizer.synthesize($0, voice: voice.id) }
    let samples = sounds.flatMap(\.samples)
    let pitch = PitchMeter.median(PCMBuffer(sampleRate: voice.sampleRate, samples: samples))
    let declared = Double(try #require(voice.pitchHz))
    #expect(abs(pitch / declared - 1) < 0.1, "\(voice.id): \(pitch) Hz, declared \(declared)")
    for sound in sounds {
      let peak = sound.samples.map { Int($0.magnitude) }.max() ?? 0
      #expect((3000..<32_767).contains(peak), "\(voice.id): \(peak)")
    }
  }

  @Test("speak at the rate that is asked for", arguments: voices, [50, 200])
  func rate(voice: Voice, percent: Int) throws {
    let synthesizer = try Self.catalog.synthesizer()
    let sentence = ContractSentences.all[0]
    let usual = try synthesizer.synthesize(sentence, voice: voice.id)
    let bent = try synthesizer.synthesize(sentence, voice: voice.id, style: SpeakingStyle(ratePercent: percent))
    let factor = Double(usual.microseconds) / Double(bent.microseconds) * 100 / Double(percent)
    #expect(abs(factor - 1) < 0.1, "\(voice.id): \(factor)")
  }

  @Test("refuse a pitch that they do not have", arguments: voices)
  func pitch(voice: Voice) throws {
    #expect(throws: EngineError.unsupported("the voice \(voice.id) at another pitch")) {
      _ = try Self.catalog.synthesizer().synthesize(
        "Hello.", voice: voice.id, style: SpeakingStyle(pitchPercent: 120))
    }
  }

  @Test(
    "any text is spoken or refused, and the next one is spoken",
    arguments: [
      "é ü ñ", "你好 hello", "😀 hello", String(repeating: "a", count: 500), String(repeating: "A.", count: 85),
      "1e999999 $$$ %%%", "x" + String(repeating: "'x", count: 60), "12/34/5678 st. dr.", "<speak>hi</speak>",
      "%s%n hello",
    ])
  func anyText(text: String) throws {
    let synthesizer = try Self.catalog.synthesizer(for: "flite:rms")
    do throws(EngineError) { _ = try synthesizer.synthesize(text, voice: "flite:rms") } catch {
      #expect("\(error)".hasPrefix("flite ") || "\(error)".hasPrefix("text without words"), "\(error)")
    }
    #expect(try !synthesizer.synthesize("Hello.", voice: "flite:rms").samples.isEmpty)
  }
}
