/// How digits without any marks are read: as a number, a year, a room, or one by one.
enum DigitReading {
  /// Words behind which digits name something, and are said one by one.
  private static let identifiers: Set<String> = [
    "code", "pin", "number", "account", "card", "ending", "reference", "ref", "confirmation", "booking", "ticket", "id",
    "invoice", "tracking", "serial", "ssn", "box", "vin", "sku", "policy", "member", "extension", "ext", "zip",
    "postcode", "passport", "licence",
    "license", "order", "case", "no", "nr", "otp", "password", "passcode", "phone", "claim", "patient", "customer",
  ]
  /// Words between such a word and its digits.
  private static let fillers: Set<String> = ["is", "are", "was", "in", "with", "reads", "number", "code", "id"]
  /// Words behind which three and four digits are said in pairs.
  private static let rooms: Set<String> = [
    "room", "suite", "apartment", "flight", "gate", "bus", "route", "highway", "unit", "building", "apt", "ste", "hwy",
  ]
  private static let yearWords: Set<String> = [
    "in", "since", "of", "by", "until", "till", "from", "year", "before", "after", "during", "spring", "summer",
    "autumn", "fall", "winter",
  ]
  private static let streets: Set<String> = [
    "street", "st", "avenue", "ave", "road", "rd", "boulevard", "blvd", "lane", "ln", "drive", "dr", "court", "ct",
    "place", "pl", "way", "highway", "hwy", "square", "sq",
  ]

  /// - Parameter text: the word at `index`: digits alone.
  static func words(_ text: String, at index: Int, of tokens: [TextToken]) -> String {
    let before = room(before: index, of: tokens) ?? tokens.lowerBefore(index)
    if text.count <= 2, text.first != "0" || text.count == 1 { return NumeralWords.cardinal(text) }
    if rooms.contains(before) { return paired(text) }
    if text.count == 3, ["dial", "call"].contains(before), !text.hasSuffix("00") { return NumeralWords.digits(text) }
    if isPostalCode(text, at: index, of: tokens) || isShortCode(text, at: index, of: tokens) {
      return NumeralWords.grouped(text)
    }
    if isIdentifier(at: index, of: tokens) || (text.first == "0" && text.count > 1) {
      return NumeralWords.grouped(text)
    }
    if text.count >= 7, !text.hasSuffix("000") { return NumeralWords.grouped(text) }
    guard text.count == 4, let number = Int(text) else { return NumeralWords.cardinal(text) }
    if (1900...2099).contains(number) || (yearWords.contains(before) && (1000...2099).contains(number)) {
      return NumeralWords.year(number)
    }
    return isHouse(at: index, of: tokens) ? paired(text) : NumeralWords.cardinal(text)
  }

  /// `Hwy.` and the like, whose point ends no sentence.
  private static func room(before index: Int, of tokens: [TextToken]) -> String? {
    guard index > 0, tokens[index - 1].trail == ".", rooms.contains(tokens[index - 1].lower) else { return nil }
    return tokens[index - 1].lower
  }

  private static let states = Set(
    """
    AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA PR RI SC SD TN TX UT \
    VT VA WA WV WI WY
    """.split(separator: " ").map(String.init))

  /// Five digits behind a state: `Springfield, IL 62704`.
  private static func isPostalCode(_ text: String, at index: Int, of tokens: [TextToken]) -> Bool {
    text.count == 5 && index > 1 && tokens[index - 1].isOpen && states.contains(tokens[index - 1].core)
      && tokens[index - 2].isCapitalized
  }

  /// Five or six digits that a text is sent to: `Text STOP to 22395`.
  private static func isShortCode(_ text: String, at index: Int, of tokens: [TextToken]) -> Bool {
    (5...6).contains(text.count) && tokens.lowerBefore(index) == "to"
      && tokens[max(index - 4, 0)..<index].contains { $0.lower == "text" }
  }

  /// What follows `#` and `No.`: one by one from three digits on.
  static func identifier(_ text: some StringProtocol) -> String {
    text.count <= 2 && (text.first != "0" || text.count == 1)
      ? NumeralWords.cardinal(text) : NumeralWords.grouped(text)
  }

  /// A year where it can be one.
  static func yearOrNumber(_ text: some StringProtocol) -> String {
    guard text.count == 4, let number = Int(text), (1100...2099).contains(number) else {
      return NumeralWords.cardinal(text)
    }
    return NumeralWords.year(number)
  }

  /// Words behind digits that count something.
  private static let counted: Set<String> = [
    "dollars", "euros", "pounds", "cents", "percent", "people", "persons", "times", "days", "weeks", "months", "years",
    "hours", "minutes", "items", "pieces", "units", "copies", "miles",
  ]

  /// Whether the digits at `index` name something by the words around them.
  static func isIdentifier(at index: Int, of tokens: [TextToken]) -> Bool {
    var place = index
    if let next = tokens.follower(index + 1), counted.contains(next.lower) { return false }
    for step in 0..<6 {
      // "ending in 1234", "Ref. 1234", "Code: 1234"
      guard place > 0, ["", ":", ".", ",", ")"].contains(tokens[place - 1].trail) else { return false }
      let word = tokens[place - 1].lower
      if tokens[place - 1].trail == "." && !["no", "ref", "ext", "nr"].contains(word) { return false }
      if word == "case" || word == "order", tokens[place - 1].trail == "," { return false }
      if identifiers.contains(word) {
        return step == 0 || word != "order" && word != "case" && word != "account" || place == index - 1
      }
      // "Card number 4111 1111 1111 1111"
      let isGroup = tokens[place - 1].isDigits && tokens[place - 1].isOpen && word.count >= 3
      guard fillers.contains(word) || isGroup else { return false }
      place -= 1
    }
    return false
  }

  /// "one oh one", "twelve oh four"; others one by one.
  private static func paired(_ text: String) -> String {
    guard (3...4).contains(text.count), text.first != "0", let number = Int(text) else {
      return NumeralWords.grouped(text)
    }
    let (front, rest) = (NumberWords.cardinal(number / 100), number % 100)
    if rest == 0 { return number % 1000 == 0 ? NumeralWords.cardinal(number) : "\(front) hundred" }
    return "\(front) \(NumeralWords.paired(rest))"
  }

  /// Whether a name of a street begins at `index`, or behind "on" there.
  static func isStreet(from index: Int, of tokens: [TextToken]) -> Bool {
    let start = tokens[index].lower == "on" ? index + 1 : index
    for place in start..<max(min(start + 3, tokens.count), start) {
      guard tokens[place].lead.isEmpty, place == start || tokens[place - 1].isOpen,
        tokens[place].isCapitalized || tokens[place].core.first?.isASCIIDigit ?? false
      else { return false }
      if place > start, streets.contains(tokens[place].lower) { return true }
    }
    return false
  }

  /// Whether a name of a street follows within three words.
  static func isHouse(at index: Int, of tokens: [TextToken]) -> Bool {
    var place = index + 1
    while place <= index + 3, let next = tokens.follower(place), next.isCapitalized {
      if place > index + 1, streets.contains(next.lower) { return true }
      place += 1
    }
    return false
  }
}
