import CallCore
import CallDriver
import Engines
import Testing

@Suite("Sound files")
struct SoundFormatTests {
  private static let sounds = EngineHarness.catalog.sounds

  private func ogg(_ speech: PCMBuffer, pieces: Int = 3) throws -> [UInt8] {
    let writer = try Self.sounds.makeOggWriter(sampleRate: speech.sampleRate)
    let size = speech.samples.count / pieces + 1
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: speech.samples.count, by: size) {
      let piece = speech.samples[start..<min(start + size, speech.samples.count)]
      bytes += try writer.append(PCMBuffer(sampleRate: speech.sampleRate, samples: Array(piece)))
    }
    return bytes + (try writer.finish())
  }

  private static let speech = Result {
    try EngineHarness.catalog.synthesizer().synthesize(ContractSentences.all[0], voice: "heart")
  }

  @Test("speech survives Opus in Ogg: its length to the sample, its place to 2 ms, its words", arguments: [1, 3, 50])
  func roundTrip(pieces: Int) throws {
    let speech = try Self.speech.get()
    let back = try Self.sounds.readOgg(ogg(speech, pieces: pieces), secondsMax: 60)
    let original = try EngineHarness.heard(speech)
    #expect(back.sampleRate == 16_000 && abs(back.samples.count - original.count) <= 2)
    #expect(abs(Self.lag(original, back.samples)) <= 32, "\(Self.lag(original, back.samples)) samples")
    let heard = try EngineHarness.catalog.recognizer().transcribe(back.samples)
    #expect(WordErrorRate(reference: ContractSentences.all[0], heard: heard).rate <= 0.1)
  }

  /// By how many samples `other` is later than `one`.
  private static func lag(_ one: [Int16], _ other: [Int16]) -> Int {
    let middle = one.count / 3..<(one.count / 3 + 8000)
    return (-400...400).max { first, second in
      func likeness(_ lag: Int) -> Int { middle.reduce(0) { $0 + Int(one[$1]) * Int(other[$1 + lag]) } }
      return likeness(first) < likeness(second)
    } ?? 0
  }

  @Test("sox, or any other reader of pages, finds an Opus head of 24 kHz and one channel")
  func head() throws {
    let bytes = try ogg(try Self.speech.get())
    #expect(bytes.starts(with: "OggS".utf8))
    let head = Array("OpusHead".utf8) + [1, 1]
    let place = try #require(bytes.firstRange(of: head))
    #expect(Array(bytes[(place.upperBound + 2)..<(place.upperBound + 6)]) == [0xC0, 0x5D, 0, 0], "24000")
  }

  @Test("a longer sound than is taken is refused")
  func tooLong() throws {
    let bytes = try ogg(try Self.speech.get())
    #expect(throws: SoundFault.self) { _ = try Self.sounds.readOgg(bytes, secondsMax: 1) }
  }

  @Test("some bytes between pages are passed over; what begins like a page over and over is refused")
  func falsePages() throws {
    let whole = try ogg(try Self.speech.get())
    let page = Array("OggS".utf8)
    let second = try #require(whole[4...].firstRange(of: page)).lowerBound
    let falsePage = page + [0xFF, 0xFF, 0xFF]
    func falsePages(_ count: Int) -> [UInt8] { Array([[UInt8]](repeating: falsePage, count: count).joined()) }
    let (first, rest) = (Array(whole[..<second]), Array(whole[second...]))
    let some = first + [1, 2, 3] + rest
    #expect(try Self.sounds.readOgg(some, secondsMax: 60) == Self.sounds.readOgg(whole, secondsMax: 60))
    let many = falsePages(20_000)  // longer than any page
    #expect(throws: SoundFault("the Ogg file is damaged: it is not made of pages")) {
      _ = try Self.sounds.readOgg(first + many + rest, secondsMax: 60)
    }
    #expect(throws: SoundFault.self) { _ = try Self.sounds.readOgg(many, secondsMax: 60) }
  }

  @Test("files that are cut off, changed, or made up are read or refused, and nothing traps")
  func random() throws {
    let whole = try ogg(try Self.speech.get())
    var generator = SystemRandomNumberGenerator()
    for round in 0..<400 {
      var bytes = whole
      if round % 2 == 0 { bytes.removeLast(Int.random(in: 1..<bytes.count, using: &generator)) }
      for _ in 0..<(round % 7) where !bytes.isEmpty {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      do throws(SoundFault) {
        #expect(!(try SoundReader(formats: Self.sounds, secondsMax: 60).read(bytes)).samples.isEmpty)
      } catch {
        #expect(!error.description.isEmpty)
      }
    }
    for bytes in [[], Array("OggS".utf8), [UInt8](repeating: 0x4F, count: 5000)] {
      #expect(throws: SoundFault.self) { _ = try SoundReader(formats: Self.sounds, secondsMax: 60).read(bytes) }
    }
  }

  @Test(
    "stretched speech has the length asked for and its own pitch, and is understood", arguments: [50, 70, 140, 200])
  func stretch(rate: Int) throws {
    let speech = try Self.speech.get()
    let stretched = TimeStretch.stretch(speech, ratePercent: rate)
    #expect(abs(stretched.samples.count * rate / 100 - speech.samples.count) < speech.sampleRate / 50)
    // Slow speech has more pieces whose pitch can be measured than quick speech, so the engine's own at that rate is compared.
    let own = try EngineHarness.catalog.synthesizer().synthesize(
      ContractSentences.all[0], voice: "heart", style: SpeakingStyle(ratePercent: rate))
    #expect(abs(PitchMeter.median(stretched) / PitchMeter.median(own) - 1) < 0.06)
    let heard = try EngineHarness.catalog.recognizer().transcribe(EngineHarness.heard(stretched))
    #expect(
      WordErrorRate(reference: ContractSentences.all[0], heard: heard).rate <= (rate > 150 ? 0.5 : 0.12), "\(heard)")
  }

  @Test("languages without blanks are cut, not cut off")
  func unbroken() {
    let text = String(repeating: "你好，今天天气很好。", count: 100)
    let pieces = SpokenParagraph.pieces(of: text)
    #expect(pieces.joined() == text)
    #expect(pieces.allSatisfy { $0.count <= SpokenParagraph.pieceMax })
    #expect(SpokenParagraph.pieces(of: String(repeating: "a", count: 1000)).joined().count == 1000)
  }
}
