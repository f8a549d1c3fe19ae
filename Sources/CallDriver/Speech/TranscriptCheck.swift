/// Tells what a recogniser heard from what it only repeats: a decoder that loops writes on until its limit of tokens, in mid-sentence,
/// and often more than anybody can say in that time.
///
/// The figures are of Moonshine tiny and 750 recordings: 50 texts (digits, numbers, repeated words, sentences) by five voices, at their own
/// rate, half as fast again and twice as fast. What was heard rightly had at most 38.4 letters, 9.8 words and 6.7 digits in a second (of
/// numbers that broke off 7.7); loops had up to 57, 14.4 and 14. All rates are of the speech, without the silence around it.
public enum TranscriptCheck {
  private static let sampleRate = 16_000
  /// Letters and digits in a second of speech: 38.4 and 15 %.
  static let lettersMax = 44
  /// Words in a second: 9.8 and 20 %.
  static let wordsMax = 12
  /// Digits in a second: 6.7 and 20 %. `905-905-9050.` for 9 0 5 has 9.4.
  static let digitsMax = 8
  /// Zeros at the end of numbers that need no time, as they are one word with others: 10,000 is said in 0.4 s, and a billion has nine.
  static let zerosMax = 9
  /// Shorter speech is taken for as long as this: 0.3 s, as what is measured at its edges is coarse.
  static let samplesMin = 4800
  /// Longest piece that is looked for in a loop, in letters and digits: `I'm going to go to the` has 17.
  static let pieceMax = 24
  /// How often a piece stands at the end of a text that is broken off when that is a loop: three times, or six for one or two letters,
  /// because callers say "no no no" and 5 5 5.
  static let (repeatsMax, shortRepeatsMax) = (3, 6)

  /// Whether somebody may have said that: it fits into the time that was spoken, and neither a loop nor a number is broken off at its end.
  ///
  /// Of 37 texts with digits that broke off without a loop nine were right, such as `10,000`; the others were as `905-905-5` for 9 0 5.
  /// All nine were heard rightly again with more silence around them.
  /// - Parameters:
  ///   - text: as the recogniser gave it.
  ///   - turn: 16 kHz mono, what it was given. Silence at its edges does not count as time to speak in.
  public static func isBelievable(_ text: String, of turn: ArraySlice<Int16>) -> Bool {
    let letters = text.lowercased().filter { $0.isLetter || $0.isNumber }
    guard !letters.isEmpty else { return true }
    let samples = max(speechSamples(in: turn), samplesMin)
    let words = text.split { !$0.isLetter && !$0.isNumber && $0 != "'" }.count { $0.contains(where: \.isLetter) }
    for (count, most) in [(letters.count, lettersMax), (words, wordsMax), (spokenDigits(in: text), digitsMax)]
    where count * sampleRate > most * samples { return false }
    return !isBrokenOff(text) || !letters.contains(where: \.isNumber) && !endsInLoop(Array(letters))
  }

  /// Most words and digits in a second that were heard rightly among the 750 recordings, ten times: 9.8 and 6.7.
  private static let (wordsPerTenSeconds, digitsPerTenSeconds) = (98, 67)

  /// Whether words and digits one after the other take longer than was spoken, at the fastest that either was ever heard rightly: a
  /// number that goes on where nobody did, as `905-570-5700` for 9:05. It may still be right where somebody says 5700 in two words.
  public static func isHasty(_ text: String, of turn: ArraySlice<Int16>) -> Bool {
    let digits = text.count(where: \.isNumber)
    guard digits > 4 else { return false }
    let words = text.split { !$0.isLetter && !$0.isNumber && $0 != "'" }.count { $0.contains(where: \.isLetter) }
    let samples = max(speechSamples(in: turn), samplesMin)
    return (words * digitsPerTenSeconds + digits * wordsPerTenSeconds) * 10 * sampleRate
      > samples * wordsPerTenSeconds * digitsPerTenSeconds
  }

  /// Digits without those two and more zeros that end a number, of which `zerosMax` are left out.
  private static func spokenDigits(in text: String) -> Int {
    var (digits, zeros, zerosAtEnds) = (0, 0, 0)
    for character in text + " " where character != "," {
      if character.isNumber {
        digits += 1
        zeros = character == "0" ? zeros + 1 : 0
      } else {
        zerosAtEnds += zeros > 1 ? zeros : 0
        zeros = 0
      }
    }
    return digits - min(zerosAtEnds, zerosMax)
  }

  /// Every sentence that Moonshine ends has a mark behind it.
  private static func isBrokenOff(_ text: String) -> Bool {
    let end = text.last { !$0.isWhitespace && !"\"')".contains($0) }
    return end.map { !".?!…".contains($0) } ?? false
  }

  /// Whether one piece stands several times in a row at the end; its last time may be broken off.
  private static func endsInLoop(_ letters: [Character]) -> Bool {
    for length in 1...pieceMax where length < letters.count {
      var same = 0
      while same + length < letters.count,
        letters[letters.count - 1 - same] == letters[letters.count - 1 - same - length]
      {
        same += 1
      }
      if same / length + 1 >= (length < 3 ? shortRepeatsMax : repeatsMax) { return true }
    }
    return false
  }

  /// 20 ms at 16 kHz.
  private static let frame = 320
  /// Frames whose energy is less than this part of the loudest one's are silence: −30 dB. Louder noise only makes the time longer.
  private static let silencePart = 1000

  /// From the first to the last frame that is not silent.
  static func speechSamples(in turn: ArraySlice<Int16>) -> Int {
    let energies = stride(from: turn.startIndex, to: turn.endIndex, by: frame).map { start in
      turn[start..<min(start + frame, turn.endIndex)].reduce(0) { $0 + Int($1) * Int($1) }
    }
    let least = (energies.max() ?? 0) / silencePart
    guard let first = energies.firstIndex(where: { $0 > least }), let last = energies.lastIndex(where: { $0 > least })
    else { return 0 }
    return (last - first + 1) * frame
  }
}
