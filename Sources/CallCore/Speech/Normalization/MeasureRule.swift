/// A number with a unit: `80kg`, `25°C`, `20%`, `5 km/h`, `16 GB`, `6'2"`, `5x`, `m²`.
enum MeasureRule {
  /// One and many, by the sign as it is written; one that is a word of English, or a letter, counts only where it is attached.
  private static let units: [String: (String, String)] = [
    "%": ("percent", "percent"), "‰": ("per thousand", "per thousand"), "°": ("degree", "degrees"),
    "°C": ("degree Celsius", "degrees Celsius"), "℃": ("degree Celsius", "degrees Celsius"),
    "ºC": ("degree Celsius", "degrees Celsius"), "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "℉": ("degree Fahrenheit", "degrees Fahrenheit"),
    "km": ("kilometer", "kilometers"), "m": ("meter", "meters"), "cm": ("centimeter", "centimeters"),
    "mm": ("millimeter", "millimeters"), "mi": ("mile", "miles"), "ft": ("foot", "feet"), "in": ("inch", "inches"),
    "yd": ("yard", "yards"), "kg": ("kilogram", "kilograms"), "g": ("gram", "grams"), "mg": ("milligram", "milligrams"),
    "mcg": ("microgram", "micrograms"), "µg": ("microgram", "micrograms"),
    "lb": ("pound", "pounds"), "lbs": ("pound", "pounds"), "oz": ("ounce", "ounces"), "tsp": ("teaspoon", "teaspoons"),
    "tbsp": ("tablespoon", "tablespoons"), "t": ("ton", "tons"),
    "l": ("liter", "liters"), "L": ("liter", "liters"), "ml": ("milliliter", "milliliters"),
    "mL": ("milliliter", "milliliters"), "gal": ("gallon", "gallons"),
    "km/h": ("kilometer per hour", "kilometers per hour"), "kph": ("kilometer per hour", "kilometers per hour"),
    "mph": ("mile per hour", "miles per hour"), "m/s": ("meter per second", "meters per second"),
    "m²": ("square meter", "square meters"), "m2": ("square meter", "square meters"),
    "km²": ("square kilometer", "square kilometers"), "ft²": ("square foot", "square feet"),
    "m³": ("cubic meter", "cubic meters"), "m3": ("cubic meter", "cubic meters"),
    "TB": ("terabyte", "terabytes"), "GB": ("gigabyte", "gigabytes"), "MB": ("megabyte", "megabytes"),
    "KB": ("kilobyte", "kilobytes"), "kB": ("kilobyte", "kilobytes"),
    "kbps": ("kilobit per second", "kilobits per second"),
    "Mbps": ("megabit per second", "megabits per second"), "Gbps": ("gigabit per second", "gigabits per second"),
    "Hz": ("hertz", "hertz"), "kHz": ("kilohertz", "kilohertz"), "MHz": ("megahertz", "megahertz"),
    "GHz": ("gigahertz", "gigahertz"), "W": ("watt", "watts"), "kW": ("kilowatt", "kilowatts"),
    "kWh": ("kilowatt hour", "kilowatt hours"), "V": ("volt", "volts"),
    "mAh": ("milliampere hour", "milliampere hours"),
    "s": ("second", "seconds"), "sec": ("second", "seconds"), "secs": ("second", "seconds"),
    "ms": ("millisecond", "milliseconds"), "min": ("minute", "minutes"), "mins": ("minute", "minutes"),
    "h": ("hour", "hours"), "hr": ("hour", "hours"), "hrs": ("hour", "hours"), "d": ("day", "days"),
    "yr": ("year", "years"), "yrs": ("year", "years"), "wk": ("week", "weeks"), "wks": ("week", "weeks"),
    "x": ("time", "times"), "×": ("time", "times"),
  ]
  /// Those that only count where they are attached to the number.
  private static let attachedOnly: Set<String> = ["in", "s", "d", "x", "×", "t", "h", "m", "g", "L", "V", "W", "l"]
  /// Behind what is measured along: "3 m long", "12 in. wide", but not "3 in high school".
  private static let dimensions: Set<String> = [
    "long", "wide", "high", "tall", "deep", "thick", "away", "apart", "across", "below", "above",
  ]
  /// Said behind any number; "4K" and "4B" are names.
  private static let letters: [String: String] = ["k": "thousand", "M": "million", "bn": "billion"]

  static func span(at index: Int, of tokens: [TextToken]) -> SpokenSpan? {
    let core = tokens[index].core
    if let area = units[core], core.last.map({ "²³".contains($0) }) ?? false { return SpokenSpan(words: area.1) }
    if let height = height(core) { return SpokenSpan(words: height) }
    if let time = hoursAndMinutes(core) { return SpokenSpan(words: time) }
    if let length = DimensionRule.span(at: index, of: tokens) { return length }
    guard core != "401k", tokens.lowerBefore(index) != "iphone", !NumberRule.isDecade(at: index, of: tokens),
      let (number, isOne, unit) = split(core)
    else { return nil }
    if unit.isEmpty {
      guard let next = tokens.follower(index + 1), let names = units[next.core],
        !attachedOnly.contains(next.core) || isDimension(behind: index + 1, of: tokens)
      else { return nil }
      // "5 min." has the point of an abbreviation only in the middle of a sentence.
      return SpokenSpan(
        words: "\(number) \(isOne ? names.0 : names.1)", count: 2, endsInPoint: next.core.isLetters,
        mayEndSentence: true)
    }
    if let scale = letters[unit] { return SpokenSpan(words: "\(number) \(scale)") }
    guard let names = unit == "m" && isAfterHours(index, tokens) ? units["min"] : units[unit] else { return nil }
    return SpokenSpan(
      words: "\(number) \(isOne ? names.0 : names.1)", endsInPoint: unit == "min" || unit == "hr", mayEndSentence: true)
  }

  /// Whether the unit at `index` is followed by what it measures.
  private static func isDimension(behind index: Int, of tokens: [TextToken]) -> Bool {
    guard tokens.indices.contains(index + 1), dimensions.contains(tokens[index + 1].core) else { return false }
    return tokens[index].core == "m" && tokens[index].isOpen || tokens[index].core == "in" && tokens[index].trail == "."
  }

  /// `1h30m` and `1h30`.
  private static func hoursAndMinutes(_ text: String) -> String? {
    let pieces = text.split(separator: "h", omittingEmptySubsequences: false)
    guard pieces.count == 2, case let minutes = pieces[1].last == "m" ? pieces[1].dropLast() : pieces[1],
      [pieces[0], minutes].allSatisfy({ $0.isDigits && $0.count <= 2 })
    else { return nil }
    let words = [(pieces[0], "hour"), (minutes, "minute")].map { number, unit in
      "\(NumeralWords.cardinal(number)) \(unit)\(Int(number) == 1 ? "" : "s")"
    }
    return words.joined(separator: " ")
  }

  /// "1h 30m": minutes, and no meters.
  private static func isAfterHours(_ index: Int, _ tokens: [TextToken]) -> Bool {
    guard index > 0, tokens[index - 1].isOpen, let (_, _, unit) = split(tokens[index - 1].core) else { return false }
    return ["h", "hr", "hrs"].contains(unit)
  }

  /// Whether the word at `index` is a unit by itself.
  static func isUnit(at index: Int, of tokens: [TextToken]) -> Bool {
    tokens.follower(index).map { units[$0.core] != nil } ?? false
  }

  /// The number or range in front of a unit in words, whether it is one, and the unit.
  private static func split(_ text: String) -> (String, Bool, String)? {
    let end = text.lastIndex { $0.isASCIIDigit }.map { text.index(after: $0) } ?? text.startIndex
    var (front, unit) = (text[..<end], String(text[end...]))
    if units[unit] == nil, unit.isEmpty, let area = ["m2", "m3"].first(where: { text.hasSuffix($0) }) {
      (front, unit) = (text.dropLast(2), area)
    }
    guard front.count <= 20 else { return nil }
    if let number = WrittenNumber(front) { return (number.words, number.isOne, unit) }
    guard let dash = front.dropFirst().firstIndex(where: { "-–".contains($0) }),
      let low = WrittenNumber(front[..<dash]), let high = WrittenNumber(front[front.index(after: dash)...])
    else { return nil }
    return ("\(low.words) to \(high.words)", false, unit)
  }

  /// `6'2` and `6′2″` → "six foot two".
  private static func height(_ text: String) -> String? {
    let bare = text.last.map { "\"″”".contains($0) } ?? false ? text.dropLast() : text[...]
    let pieces = bare.split(omittingEmptySubsequences: false) { "'’′".contains($0) }
    guard pieces.count == 2, pieces[0].isDigits, pieces[0].count <= 2 else { return nil }
    guard pieces[1].isDigits, pieces[1].count <= 2 else { return nil }
    return "\(NumeralWords.cardinal(pieces[0])) foot \(NumeralWords.cardinal(pieces[1]))"
  }
}
