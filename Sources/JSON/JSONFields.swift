/// The members of one object, read with the types and limits that its place asks for. Every fault names the place, what was
/// expected and what came. Members that nobody asks for are ignored: a newer peer may send more.
package struct JSONFields {
  /// Where the object stands, such as `start` or `ended.record`; part of every fault.
  package let place: String
  private let members: [String: JSONValue]

  package init(_ value: JSONValue, place: String) throws(WireFault) {
    guard case .object(let members) = value else {
      throw WireFault(.wrongType, "\(place): expected an object, got \(value.summary)")
    }
    self.place = place
    self.members = members
  }

  /// The member, or `nil` when it is absent or null.
  package subscript(name: String) -> JSONValue? {
    guard let value = members[name], value != .null else { return nil }
    return value
  }

  /// Names of all members.
  package var memberNames: Set<String> { Set(members.keys) }

  /// Members that are texts without NUL.
  package var memberTexts: [String: String] {
    members.compactMapValues { value in
      if case .string(let text) = value, !text.unicodeScalars.contains("\0") { text } else { nil }
    }
  }

  /// A text of `characters` Unicode scalars without NUL, which no database keeps.
  package func text(_ name: String, _ characters: ClosedRange<Int> = 0...Int.max) throws(WireFault) -> String {
    guard let text = try optionalText(name, characters) else { throw missing(name, "a text") }
    return text
  }

  package func optionalText(_ name: String, _ characters: ClosedRange<Int> = 0...Int.max) throws(WireFault) -> String? {
    guard let value = self[name] else { return nil }
    guard case .string(let text) = value else { throw wrongType(name, "a text", value) }
    let count = text.unicodeScalars.count
    guard count <= characters.upperBound else {
      throw WireFault(.tooLong, "\(place).\(name): expected at most \(characters.upperBound) characters, got \(count)")
    }
    guard count >= characters.lowerBound else {
      let least = characters.lowerBound
      throw outOfRange(name, least > 1 ? "a text of at least \(least) characters" : "a text that is not empty", value)
    }
    guard !text.unicodeScalars.contains("\0") else {
      throw WireFault(.outOfRange, "\(place).\(name): expected a text without NUL characters, got one with")
    }
    return text
  }

  /// A whole number of `range`.
  package func number(_ name: String, _ range: ClosedRange<Int>) throws(WireFault) -> Int {
    let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    guard let number = try optionalNumber(name, range) else { throw missing(name, expected) }
    return number
  }

  package func optionalNumber(_ name: String, _ range: ClosedRange<Int>) throws(WireFault) -> Int? {
    guard let value = self[name] else { return nil }
    let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    switch value {
    case .integer, .number: break
    default: throw wrongType(name, expected, value)
    }
    guard let whole = value.wholeNumber, let number = Int(exactly: whole), range.contains(number) else {
      throw outOfRange(name, expected, value)
    }
    return number
  }

  /// What starts a sequence of drawn numbers. Any 64 bits will do: nobody calculates with a seed.
  package func optionalSeed(_ name: String, _ range: ClosedRange<Int> = Int.min...Int.max) throws(WireFault) -> Int? {
    try optionalNumber(name, range)
  }

  package func flag(_ name: String) throws(WireFault) -> Bool {
    guard let value = self[name] else { throw missing(name, "true or false") }
    guard case .bool(let flag) = value else { throw wrongType(name, "true or false", value) }
    return flag
  }

  /// The one of `choices` whose raw value the member is.
  package func choice<Choice: RawRepresentable>(
    _ name: String, of choices: [Choice]
  ) throws(WireFault) -> Choice where Choice.RawValue == String {
    guard let choice = try optionalChoice(name, of: choices) else { throw missing(name, Self.words(for: choices)) }
    return choice
  }

  package func optionalChoice<Choice: RawRepresentable>(
    _ name: String, of choices: [Choice]
  ) throws(WireFault) -> Choice? where Choice.RawValue == String {
    guard let value = self[name] else { return nil }
    guard case .string(let text) = value else { throw wrongType(name, Self.words(for: choices), value) }
    guard let choice = choices.first(where: { $0.rawValue == text }) else {
      throw outOfRange(name, Self.words(for: choices), value)
    }
    return choice
  }

  /// An object of texts; empty when it is absent.
  package func texts(_ name: String) throws(WireFault) -> [String: String] {
    guard let value = self[name] else { return [:] }
    let fields = try JSONFields(value, place: "\(place).\(name)")
    var texts: [String: String] = [:]
    for (name, value) in fields.members {
      guard case .string = value else { throw fields.wrongType(name.quoted, "a text", value) }
      guard !name.unicodeScalars.contains("\0") else {
        throw WireFault(.outOfRange, "\(fields.place): expected names without NUL characters, got one with")
      }
      texts[name] = try fields.text(name)
    }
    return texts
  }

  package func object(_ name: String) throws(WireFault) -> JSONFields {
    guard let value = self[name] else { throw missing(name, "an object") }
    return try JSONFields(value, place: "\(place).\(name)")
  }

  /// One element for each object of a list; the list may be absent.
  package func list<Element>(
    _ name: String, _ element: (JSONFields) throws(WireFault) -> Element
  ) throws(WireFault) -> [Element] {
    guard let value = self[name] else { return [] }
    guard case .array(let values) = value else { throw wrongType(name, "a list", value) }
    var elements: [Element] = []
    elements.reserveCapacity(values.count)
    for (index, value) in values.enumerated() {
      elements.append(try element(try JSONFields(value, place: "\(place).\(name)[\(index)]")))
    }
    return elements
  }

  package func missing(_ name: String, _ expected: String) -> WireFault {
    WireFault(.missingField, "\(place).\(name): expected \(expected), got nothing")
  }

  package func wrongType(_ name: String, _ expected: String, _ value: JSONValue) -> WireFault {
    WireFault(.wrongType, "\(place).\(name): expected \(expected), got \(value.summary)")
  }

  package func outOfRange(_ name: String, _ expected: String, _ value: JSONValue) -> WireFault {
    WireFault(.outOfRange, "\(place).\(name): expected \(expected), got \(value.summary)")
  }

  private static func words<Choice: RawRepresentable>(for choices: [Choice]) -> String
  where Choice.RawValue == String {
    "one of " + choices.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
  }
}
