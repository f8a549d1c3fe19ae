import CallDriver
import Testing

@Suite("Transcript check")
struct TranscriptCheckTests {
  /// A tone of so many seconds, in half a second of silence before and behind it.
  private func turn(_ seconds: Double) -> ArraySlice<Int16> {
    let silence = [Int16](repeating: 2, count: 8000)
    return (silence + (0..<Int(seconds * 16_000)).map { $0 % 16 < 8 ? 8000 : -8000 } + silence)[...]
  }

  @Test(
    "what was heard rightly is believed, half as fast again as people speak too",
    arguments: [
      ("One, two, three, four, five, six, seven, eight, nine, ten.", 1.72),
      ("One million, two hundred thousand.", 1.19),
      ("One, two, three, one, two, three, one, two, three.", 1.44), ("I said, no, no, no, no, no, no, no, no.", 1.17),
      ("No, no, no.", 0.41), ("Yes", 0.31), ("No,", 0.2), ("No no no no", 0.64), ("Five five five five.", 0.85),
      ("5, 5, 5, 5.", 0.9), ("Very very very very good", 1.04), ("777,777.", 1.9), ("1,000,000,000.", 0.5),
      ("10,000.", 0.5),
      ("My number is 555-012-3456.", 2.9), ("Bye bye", 0.59), ("", 1), ("...", 0.5), ("I would like to book an", 1.4),
    ])
  func believed(text: String, seconds: Double) {
    #expect(TranscriptCheck.verdict(on: text, of: turn(seconds)) == .believable)
  }

  @Test(
    "more than fits into the sound, and loops that break off, are not",
    arguments: [
      ("A hundred and one hundred and one hundred and one hundred", 0.82), ("11111111111111111111", 1.47),
      ("When Henry Powell and the President of the United States", 0.92), ("4711111111", 0.78), ("2.3444444", 0.74),
      ("One one one one one one one one one one one one one one one one one one one one one", 1.46),
      ("I'm going to go to the right corner. I'm going to go to the", 1.37), ("0000000000000000000000", 1.58),
      ("777,777,777,777,777,777,777,777,777,777,777,777,777,777,777", 4.08),
      ("9999999999999999999999999999999999", 2.4),
      ("The 17th of October, 17th of October, 17th of October, 17th of October, 1", 3.09),
      ("5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5,", 2.67), ("Bye bye bye bye bye bye", 0.99),
      ("Of the room, of the room, of the room, of the", 1.03), ("ありがとうございましたありがとうございましたありがとうございました", 1),
    ])
  func notBelieved(text: String, seconds: Double) {
    #expect(TranscriptCheck.verdict(on: text, of: turn(seconds)) == .impossible)
  }

  @Test(
    "digits that break off are looked at again", arguments: ["905-905-5", "0042 0042 0", "1234-234", "10,000", "4711"])
  func doubted(text: String) { #expect(TranscriptCheck.verdict(on: text, of: turn(1)) == .doubtful) }

  @Test("silence around speech is no time to speak in, and no speech takes no words")
  func silence() {
    let text = "One, two, three, four, five, six."
    let long = [Int16](repeating: 3, count: 80_000) + turn(0.4) + [Int16](repeating: 3, count: 80_000)
    #expect(TranscriptCheck.verdict(on: text, of: long[...]) == .impossible)
    #expect(TranscriptCheck.verdict(on: text, of: turn(1.2)) == .believable)
    #expect(TranscriptCheck.verdict(on: text, of: []) == .impossible)
    #expect(TranscriptCheck.verdict(on: text, of: [Int16](repeating: .min, count: 30_000)[...]) == .believable)
  }
}
