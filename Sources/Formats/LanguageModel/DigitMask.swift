import CallCore

/// What stands in place of every digit of a masked text. JSON that is masked stays JSON, and a date a date: 0 in its place would be neither.
private let maskDigit: Unicode.Scalar = "1"

/// Where a number stands in a question to a language model.
struct QuestionNumber: Sendable, Hashable {
  /// Index of the message.
  var message: Int
  /// How many numbers stand before it in that message.
  var number: Int
}

extension ModelRequest {
  /// With every digit masked, but for names and ids: the same for two questions that differ in nothing but digits.
  var masked: ModelRequest {
    var masked = self
    masked.messages = messages.map(\.masked)
    for index in tools.indices {
      masked.tools[index].about = tools[index].about.masked
      masked.tools[index].parameters = tools[index].parameters.maskedJSON
    }
    if let form = answerForm { masked.answerForm?.schema = form.schema.maskedJSON }
    masked.stop = stop.map(\.masked)
    return masked
  }

  /// Where this number stands as a whole; the last message that has it counts. `nil`: nowhere.
  func place(of number: String) -> QuestionNumber? {
    for (index, message) in messages.enumerated().reversed() {
      if let found = message.numbers.firstIndex(of: number) { return QuestionNumber(message: index, number: found) }
    }
    return nil
  }

  /// The number that stands there; `nil`: none does.
  func number(at place: QuestionNumber) -> String? {
    guard messages.indices.contains(place.message) else { return nil }
    let numbers = messages[place.message].numbers
    return numbers.indices.contains(place.number) ? numbers[place.number] : nil
  }
}

extension ModelMessage {
  fileprivate var masked: ModelMessage {
    switch self {
    case .system(let text): .system(text.masked)
    case .user(let text): .user(text.masked)
    case .assistant(let text, let calls):
      .assistant(
        text.masked, calls: calls.map { ModelToolCall(id: $0.id, name: $0.name, arguments: $0.arguments.maskedJSON) })
    case .toolResult(let id, let text): .toolResult(id: id, text.masked)
    }
  }

  /// The numbers in its texts, in their order.
  fileprivate var numbers: [String] {
    switch self {
    case .system(let text), .user(let text), .toolResult(_, let text): MaskedText(text).numbers
    case .assistant(let text, let calls):
      MaskedText(text).numbers + calls.flatMap { MaskedText($0.arguments, isJSON: true).numbers }
    }
  }
}

extension String {
  /// With every digit masked.
  var masked: String { MaskedText(self).masked }

  /// Of JSON, which stays JSON.
  fileprivate var maskedJSON: String { MaskedText(self, isJSON: true).masked }

  /// Whether there is a digit in it.
  var hasDigits: Bool { unicodeScalars.contains(where: \.isDigit) }
}

/// A text and where its numbers are: digits that stand side by side, as many as there are. In JSON the four behind `\u` are none of them.
struct MaskedText {
  private let scalars: [Unicode.Scalar]
  private let ranges: [Range<Int>]

  /// - Parameter isJSON: or a part of it. In any other text a backslash is a character like others.
  init(_ text: String, isJSON: Bool = false) {
    scalars = Array(text.unicodeScalars)
    var ranges: [Range<Int>] = []
    var index = 0
    while index < scalars.count {
      if isJSON, let end = Self.endOfEscape(at: index, in: scalars) {
        index = end
      } else if scalars[index].isDigit {
        let start = index
        while index < scalars.count, scalars[index].isDigit { index += 1 }
        ranges.append(start..<index)
      } else {
        index += 1
      }
    }
    self.ranges = ranges
  }

  /// Behind an escape such as `\u00fc`, which masked would be another letter. One that stands for a digit is none: its last digit is masked. Two
  /// backslashes are one in the text, and what follows is no escape.
  private static func endOfEscape(at index: Int, in scalars: [Unicode.Scalar]) -> Int? {
    guard scalars[index] == "\\" else { return nil }
    if index + 1 < scalars.count, scalars[index + 1] == "\\" { return index + 2 }
    guard index + 5 < scalars.count, scalars[index + 1] == "u",
      scalars[index + 2..<index + 6].allSatisfy(\.properties.isASCIIHexDigit)
    else { return nil }
    let isOfDigit = scalars[index + 2..<index + 5].elementsEqual("003".unicodeScalars) && scalars[index + 5].isDigit
    return isOfDigit ? index + 5 : index + 6
  }

  /// The digits of each, in order.
  var numbers: [String] {
    ranges.map { range in
      var text = String.UnicodeScalarView()
      text.append(contentsOf: scalars[range])
      return String(text)
    }
  }

  /// With every digit masked.
  var masked: String { text(with: numbers.map { _ in nil }) }

  /// The text with other digits, of which there are always as many.
  /// - Parameter numbers: one for each; `nil`, or one of another length: masked.
  func text(with numbers: [String?]) -> String {
    var result = scalars
    for (range, number) in zip(ranges, numbers) {
      let digits = number.map { Array($0.unicodeScalars) } ?? []
      let isFitting = digits.count == range.count
      result.replaceSubrange(range, with: isFitting ? digits : Array(repeating: maskDigit, count: range.count))
    }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: result)
    return String(text)
  }
}

extension Unicode.Scalar {
  /// Of any script.
  fileprivate var isDigit: Bool { properties.numericType == .decimal || properties.numericType == .digit }
}
