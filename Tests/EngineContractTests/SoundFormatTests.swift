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
    let back = try Self.sounds.decode(ogg(speech, pieces: pieces), secondsMax: 60).audio
    let original = try EngineHarness.heard(speech)
    #expect(back.sampleRate == 16_000 && abs(back.samples.count - original.count) <= 2)
    #expect(abs(Self.lag(original, back.samples)) <= 32, "\(Self.lag(original, back.samples)) samples")
    let heard = try EngineHarness.catalog.recognizer().transcribe(back.samples)
    #expect(WordErrorRate(reference: ContractSentences.all[0], heard: heard).rate <= 0.1)
  }

  @Test(
    "speech survives each compressed format: its words, and its length to 100 ms", arguments: CompressedFormat.allCases)
  func compressed(format: CompressedFormat) throws {
    let speech = try Self.sounds.resample(try Self.speech.get(), to: 24_000)
    let original = try EngineHarness.heard(speech)
    let whole = try Self.sounds.encode(speech, as: format, isWhole: true)
    let back = try Self.sounds.decode(whole, secondsMax: 60)
    #expect(back.sampleRate == 24_000 && back.channels == 1 && back.audio.sampleRate == 16_000)
    #expect(abs(back.audio.samples.count - original.count) <= 16 * 100)
    let heard = try EngineHarness.catalog.recognizer().transcribe(back.audio.samples)
    #expect(WordErrorRate(reference: ContractSentences.all[0], heard: heard).rate <= 0.1, "\(heard)")
    guard format.isStreamable else { return }
    let piece = try Self.sounds.encode(speech, as: format, isWhole: false)
    let twice = try Self.sounds.decode(piece + piece, secondsMax: 60).audio
    #expect(abs(twice.samples.count - 2 * original.count) <= 16 * 200)
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
    #expect(throws: SoundFault.self) { _ = try Self.sounds.decode(bytes, secondsMax: 1) }
  }

  @Test("files that are cut off, changed, or made up are read or refused, and nothing traps")
  func random() throws {
    let speech = try Self.speech.get()
    let files =
      try [ogg(speech)]
      + CompressedFormat.allCases.map { try Self.sounds.encode(speech, as: $0, isWhole: true) }
    var generator = SystemRandomNumberGenerator()
    for round in 0..<400 {
      var bytes = files[round % files.count]
      if round % 3 == 0 { bytes.removeLast(Int.random(in: 1..<bytes.count, using: &generator)) }
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
