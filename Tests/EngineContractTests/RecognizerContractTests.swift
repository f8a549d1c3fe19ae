import CallCore
import CallDriver
import Engines
import Glibc
import Synchronization
import Testing

/// What every recogniser owes. Add a recogniser to `EngineHarness.recognizers` and it is held to the same.
@Suite("Every recogniser")
struct RecognizerContractTests {
  /// The opening of Dickens' A Tale of Two Cities (1859), which `two_cities.wav` reads out.
  private static let twoCities = """
    It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness, it was the \
    epoch of belief, it was the epoch of incredulity, it was the season of Light, it was the season of Darkness, it was the \
    spring of hope, it was the winter of despair, we had everything before us, we had nothing before us, we were all going \
    direct to Heaven, we were all going direct the other way - in short, the period was so far like the present period, that \
    some of its noisiest authorities insisted on its being received, for good or for evil, in the superlative degree of \
    comparison only.
    """

  @Test(
    "hears a human reader of 44 s in parts, with at most 10 % of the words wrong", arguments: EngineHarness.recognizers)
  func humanReader(name: String) throws {
    let recognizer = try EngineHarness.recognizer(name)
    let turn = try EngineHarness.heard(EngineHarness.clip("two_cities.wav"))
    let parts = SegmentSplitter.split(turn)
    #expect(parts.count >= 5)
    let heard = try recognizer.transcribe(turn)
    let errors = WordErrorRate(reference: Self.twoCities, heard: heard)
    #expect(errors.rate <= 0.10, "heard: \(heard)")
  }

  @Test("hears the synthesised sentences with at most 5 % of the words wrong", arguments: EngineHarness.recognizers)
  func roundTrip(name: String) throws {
    let recognizer = try EngineHarness.recognizer(name)
    let synthesizer = try EngineHarness.catalog.synthesizer(for: "heart")
    var errors = WordErrorRate(reference: "", heard: "")
    for sentence in ContractSentences.all {
      let speech = try synthesizer.synthesize(sentence, voice: "heart")
      let heard = try recognizer.transcribe(EngineHarness.heard(speech))
      errors = errors + WordErrorRate(reference: sentence, heard: heard)
    }
    #expect(errors.rate <= 0.05, "\(errors)")
    #expect(errors.referenceWords > 100)
  }

  @Test(
    "hears speech over a telephone line, 8 kHz µ-law, with at most 5 % of the words wrong",
    arguments: EngineHarness.recognizers)
  func telephone(name: String) throws {
    let recognizer = try EngineHarness.recognizer(name)
    let format = AudioFormat(codec: .mulaw, sampleRate: 8000)
    let synthesizer = try EngineHarness.catalog.synthesizer(for: "heart")
    var errors = WordErrorRate(reference: "", heard: "")
    for sentence in ContractSentences.all {
      let speech = try synthesizer.synthesize(sentence, voice: "heart")
      let heard = try recognizer.transcribe(CodecHarness.decoded(CodecHarness.encoded(speech, format), format))
      errors = errors + WordErrorRate(reference: sentence, heard: heard)
    }
    #expect(errors.rate <= 0.05, "\(errors)")
  }

  @Test(
    "says nothing for silence and for no samples", arguments: [0, 1, 160, 1600, 16000, 80000], EngineHarness.recognizers
  )
  func silence(samples: Int, name: String) throws {
    #expect(try EngineHarness.recognizer(name).transcribe([Int16](repeating: 0, count: samples)) == "")
  }

  @Test(
    "makes at most two words of 3 s of noise; a detector in front must stop those", arguments: EngineHarness.recognizers
  )
  func noise(name: String) throws {
    let heard = try EngineHarness.recognizer(name).transcribe(TestSound.noise(samples: 48000, amplitude: 1000))
    #expect(WordErrorRate.words(of: heard).count <= 2, "heard: \(heard)")
  }

  @Test(
    "says no more than was said where it would go round in circles", arguments: EngineHarness.recognizers,
    ["heart", "heart-low", "heart-soprano", "espeak:en-us", "espeak:en-gb+f3"])
  func loops(name: String, voice: String) throws {
    let recognizer = try EngineHarness.recognizer(name)
    let synthesizer = try EngineHarness.catalog.synthesizer(for: voice)
    for text in [
      "one one one one one one", "zero zero zero zero", "nine nine nine nine nine nine nine nine nine nine",
      "one two three one two three one two three", "nine zero five",
      "seven hundred and seventy seven thousand seven hundred and seventy seven",
    ] {
      let speech = try synthesizer.synthesize(text, voice: voice)
      let turn = try EngineHarness.heard(speech)
      let heard = try recognizer.transcribe(turn)
      // Digits fill slots, and must be about as many as were said. Words that were misheard may be others and a few more; what is made
      // of eSpeak NG's voices, which are hard to understand, need only fit into the sound.
      let said = WordErrorRate.words(of: text).count
      let digits = heard.count(where: \.isNumber)
      #expect(digits <= said + 3, "\(text): \(heard)")
      if digits == 0, !voice.hasPrefix("espeak:") {
        #expect(WordErrorRate.words(of: heard).count <= 2 * said + 3, "\(text): \(heard)")
      }
      #expect(TranscriptCheck.isBelievable(heard, of: turn[...]), "\(text): \(heard)")
    }
  }

  @Test(
    "hears digits and repeated words that are said twice as fast, and many words in a short time",
    arguments: EngineHarness.recognizers,
    [
      "five five five five", "no no no", "no no no no", "yes", "one two three four five six seven eight nine ten",
      "zero zero four two", "one two three one two three one two three",
      "Could you please tell me your name and your date of birth?",
      "Is there anything else that I can help you with today?",
    ])
  func quick(name: String, text: String) throws {
    let recognizer = try EngineHarness.recognizer(name)
    let synthesizer = try EngineHarness.catalog.synthesizer(for: "heart")
    for rate in [150, 200] {
      let speech = try synthesizer.synthesize(text, voice: "heart", style: SpeakingStyle(ratePercent: rate))
      let heard = try recognizer.transcribe(EngineHarness.heard(speech))
      #expect(!heard.isEmpty, "\(rate) %")
      // Written digits are as good as words, and are none of the reference's.
      guard text.count > 40, !heard.contains(where: \.isNumber) else { continue }
      #expect(WordErrorRate(reference: text, heard: heard).rate <= 0.2, "\(rate) %: \(heard)")
    }
  }

  @Test("four threads that share it hear the same", arguments: EngineHarness.recognizers)
  func threads(name: String) throws {
    let recognizer = try EngineHarness.recognizer(name)
    let synthesizer = try EngineHarness.catalog.synthesizer(for: "heart")
    let turns = try ContractSentences.all.prefix(4).map {
      try EngineHarness.heard(synthesizer.synthesize($0, voice: "heart"))
    }
    let alone = try turns.map { try recognizer.transcribe($0) }
    let together = try TestThreads.run(4) { [recognizer] _ in try turns.map { try recognizer.transcribe($0) } }
    #expect(together == Array(repeating: alone, count: 4))
  }

  @Test("parts cover a turn without gap and are never longer than 10 s", arguments: [0, 1, 160_000, 160_001, 400_000])
  func parts(samples: Int) {
    let parts = SegmentSplitter.split(TestSound.noise(samples: samples, amplitude: 3000))
    #expect(parts.allSatisfy { $0.count <= SegmentSplitter.samplesMax && !$0.isEmpty })
    #expect(parts.reduce(0) { $0 == $1.lowerBound ? $1.upperBound : -1 } == samples)
  }

  @Test("a turn of 25 s is cut in its pauses")
  func cutInPause() {
    var turn = TestSound.noise(samples: 400_000, amplitude: 3000)
    for pause in [120_000, 250_000] { for index in pause..<(pause + 3200) { turn[index] = 0 } }
    let cuts = SegmentSplitter.split(turn).dropLast().map(\.upperBound)
    #expect(cuts.count == 2)
    for (cut, pause) in zip(cuts, [120_000, 250_000]) { #expect((pause..<(pause + 3200)).contains(cut)) }
  }
}
