import CallCore
import CallDriver
import Engines
import Synchronization
import Testing

/// Models that an operator brings along: copies of those of the engine folder, and tiny ones of sorts of which none is at hand.
@Suite("Models of one's own")
struct OwnModelTests {
  private static let sentence = "Hello, would you please hold the line?"

  @Test("every file and setting of every family has its field in the library's configuration")
  func table() {
    for family in ModelFamily.all {
      #expect(family.unknownFields.isEmpty, "\(family.id): \(family.unknownFields)")
      #expect(!family.fileSets.isEmpty && family.missing(among: family.fileSets[0]).isEmpty)
    }
    #expect(Set(ModelFamily.all.map { "\($0.kind) \($0.id)" }).count == ModelFamily.all.count)
    #expect(Set(ModelFamily.all.map(\.kind)) == Set(ModelKind.allCases))
  }

  @Test("a recogniser is used for its languages, and the built-in one for all others")
  func recognizer() throws {
    let folder = try OwnModelFolder()
    let catalog = EngineCatalog(own: try folder.german())
    try catalog.expectModel()
    let speech = try EngineHarness.heard(catalog.synthesizer().synthesize(Self.sentence, voice: "heart"))
    let recognizer = try catalog.recognizer()
    for (language, word) in [("de", "bitte"), ("de-AT", "bitte"), ("DE", "bitte"), ("en", "please"), ("fr", "please")] {
      let heard = try recognizer.transcribe(speech, language: language, cancellation: CancellationToken())
      #expect(heard.contains(word), "\(language): \(heard)")
    }
    #expect(try recognizer.transcribe(speech).contains("please"))
  }

  @Test("of several recognisers the one that has the very tag is used, then the first that has the language")
  func choice() throws {
    let choice = { (name: String, languages: [String]) in
      LanguageRecognizer.Choice(languages, .ready(FixedRecognizer(says: name)))
    }
    let choices = [
      choice("first", ["de-CH", "fr"]), choice("second", ["de"]), choice("third", ["DE-at", "en"]),
      LanguageRecognizer.Choice(["nl"], .tried(name: "dutch")),
    ]
    let recognizer = LanguageRecognizer({ choices }, usual: FixedRecognizer(says: "usual"))
    for (language, expected) in [
      ("de", "second"), ("de-AT", "third"), ("de-CH", "first"), ("de-DE", "first"), ("fr-CA", "first"), ("en", "third"),
      ("it", "usual"), ("", "usual"),
    ] {
      #expect(try recognizer.transcribe([], language: language, cancellation: CancellationToken()) == expected)
    }
    #expect(try recognizer.transcribe([]) == "third")
    let english = LanguageRecognizer.Choice(["en"], .tried(name: "english"))
    let early = LanguageRecognizer({ [english] }, usual: FixedRecognizer(says: "usual"))
    #expect(try early.transcribe([]) == "usual", "which understands English, too")
    let refusal = EngineError.unsupported("the model dutch of the language nl-BE is still being tried")
    #expect(throws: refusal, "the usual one would hear English words") {
      try recognizer.transcribe([], language: "nl-BE", cancellation: CancellationToken())
    }
  }

  @Test("a copy of the neural voice under another name is listed, and speaks the same")
  func voice() throws {
    let folder = try OwnModelFolder()
    let catalog = EngineCatalog(own: .hibariVoice("fenrir", path: try folder.copy("hibari/hibari.onnx")))
    let voice = try #require(catalog.voices.first { $0.id == "fenrir" })
    #expect(voice.engine == "hibari" && voice.gender == "male" && voice.sampleRate == 24_000)
    #expect(catalog.voices.first?.id == "heart")
    let synthesizer = try catalog.synthesizer()
    #expect(synthesizer.voices.map(\.id) == catalog.voices.map(\.id))
    let isSame =
      try synthesizer.synthesize(Self.sentence, voice: "fenrir")
      == synthesizer.synthesize(Self.sentence, voice: "heart")
    #expect(isSame)
    #expect(try catalog.synthesizer(for: "fenrir").voices.map(\.id) == ["fenrir"])
  }

  @Test("a turn detector takes the place of the built-in one")
  func turnDetector() throws {
    let folder = try OwnModelFolder()
    let file = try folder.copy("smart-turn/smart-turn-v3.2-cpu.onnx")
    let catalog = EngineCatalog(own: try folder.model("turns", .turnDetector, "smart-turn", ["model": file]))
    try catalog.expectModel()
    let own = try #require(catalog.turnDetector as? SmartTurnDetector)
    // Loaded for the trial, while the built-in one waits for its first question.
    #expect(own.isLoaded)
    let noise = TestSound.noise(samples: 16_000, amplitude: 300)
    #expect(try own.completeness(of: noise) == EngineHarness.catalog.turnDetector.completeness(of: noise))
  }

  /// Loud, quiet, loud, quiet: half a second each.
  private static let bursts: [Int16] = {
    let (loud, quiet) = (TestSound.noise(samples: 8000, amplitude: 8000), [Int16](repeating: 0, count: 8000))
    return loud + quiet + loud + quiet
  }()

  @Test("a streaming recogniser tells words while they are spoken, and in the end those of the whole turn")
  func streaming() throws {
    let folder = try OwnModelFolder()
    let catalog = EngineCatalog(own: try folder.streaming())
    try catalog.expectModel()
    let recognizer = try catalog.recognizer()
    let words = { (seconds: Double) in
      try recognizer.transcribeSoFar(
        Array(Self.bursts.prefix(Int(seconds * 16_000))), language: "de", cancellation: CancellationToken())
    }
    #expect(try words(0.1) == "")
    #expect(try words(0.9) == "hello")
    #expect(try words(1.9) == "hello hello")
    #expect(try words(0.9) == "hello", "a shorter turn is another one")
    let whole = try recognizer.transcribe(Self.bursts, language: "de", cancellation: CancellationToken())
    #expect(whole == "hello hello")
    #expect(try recognizer.transcribe([0], language: "de", cancellation: CancellationToken()) == "")
  }

  @Test("a streaming recogniser keeps the turns of many callers apart, and forgets the oldest of too many")
  func manyTurns() throws {
    let folder = try OwnModelFolder()
    let recognizer = try EngineCatalog(own: try folder.streaming()).recognizer()
    let words = try TestThreads.run(8) { number in
      try (0..<40).map { turn in
        // Each begins with another sample.
        let sound = [Int16(number * 100 + turn + 1)] + Self.bursts
        let parts = [10_000, 30_000].map { Array(sound.prefix($0)) }
        let soFar = try parts.map {
          try recognizer.transcribeSoFar($0, language: "de", cancellation: CancellationToken())
        }
        // Every second caller goes away here: such turns fill the list.
        return turn % 2 == 0
          ? soFar : try soFar + [recognizer.transcribe(sound, language: "de", cancellation: CancellationToken())]
      }
    }
    for found in words.joined() {
      #expect(found == Array(["hello", "hello hello", "hello hello"].prefix(found.count)))
    }
    #expect(words.count == 8)
  }

  @Test("a denoiser takes noise down by 12 dB at most before words are recognised")
  func denoiser() throws {
    let folder = try OwnModelFolder()
    let model = try folder.denoiser()
    let catalog = EngineCatalog(own: model)
    try catalog.expectModel()
    let tone = TestSound.tone(hertz: 440, sampleRate: 16_000, samples: 16_000)
    let denoiser = try SherpaDenoiser(model, folder: EngineHarness.folder)
    let clean = try denoiser.denoise(tone)
    #expect(clean.count == tone.count)
    // Half of it is called noise, of which a quarter comes back: 0.5 + 0.25 × 0.5.
    for index in stride(from: 2000, to: 14_000, by: 7) {
      #expect(abs(Double(clean[index]) - 0.625 * Double(tone[index])) < 20, "\(index)")
    }
    #expect(try denoiser.denoise([]) == [])
    let speech = try EngineHarness.heard(catalog.synthesizer().synthesize(Self.sentence, voice: "heart"))
    #expect(try catalog.recognizer().transcribe(speech).contains("please"))
  }

  /// What a catalog told, and a clock.
  private final class Kept: Sendable {
    let texts = Mutex<[String]>([])
    let now = Atomic<UInt64>(0)
  }

  @Test("a turn that a denoiser fails with is recognised as it came, and that is told once")
  func failingDenoiser() throws {
    let folder = try OwnModelFolder()
    let kept = Kept()
    let models = ModelList(models: [try folder.denoiser(.quietDenoiser)])
    let catalog = EngineCatalog(folder: EngineHarness.folder, models: models) { text in
      kept.texts.withLock { $0.append(text) }
    }
    try catalog.expectModel()
    let speech = try EngineHarness.heard(catalog.synthesizer().synthesize(Self.sentence, voice: "heart"))
    for recognizer in [try catalog.recognizer(), try catalog.recognizer()] {
      #expect(try recognizer.transcribe(speech) == EngineHarness.catalog.recognizer().transcribe(speech))
    }
    let told = kept.texts.withLock { $0 }
    #expect(told.count == 1 && told[0].hasPrefix("quiet failed, "), "\(told)")
  }

  @Test("a denoiser that makes no numbers of silence is refused")
  func silentDenoiser() throws {
    let folder = try OwnModelFolder()
    let found = try EngineCatalog(own: folder.denoiser(.loudDenoiser)).stateOfModel()
    #expect(found.state == .failed && found.detail.contains("gives no numbers"), "\(found)")
  }

  @Test("a streaming recogniser forgets turns of which no more comes for as long as a turn can be")
  func oldTurns() throws {
    let folder = try OwnModelFolder()
    let kept = Kept()
    let recognizer = try SherpaStreamingRecognizer(
      folder.streaming(), library: "\(EngineHarness.folder.path)/lib/libsherpa-onnx-c-api.so",
      now: { kept.now.load(ordering: .relaxed) })
    let hear = { (first: Int16) in
      try recognizer.transcribeSoFar([first] + Self.bursts, language: "de", cancellation: CancellationToken())
    }
    for first in 1...3 { #expect(try hear(Int16(first)) == "hello hello") }
    #expect(recognizer.turnsKept == 3)
    kept.now.store(30_000_000, ordering: .relaxed)
    #expect(try hear(1) == "hello hello", "just in time")
    #expect(recognizer.turnsKept == 3)
    kept.now.store(30_000_001, ordering: .relaxed)
    #expect(try hear(4) == "hello hello")
    #expect(recognizer.turnsKept == 2, "the first and the fourth")
  }

  @Test("a speaker embedding of one's own says how alike voices are, in place of the built-in one")
  func speakers() throws {
    let folder = try OwnModelFolder()
    let catalog = EngineCatalog(own: try folder.speakers())
    try catalog.expectModel()
    let comparer = try #require(catalog.speakerComparer)
    #expect(comparer.name == "voices")
    let noise = TestSound.noise(samples: 32_000, amplitude: 3000)
    let tone = TestSound.tone(hertz: 440, sampleRate: 16_000, samples: 32_000)
    #expect(try abs(comparer.similarity(of: noise, to: noise) - 1) < 1e-5)
    let other = try comparer.similarity(of: noise, to: tone)
    #expect((-1...0.99).contains(other), "\(other)")
    #expect(try comparer.similarity(of: tone, to: noise) == other)
    #expect(throws: EngineError.unsupported("voices in less than a second")) {
      try comparer.similarity(of: noise, to: Array(tone.prefix(15_000)))
    }
  }
}

/// Hears the same whatever is said.
private final class FixedRecognizer: SpeechRecognizer {
  private let text: String

  init(says text: String) { self.text = text }

  func transcribe(_ turn: [Int16]) throws(EngineError) -> String { text }
}
