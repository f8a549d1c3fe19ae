import CallCore
import Simulation
import Testing

@Suite("Where a track is audible")
struct SpeechFinderTests {
  @Test("The edges of a sound are found to 5 ms, wherever they lie", arguments: [0, 1, 79, 80, 4_011, 15_999])
  func edges(first: Int) throws {
    var sound = Sound(milliseconds: 3000)
    sound.tone(amplitude: 8000, fromSample: first, toSample: first + 17_777)
    let spans = SpeechFinder.spans(in: sound.samples)
    #expect(spans.count == 1)
    let span = try #require(spans.first)
    #expect(abs(span.start.microseconds - Int64(first) * 1000 / 16) <= 5000)
    #expect(abs(span.end.microseconds - Int64(first + 17_777) * 1000 / 16) <= 5000)
  }

  @Test("A gap of 20 ms does not end a span, one of 25 ms does", arguments: [(20, 1), (25, 2), (200, 2)])
  func gaps(milliseconds: Int, count: Int) {
    var sound = Sound(milliseconds: 2000)
    sound.tone(amplitude: 8000, 500, 800)
    sound.tone(amplitude: 8000, 800 + milliseconds, 1500)
    #expect(SpeechFinder.spans(in: sound.samples).count == count)
  }

  @Test(
    "What is 26 dB below the loudest is heard, what is 34 dB below is a codec's ringing",
    arguments: [(400, 1), (160, 0)])
  func softness(amplitude: Double, count: Int) {
    var sound = Sound(milliseconds: 2000)
    sound.tone(amplitude: 8000, 200, 800)
    sound.tone(amplitude: amplitude, 1000, 1500)
    let later = SpeechFinder.spans(in: sound.samples).filter { $0.start >= StagedCall.at(900) }
    #expect(later.count == count)
  }

  @Test("A bang does not hide speech, and the noise of a codec alone is silence")
  func extremes() {
    var sound = Sound(milliseconds: 2000)
    sound.tone(amplitude: 40_000, 100, 150)
    sound.tone(amplitude: 700, 1000, 1500)
    #expect(SpeechFinder.spans(in: sound.samples).count == 2)
    var quiet = Sound(milliseconds: 1000)
    quiet.noise(amplitude: 15)
    #expect(SpeechFinder.spans(in: quiet.samples).isEmpty)
  }

  @Test("A soft caller is found, a click of 4 ms is not")
  func softAndShort() {
    var sound = Sound(milliseconds: 2000)
    sound.tone(amplitude: 80, 500, 1000)
    sound.tone(amplitude: 80, 1500, 1504)
    #expect(SpeechFinder.spans(in: sound.samples) == [StagedCall.span(500, 1000)])
  }

  @Test("An empty track and one shorter than a piece are silent")
  func nothing() {
    #expect(SpeechFinder.spans(in: []).isEmpty)
    #expect(SpeechFinder.spans(in: [Int16](repeating: 9000, count: 79)).isEmpty)
  }
}
