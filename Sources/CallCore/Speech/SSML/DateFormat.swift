/// The order of a date's numbers, as `format` of a `say-as` gives it: letters of day, month and year.
struct DateFormat: Equatable {
  private static let known = ["mdy", "dmy", "ymd", "md", "dm", "ym", "my", "y"]
  /// For a message.
  static var names: String { known.joined(separator: ", ") }

  private let letters: String

  /// - Parameter text: such as `dmy` or `yyyymmdd`; `nil` for what is no such order.
  init?(_ text: String) {
    var letters = ""
    for letter in text.lowercased() where letters.last != letter { letters.append(letter) }
    guard Self.known.contains(letters) else { return nil }
    self.letters = letters
  }

  /// - Returns: `nil` where the text has other numbers, or is no date.
  func words(for text: String, dates: DateOrder) -> String? {
    var pieces = text.split { !$0.isASCIIDigit }
    guard text.allSatisfy({ $0.isASCIIDigit || " ./-".contains($0) }) else { return nil }
    if pieces.count == 1, pieces[0].count == 8, letters.count == 3 { pieces = cut(pieces[0]) }
    guard pieces.count == letters.count, pieces.allSatisfy({ $0.count <= 4 }) else { return nil }
    var numbers: [Character: Int] = [:]
    for (letter, piece) in zip(letters, pieces) { numbers[letter] = Int(piece) }
    let order: DateOrder = letters.hasPrefix("d") ? .dayFirst : letters.hasPrefix("m") ? .monthFirst : dates
    return DateRule.words(year: numbers["y"], month: numbers["m"], day: numbers["d"], order)
  }

  /// Eight digits in their three parts.
  private func cut(_ digits: Substring) -> [Substring] {
    var rest = digits
    return letters.map { letter in
      let part = rest.prefix(letter == "y" ? 4 : 2)
      rest = rest.dropFirst(part.count)
      return part
    }
  }
}
