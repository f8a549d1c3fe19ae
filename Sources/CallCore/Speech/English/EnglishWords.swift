/// The words of an English text in the one way in which word errors compare them, however they were written: `£5` and "five pounds",
/// "I'll" and "I will", `colour` and `color`.
///
/// 1. Letters are lowercased and lose their accents; other marks separate words. What stands in brackets and hesitations (`um`, `hmm`) are left out.
/// 2. Contractions, titles and `gonna` are written out (`EnglishContractions`).
/// 3. Numbers, ordinals, money, per cent and signs in words become digits (`EnglishNumberReader`); a lone `1` becomes `one`.
/// 4. British spellings become American (`AmericanSpelling`).
///
/// These are the rules that the English normaliser of OpenAI's Whisper applies, on which published word error rates rest;
/// `Tests/Counterparts/test_word_errors.py` compares them and names what differs. Three rules of our own follow, `Rules.voiceforge`.
public enum EnglishWords {
  /// How much is made equal.
  public enum Rules: String, Hashable, Sendable, CaseIterable {
    /// Whisper's alone.
    case whisper
    /// Whisper's, and then: digits that follow one another are one word and keep their zeros (`555-0123` is "five five five, oh one
    /// two three"); clock times are their hour and two digits of minutes (`ClockTimes`); and what recognisers write apart or
    /// without an apostrophe is written out (`good-bye`, `dont`).
    case voiceforge
  }

  /// The words of `text`. Costs time in the length of the text.
  public static func words(of text: String, by rules: Rules = .voiceforge) -> [String] {
    var scanner = EnglishWordScanner(text, rules)
    var words = scanner.words()
    guard scanner.hasNumbers else { return words.flatMap(finished) }
    if rules == .voiceforge { words = ClockTimes.inDigits(words) }
    words = EnglishNumberReader.inDigits(words, keepsZeros: rules == .voiceforge)
    if rules == .voiceforge { words = withoutGaps(words) }
    return words.flatMap(finished)
  }

  /// Neighbours that are all digits, as one word.
  private static func withoutGaps(_ words: [String]) -> [String] {
    var joined: [String] = []
    var endsInDigits = false
    for word in words {
      let isDigits = word.utf8.allSatisfy(\.isDigit)
      if isDigits, endsInDigits { joined[joined.count - 1] += word } else { joined.append(word) }
      endsInDigits = isDigits
    }
    return joined
  }

  /// In American spelling, `1` as `one`, and without signs of money and per cent that belong to no digit.
  private static func finished(_ word: String) -> [String] {
    guard word.utf8.contains(where: { !$0.isLetter }) else { return [AmericanSpelling.of(word)] }
    if word == "1" { return ["one"] }
    return signsByDigits(oneInWords(Array(word.utf8))).split(separator: UInt8(ascii: " ")).map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  /// With `one` for each `1` and `ones` for each `1s` between which and other digits and letters something stands.
  private static func oneInWords(_ word: [UInt8]) -> [UInt8] {
    var written: [UInt8] = []
    for (index, byte) in word.enumerated() {
      let next = index + 1 < word.count ? word[index + 1] : 0
      let isPlural = next == UInt8(ascii: "s") && !(index + 2 < word.count && word[index + 2].isWordPart)
      if byte == UInt8(ascii: "1"), !(index > 0 && word[index - 1].isWordPart), !next.isWordPart || isPlural {
        written += Array("one".utf8)
      } else {
        written.append(byte)
      }
    }
    return written
  }

  /// With a blank for `.` and signs of money before anything but a digit, and for `%` behind anything but one.
  private static func signsByDigits(_ word: [UInt8]) -> [UInt8] {
    var written: [UInt8] = []
    var index = 0
    while index < word.count {
      let length = EnglishWordScanner.signLength(at: index, in: word)
      let isKept =
        word[index] == UInt8(ascii: "%")
        ? index > 0 && word[index - 1].isDigit : index + length < word.count && word[index + length].isDigit
      if length == 0 {
        written.append(word[index])
      } else if isKept {
        written += word[index..<(index + length)]
      } else {
        written.append(UInt8(ascii: " "))
      }
      index += max(length, 1)
    }
    return written
  }
}

extension UInt8 {
  /// An ASCII digit.
  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
  /// A small ASCII letter.
  var isLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }
  fileprivate var isWordPart: Bool { isDigit || isLetter }
}
