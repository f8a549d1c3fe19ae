import CallCore
import CallDriver
import Engines
import Testing

/// Texts that end eSpeak NG 1.51, or that were cut off. The process of these tests outlives them all.
@Suite("A text that does harm")
struct HarmfulTextTests {
  private let catalog = EngineHarness.catalog

  @Test(
    "of words that no language has is cut and spoken whole",
    arguments: ["heart", "heart-low", "espeak:en-us", "espeak:ar", "espeak:ko", "espeak:fr-fr", "espeak:da"],
    [String(repeating: "s'", count: 68), String(repeating: "A.", count: 150), String(repeating: "banana", count: 50)])
  func cut(voice: Voice.ID, text: String) throws {
    let synthesizer = try catalog.synthesizer()
    #expect(try synthesizer.synthesize(text, voice: voice).microseconds > 5_000_000)
    #expect(try synthesizer.synthesize("Hello there.", voice: voice).microseconds > 300_000)
  }

  @Test(
    "and ends the engine fails alone, and is not tried again",
    arguments: [
      ("espeak:shn", "1,000,000,000,000", 6), ("espeak:yue", "1,000,000,000,000", 6),
      ("espeak:ky", "s's's' s's's'", 11),
    ])
  func ends(voice: Voice.ID, text: String, signal: Int) throws {
    let synthesizer = try catalog.synthesizer(for: voice)
    #expect(throws: EngineError.crashed("eSpeak NG ended with signal \(signal)")) {
      _ = try synthesizer.synthesize(text, voice: voice)
    }
    #expect(
      throws: EngineError.crashed(
        "eSpeak NG ended with signal \(signal) at this request before; it is not tried again")
    ) {
      _ = try synthesizer.synthesize(text, voice: voice)
    }
    #expect(try !catalog.synthesizer().synthesize("Hello there.", voice: "espeak:en-us").samples.isEmpty)
    #expect(try !catalog.synthesizer().synthesize("Hello there.", voice: "heart").samples.isEmpty)
  }

  @Test("at once with a hundred others keeps none of them from being spoken")
  func crowd() throws {
    let synthesizer = try catalog.synthesizer()
    let spoken = try TestThreads.run(100) { number in
      guard number % 10 == 0 else {
        return try !synthesizer.synthesize("Sentence \(number).", voice: "espeak:en-us").samples.isEmpty
      }
      do {
        _ = try synthesizer.synthesize("1,000,000,000,000 \(number)", voice: "espeak:shn")
        return false
      } catch EngineError.crashed { return true }
    }
    #expect(spoken == Array(repeating: true, count: 100))
  }

  @Test(
    "leaves other words as they are",
    arguments: [
      "It's the fo'c's'le of rock'n'roll, isn't it?",
      "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
      "ภาษาไทยเป็นภาษาที่มีระดับเสียงของคำแน่นอนหรือวรรณยุกต์เช่นเดียวกับภาษาจีนและออกเสียงแยกคำต่อคำเป็นที่ลำบากของชาวต่างชาติ",
      "Write to jane.doe@example.com. Dr. Smith, 12 Main St., Apt. 4B",
    ])
  func whole(text: String) throws { #expect(try SpokenText(text).text == text) }

  @Test("without a mark for hundreds of words is spoken to its end")
  func unpunctuated() throws {
    let synthesizer = try catalog.synthesizer()
    // Few characters, many sounds: each number is nine words.
    let text = String(repeating: "7777 6666 5555 ", count: 10) + "and at last the river boat brings bananas"
    let whole = try synthesizer.synthesize(text, voice: "heart")
    let part = try synthesizer.synthesize("7777 6666 5555", voice: "heart")
    #expect(whole.microseconds > 10 * part.microseconds * 85 / 100)
    let end = PCMBuffer(sampleRate: whole.sampleRate, samples: Array(whole.samples.suffix(4 * whole.sampleRate)))
    let words = try catalog.recognizer().transcribe(EngineHarness.heard(end)).lowercased()
    #expect(words.contains("brings bananas"), "\(words)")
  }
}
