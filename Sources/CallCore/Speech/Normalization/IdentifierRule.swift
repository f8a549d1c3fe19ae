/// Letters and digits in one word: `AB12CD`, `4B`, `H2O`, `MP3`; letters around `&`, `+` and `#`: `AT&T`, `C++`.
enum IdentifierRule {
  private static let names: [String: String] = [
    "C++": "C plus plus", "C#": "C sharp", "F#": "F sharp", "G++": "G plus plus", "Wi-Fi": "wi fi", "WiFi": "wi fi",
    "MS-DOS": "M.S. doss",
  ]

  static func span(at index: Int, of tokens: [TextToken]) -> SpokenSpan? {
    let core = tokens[index].core
    if let name = names[core] { return SpokenSpan(words: name) }
    if core.contains("&"), let words = ampersand(core) { return SpokenSpan(words: words) }
    guard core.contains(where: \.isASCIIDigit), core.contains(where: \.isLetter),
      core.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_/.".contains($0)) })
    else { return nil }
    // "1.5K"
    let letters = core.reversed().prefix { $0.isLetter }.count
    if letters > 0, let number = WrittenNumber(core.dropLast(letters)), number.fraction != nil {
      return SpokenSpan(words: "\(number.words) \(said(core.suffix(letters), isCode: false))")
    }
    if core.hasPrefix("FY"), case let year = core.dropFirst(2), year.count == 4, year.isDigits {
      return SpokenSpan(words: "F Y \(DigitReading.yearOrNumber(year))")
    }
    return SpokenSpan(words: spelled(core))
  }

  /// Capital letters one by one; the letter A with a point, as a synthesiser otherwise takes it for the article.
  static func letters(_ text: some StringProtocol) -> String {
    text.uppercased().map { $0 == "A" ? "A." : String($0) }.joined(separator: " ")
  }

  private static func ampersand(_ text: String) -> String? {
    let pieces = text.split(separator: "&", omittingEmptySubsequences: false)
    guard pieces.count == 2, pieces.allSatisfy(\.isLetters) else { return nil }
    return pieces.map { $0.count <= 3 && $0.uppercased() == $0 ? letters($0) : String($0) }.joined(separator: " and ")
  }

  private static func spelled(_ text: String) -> String {
    var runs: [Substring] = []
    var rest = text[...]
    while let first = rest.first {
      let run =
        first.isLetter ? rest.prefix { $0.isLetter } : first.isNumber ? rest.prefix { $0.isNumber } : rest.prefix(1)
      if first.isLetter || first.isNumber { runs.append(run) }
      rest = rest.dropFirst(run.count)
    }
    // A code has several turns from letters to digits, or more digits than are said as one number.
    let isCode = runs.count > 2 || runs.contains { $0.first?.isNumber ?? false && ($0.count > 2 || $0.first == "0") }
    return runs.map { said($0, isCode: isCode) }.joined(separator: " ")
  }

  private static func said(_ run: Substring, isCode: Bool) -> String {
    guard run.first?.isNumber ?? false else {
      return run.count <= 3 || (isCode && run.uppercased() == run && run.count <= 4) ? letters(run) : String(run)
    }
    guard run.isDigits else { return String(run) }
    return isCode ? NumeralWords.grouped(run) : NumeralWords.cardinal(run)
  }
}
