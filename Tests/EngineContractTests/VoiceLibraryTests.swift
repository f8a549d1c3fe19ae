import CallCore
import CallDriver
import Engines
import Testing

/// What is promised of each voice that is made from the neural one.
@Suite("The library of voices")
struct VoiceLibraryTests {
  private static let catalog = EngineHarness.catalog
  static let derived = catalog.voices.filter { $0.engine == "hibari" }
  /// Three sentences hold enough voiced pieces for a median.
  private static let pitchSentences = ContractSentences.all.prefix(3)

  private static func spoken(_ voice: Voice) throws -> PCMBuffer {
    let synthesizer = try catalog.synthesizer()
    var samples: [Int16] = []
    for sentence in pitchSentences { samples += try synthesizer.synthesize(sentence, voice: voice.id).samples }
    return PCMBuffer(sampleRate: voice.sampleRate, samples: samples)
  }

  @Test("has 81 voices and more, each with a name, a language tag, a gender and a sentence of its own")
  func entries() {
    let voices = Self.catalog.voices
    #expect(voices.count >= 81)
    #expect(Self.derived.count >= 15)
    for voice in voices {
      #expect(!voice.name.isEmpty && !voice.language.isEmpty && voice.description.hasSuffix("."), "\(voice.id)")
      #expect(["female", "male", "neutral"].contains(voice.gender), "\(voice.id)")
    }
    let texts = Set(voices.map { "\($0.name) \($0.description)" })
    #expect(texts.count == voices.count, "no two are described alike")
  }

  @Test("a neural voice's words are understood, at most 5 in 100 wrong", arguments: derived)
  func understood(voice: Voice) throws {
    let synthesizer = try Self.catalog.synthesizer()
    let recognizer = try Self.catalog.recognizer()
    var errors = WordErrorRate(reference: "", heard: "")
    for sentence in ContractSentences.all {
      let heard = try recognizer.transcribe(EngineHarness.heard(synthesizer.synthesize(sentence, voice: voice.id)))
      errors = errors + WordErrorRate(reference: sentence, heard: heard)
    }
    #expect(errors.rate <= 0.05, "\(voice.id): \(errors)")
  }

  @Test("a neural voice's median pitch is the declared one within 10 %", arguments: derived)
  func pitch(voice: Voice) throws {
    let declared = Double(try #require(voice.pitchHz))
    let measured = PitchMeter.median(try Self.spoken(voice))
    #expect(abs(measured / declared - 1) < 0.1, "\(voice.id): \(measured) Hz, declared \(declared)")
  }

  @Test("any two neural voices differ by 5 % in pitch or by 8 % in time")
  func distinct() throws {
    let spoken = try Self.derived.map { ($0, try Self.spoken($0)) }
    for (index, (one, sound)) in spoken.enumerated() {
      for (other, otherSound) in spoken[(index + 1)...] {
        let pitch = PitchMeter.median(sound) / PitchMeter.median(otherSound)
        let time = Double(sound.microseconds) / Double(otherSound.microseconds)
        #expect(
          max(pitch, 1 / pitch) > 1.05 || max(time, 1 / time) > 1.08, "\(one.id) and \(other.id): \(pitch), \(time)")
      }
    }
  }

  @Test("a shape outside its ranges is brought into them")
  func shapes() throws {
    let synthesizer = try Self.catalog.synthesizer()
    #expect(synthesizer.takesShapes)
    let wild = VoiceShape(pitch: 9, formants: 9, pace: 9)
    let text = ContractSentences.all[0]
    let isSame =
      try synthesizer.synthesize(text, shape: wild, style: .plain)
      == synthesizer.synthesize(text, shape: wild.clamped, style: .plain)
    #expect(isSame)
    #expect(
      try synthesizer.synthesize(text, shape: .plain, style: .plain) == synthesizer.synthesize(text, voice: "heart"))
  }

  @Test(
    "what is nearly a voice's name finds it",
    arguments: [
      ("hart", "heart"), ("heart-lo", "heart-low"), ("Heart-Low", "heart-low"), ("espeak:en-uk", "espeak:en-us"),
      ("sopran", "heart-soprano"),
    ])
  func near(name: String, found: String) {
    #expect(VoiceSearch.near(name, in: Self.catalog.voices).contains(found))
    #expect(VoiceSearch.near("zzzzzzzzzzzz", in: Self.catalog.voices).isEmpty)
    #expect(VoiceSearch.near(String(repeating: "a", count: 5000), in: Self.catalog.voices).isEmpty)
  }

  @Test("a filter takes a language with its regions, and everything that it says must hold")
  func filter() {
    let voices = Self.catalog.voices
    let english = voices.filter(VoiceFilter(language: "EN").matches)
    #expect(english.allSatisfy { $0.language.hasPrefix("en") } && english.count > 20)
    let british = voices.filter(VoiceFilter(language: "en-gb").matches)
    #expect(british.count < english.count && british.allSatisfy { $0.language.hasPrefix("en-GB") })
    let women = voices.filter(VoiceFilter(language: "en", gender: "Female", engine: "hibari").matches)
    #expect(!women.isEmpty && women.allSatisfy { $0.gender == "female" && $0.engine == "hibari" })
  }
}
