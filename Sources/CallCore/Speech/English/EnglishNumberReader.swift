/// Writes English numbers in digits, word by word: "two hundred and five dollars" is `$205`, "twenty twenty seven" `2027`, "double oh
/// seven" `007`, "the twenty first" `the 21st`, "minus two point five percent" `-2.5%`.
struct EnglishNumberReader {
  /// A number that is being read.
  private enum Value {
    case number(Int)
    /// As it is written or was said digit by digit: `007`, `2.5`, `1984`.
    case digits(String)

    var text: String {
      switch self {
      case .number(let number): String(number);
      case .digits(let digits): digits
      }
    }
  }

  private let words: [String]
  private let kinds: [EnglishNumberWord?]
  /// Whether `05` stays so; Whisper makes 5 of it.
  private let keepsZeros: Bool
  private var index = 0
  private var value: Value?
  /// A sign or currency, before the number.
  private var prefix = ""
  private var written: [String] = []

  /// - Parameter words: as `EnglishWordScanner` finds them.
  static func inDigits(_ words: [String], keepsZeros: Bool) -> [String] {
    var reader = EnglishNumberReader(withHalves(words), keepsZeros)
    reader.read()
    return withCents(reader.written)
  }

  private init(_ words: [String], _ keepsZeros: Bool) {
    self.words = words
    self.keepsZeros = keepsZeros
    kinds = words.map { EnglishNumberWord.all[$0] }
  }

  private mutating func read() {
    while index < words.count {
      if let kind = kinds[index] {
        read(kind)
      } else if let number = Numeral(words[index]) {
        read(number)
      } else {
        flush()
        written.append(words[index])
      }
      index += 1
    }
    flush()
  }

  private mutating func read(_ kind: EnglishNumberWord) {
    switch kind {
    case .zero: value = .digits((value?.text ?? "") + "0")
    case .unit(let unit, let suffix):
      value = value.map { withUnit($0, unit) } ?? .number(unit)
      if !suffix.isEmpty { flush(suffix) }
    case .ten(let ten, let suffix):
      value = value.map { Self.sum($0, ten, below: 100) } ?? .number(ten)
      if !suffix.isEmpty { flush(suffix) }
    case .power(let power, let suffix):
      multiply(by: power)
      if !suffix.isEmpty { flush(suffix) }
    case .sign(let sign):
      flush()
      if isAmountNext { prefix = sign } else { written.append(words[index]) }
    case .currency(let sign): if value == nil { written.append(words[index]) } else { flush(prefix: sign) }
    case .percent: if value == nil { written.append(words[index]) } else { flush("%") }
    case .per: readPer()
    case .and, .double, .triple, .point: readJoint(kind)
    }
  }

  private mutating func read(_ numeral: Numeral) {
    if case .digits(let digits) = value, digits.hasSuffix(".") {
      value = .digits(digits + numeral.digits)
      return
    }
    let sign = value == nil ? prefix : ""
    flush()
    prefix = numeral.prefix.isEmpty ? sign : numeral.prefix
    let keeps = keepsZeros && numeral.digits.utf8.first == UInt8(ascii: "0")
    value = keeps ? .digits(numeral.digits) : Int(numeral.digits).map(Value.number) ?? .digits(numeral.digits)
  }

  /// "forty" and "two" are 42, "four" and "two" 4 and 2: `42`, as a number is read out.
  private func withUnit(_ value: Value, _ unit: Int) -> Value {
    let isAfterTen = if case .ten(_, "") = before { true } else { false }
    let isAfterUnit = if case .unit(_, "") = before { true } else { false }
    switch value {
    case .digits(let digits) where isAfterTen && unit < 10: return .digits(digits.dropLast() + String(unit))
    case .number where !isAfterUnit: return Self.sum(value, unit, below: unit < 10 ? 10 : 100)
    default: return .digits(value.text + String(unit))
    }
  }

  /// The sum where the last digits of `value` are zeros, and both side by side otherwise.
  private static func sum(_ value: Value, _ more: Int, below limit: Int) -> Value {
    guard case .number(let number) = value, number % limit == 0 else { return .digits(value.text + String(more)) }
    let (sum, overflows) = number.addingReportingOverflow(more)
    return overflows ? .digits(value.text + String(more)) : .number(sum)
  }

  /// "two" and "hundred" are 200; 1200 and "thousand" 1 and 200,000. A number too large for 64 bits ends before its last power.
  private mutating func multiply(by power: Int) {
    guard let value else { return self.value = .number(power) }
    if let product = Self.product(value, power) { return self.value = .number(product) }
    flush()
    self.value = .number(power)
  }

  private static func product(_ value: Value, _ power: Int) -> Int? {
    switch value {
    case .digits(let digits): return Numeral(digits)?.product(with: power)
    case .number(0): return 0
    case .number(let number):
      let (product, overflows) = (number % 1000).multipliedReportingOverflow(by: power)
      let (sum, isTooLarge) = (number - number % 1000).addingReportingOverflow(product)
      return overflows || isTooLarge ? nil : sum
    }
  }

  private mutating func readPer() {
    guard value != nil, index + 1 < words.count, words[index + 1] == "cent" else {
      flush()
      return written.append(words[index])
    }
    flush("%")
    index += 1
  }

  /// Words that are part of a number only between its parts.
  private mutating func readJoint(_ kind: EnglishNumberWord) {
    switch kind {
    case .and:
      if isNumberNext, case .power(_, "") = before { return }
    case .point:
      if isDecimalNext { return value = .digits((value?.text ?? "") + ".") }
    default:
      guard let digit = digit(next) else { break }
      value = .digits((value?.text ?? "") + String(repeating: String(digit), count: kind == .double ? 2 : 3))
      return index += 1
    }
    flush()
    written.append(words[index])
  }

  private func digit(_ kind: EnglishNumberWord?) -> Int? {
    switch kind {
    case .zero: 0
    case .unit(let unit, ""): unit
    default: nil
    }
  }

  private var before: EnglishNumberWord? { index > 0 ? kinds[index - 1] : nil }
  private var next: EnglishNumberWord? { index + 1 < words.count ? kinds[index + 1] : nil }
  private var isNumeralNext: Bool { index + 1 < words.count && Numeral(words[index + 1])?.prefix.isEmpty == true }
  private var isNumberNext: Bool { next != nil || isNumeralNext }
  /// Whether a number begins with the next word.
  private var isAmountNext: Bool {
    switch next {
    case .zero, .unit, .ten, .power: true
    case nil: isNumeralNext
    default: false
    }
  }
  private var isDecimalNext: Bool {
    switch next {
    case .zero, .unit(_, ""), .ten(_, ""): true
    case nil: isNumeralNext
    default: false
    }
  }

  /// Writes the number, if there is one.
  private mutating func flush(_ suffix: String = "", prefix sign: String? = nil) {
    if let value { written.append((sign ?? prefix) + value.text + suffix) }
    value = nil
    prefix = ""
  }
}

/// Digits with or without a fraction, and a sign or currency before them.
private struct Numeral {
  private static let prefixes = ["$", "£", "€", "¢", "+", "-"]
  let prefix: String
  let digits: String

  init?(_ word: String) {
    guard word.utf8.contains(where: \.isDigit) else { return nil }
    prefix = Self.prefixes.first(where: word.hasPrefix) ?? ""
    digits = String(word.dropFirst(prefix.count))
    let parts = digits.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isDigit) }) else { return nil }
  }

  /// `2.5` times a million; `nil` when that is no whole number of 64 bits.
  func product(with power: Int) -> Int? {
    let parts = digits.split(separator: ".")
    guard var product = Int(parts[0])?.multipliedReportingOverflow(by: power), !product.overflow else { return nil }
    var rest = power
    for digit in (parts.count > 1 ? parts[1] : "").utf8 {
      guard rest % 10 == 0 else { return nil }
      rest /= 10
      product = product.partialValue.addingReportingOverflow(Int(digit - UInt8(ascii: "0")) * rest)
      guard !product.overflow else { return nil }
    }
    return product.partialValue
  }
}

extension EnglishNumberReader {
  /// With "point five" for "and a half" behind a number in words.
  private static func withHalves(_ words: [String]) -> [String] {
    guard words.contains("half") else { return words }
    var written: [String] = []
    for word in words {
      written.append(word)
      guard word == "half", written.suffix(3).elementsEqual(["and", "a", "half"]), written.count > 3 else { continue }
      switch EnglishNumberWord.all[written[written.count - 4]] {
      case .zero, .unit(_, ""), .ten(_, ""), .power(_, ""):
        written.replaceSubrange((written.count - 3)..., with: ["point", "five"])
      default: continue
      }
    }
    return written
  }

  /// With `$5.50` for `$5 and ¢50`, and `¢50` for `$0.50`.
  private static func withCents(_ words: [String]) -> [String] {
    var written: [String] = []
    for word in words {
      if word.hasPrefix("¢"), (2...3).contains(word.utf8.count - 1), let cents = Int(word.dropFirst()) {
        let amount = written.last == "and" ? written.dropLast().last : written.last
        if let amount, isWhole(amount) {
          if written.last == "and" { written.removeLast() }
          written[written.count - 1] = "\(amount).\(cents < 10 ? "0" : "")\(cents)"
          continue
        }
      }
      written.append(inCents(word))
    }
    return written
  }

  private static func isWhole(_ amount: String) -> Bool {
    ["$", "£", "€"].contains { amount.hasPrefix($0) } && amount.count > 1
      && amount.utf8.allSatisfy { $0 != UInt8(ascii: ".") }
      && amount.dropFirst().utf8.allSatisfy(\.isDigit)
  }

  private static func inCents(_ amount: String) -> String {
    guard ["$", "£", "€"].contains(where: amount.hasPrefix), amount.dropFirst().hasPrefix("0."),
      (1...2).contains(amount.dropFirst(3).utf8.count), let cents = Int(amount.dropFirst(3))
    else { return amount }
    return "¢\(cents)"
  }
}
