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
    "what was heard rightly is believed, at twice the rate that people speak at, too",
    arguments: [
      ("One, two, three, four, five, six, seven, eight, nine, ten.", 1.28), ("May 3rd, 1990.", 0.66), ("2026.", 0.52),
      ("Could you please tell me your name, your date of birth?", 1.12), ("A hundred and one.", 0.44),
      ("Is there anything else that I can help you with today?", 1.18), ("One million, two hundred thousand.", 0.86),
      ("I would like to change my appointment to next Thursday afternoon.", 1.58),
      ("No, no, no, no, no, no, no, no.", 0.76), ("Yes, yes, yes, yes, yes.", 0.66), ("1-234-5678-910.", 1.64),
      ("One, two, three, one, two, three, one, two, three.", 1.04), ("I said, no, no, no, no, no, no, no, no.", 1.06),
      ("No, no, no.", 0.41), ("Yes", 0.31), ("No,", 0.2), ("No no no no", 0.64), ("Five five five five.", 0.58),
      ("5, 5, 5, 5.", 0.9), ("Very, very, very, very good.", 0.74), ("777,777.", 1.9), ("1,000,000,000.", 0.5),
      ("10,000.", 0.4), ("My number is 555-012-3456.", 1.8), ("Bye bye", 0.3), ("", 1), ("...", 0.5),
      ("I would like to book an", 1.4),
    ])
  func believed(text: String, seconds: Double) {
    #expect(TranscriptCheck.isBelievable(text, of: turn(seconds)))
  }

  @Test(
    "more than fits into the sound, and loops and numbers that break off, are not",
    arguments: [
      ("A hundred and one hundred and one hundred and one hundred", 0.82), ("11111111111111111111", 1.47),
      ("When Henry Powell and the President of the United States", 0.92), ("4711111111", 0.78), ("2.3444444", 0.74),
      ("One one one one one one one one one one one one one one one one one one one one one", 1.46),
      ("She sells fresh bread. She's at the market every Saturday, Saturday, Saturday, Saturday.", 1.48),
      ("0000000000000000000000", 1.58),
      ("777,777,777,777,777,777,777,777,777,777,777,777,777,777,777", 4.08),
      ("9999999999999999999999999999999999", 2.4), ("9999999999999999999999999999999999.", 2.4),
      ("The 17th of October, 17th of October, 17th of October, 17th of October, 1", 3.09),
      ("5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5,", 2.67), ("Bye bye bye bye bye bye", 0.99),
      ("Of the room, of the room, of the room, of the", 1.03), ("ありがとうございましたありがとうございましたありがとうございました", 0.7),
      ("905-905-5", 1), ("0042 0042 0", 1), ("1234-234", 1), ("10,000", 1), ("4711", 1), ("The 2020-", 1),
      ("905-905-9050.", 1.06), ("0042-2222.", 0.78), ("2022. 2022.", 0.86), ("1-31-31-3123.", 1.04),
    ])
  func notBelieved(text: String, seconds: Double) {
    #expect(!TranscriptCheck.isBelievable(text, of: turn(seconds)))
  }

  @Test("silence around speech is no time to speak in, and no speech takes no words")
  func silence() {
    let text = "One, two, three, four, five, six."
    let long = [Int16](repeating: 3, count: 80_000) + turn(0.4) + [Int16](repeating: 3, count: 80_000)
    #expect(!TranscriptCheck.isBelievable(text, of: long[...]))
    #expect(TranscriptCheck.isBelievable(text, of: turn(1.2)))
    #expect(!TranscriptCheck.isBelievable(text, of: []))
    #expect(TranscriptCheck.isBelievable(text, of: [Int16](repeating: .min, count: 30_000)[...]))
  }
}
