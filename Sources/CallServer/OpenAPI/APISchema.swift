import JSON
import Formats

/// A schema of JSON Schema 2020-12, as OpenAPI 3.1 takes it.
struct APISchema: Sendable {
  /// Its keywords.
  var keywords: [String: JSONValue]

  /// A text of so many characters.
  static func text(_ characters: ClosedRange<Int>? = nil, pattern: String? = nil, format: String? = nil) -> APISchema {
    var keywords: [String: JSONValue] = ["type": .string("string")]
    if let characters {
      if characters.lowerBound > 0 { keywords["minLength"] = .integer(Int64(characters.lowerBound)) }
      if characters.upperBound < Int.max { keywords["maxLength"] = .integer(Int64(characters.upperBound)) }
    }
    if let pattern { keywords["pattern"] = .string(pattern) }
    if let format { keywords["format"] = .string(format) }
    return APISchema(keywords: keywords)
  }

  /// A text that is kept: no database takes the character NUL.
  static func keptText(_ characters: ClosedRange<Int>) -> APISchema { text(characters, pattern: "^[^\\x00]*$") }

  /// An instant in ISO 8601, UTC.
  static let instant = text(format: "date-time")
  /// A day such as `2026-03-02`.
  static let day = text(format: "date")
  /// Bytes of any kind.
  static let bytes = APISchema(keywords: ["type": .string("string"), "format": .string("binary")])
  /// A file in YAML: to programs that read it as such it may be anything.
  static let yaml = APISchema(keywords: [:])
  /// A stream of events: to programs that read it as such each event has a value of its own.
  static let events = APISchema(keywords: [:])
  /// True or false.
  static let flag = APISchema(keywords: ["type": .string("boolean")])
  /// How many there are.
  static let count = whole(0...Int.max)
  /// Any number.
  static let number = APISchema(keywords: ["type": .string("number")])
  /// Any object.
  static let anyObject = APISchema(keywords: ["type": .string("object")])

  /// A whole number.
  static func whole(_ range: ClosedRange<Int>) -> APISchema {
    var keywords: [String: JSONValue] = ["type": .string("integer")]
    if range.lowerBound > Int.min { keywords["minimum"] = .integer(Int64(range.lowerBound)) }
    if range.upperBound < Int.max { keywords["maximum"] = .integer(Int64(range.upperBound)) }
    return APISchema(keywords: keywords)
  }

  /// A number from `lower` to `upper`.
  static func number(_ range: ClosedRange<Double>) -> APISchema {
    APISchema(keywords: [
      "type": .string("number"), "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound),
    ])
  }

  /// A whole number that the server can keep as its own: 0 to 2⁶³ − 1.
  static let seed = count.with("maximum", .integer(.max))

  /// One of some words.
  static func choice(_ words: [String]) -> APISchema {
    APISchema(keywords: ["type": .string("string"), "enum": .array(words.map(JSONValue.string))])
  }

  /// A list.
  static func list(_ element: APISchema, _ counts: ClosedRange<Int>? = nil) -> APISchema {
    var keywords: [String: JSONValue] = ["type": .string("array"), "items": element.json]
    if let counts {
      if counts.lowerBound > 0 { keywords["minItems"] = .integer(Int64(counts.lowerBound)) }
      keywords["maxItems"] = .integer(Int64(counts.upperBound))
    }
    return APISchema(keywords: keywords)
  }

  /// An object with these members, of which some may be absent.
  /// - Parameter others: further members.
  static func object(
    _ members: KeyValuePairs<String, APISchema>, and others: KeyValuePairs<String, APISchema>...,
    optional: Set<String> = []
  ) -> APISchema {
    let members = Array(members) + others.flatMap(Array.init)
    let required = members.map(\.key).filter { !optional.contains($0) }
    var keywords: [String: JSONValue] = [
      "type": .string("object"),
      "properties": .object(Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.value.json) })),
    ]
    if !required.isEmpty { keywords["required"] = .array(required.map(JSONValue.string)) }
    return APISchema(keywords: keywords)
  }

  /// A request's object: members that are not named `required` may be absent or `null`.
  static func request(_ members: KeyValuePairs<String, APISchema>, required: [String]) -> APISchema {
    let properties = members.map { ($0.key, required.contains($0.key) ? $0.value.json : $0.value.orNull.json) }
    return APISchema(keywords: [
      "type": .string("object"), "properties": .object(Dictionary(uniqueKeysWithValues: properties)),
      "required": .array(required.map(JSONValue.string)),
    ])
  }

  /// An object of texts by names that are not known beforehand.
  static let texts = APISchema(keywords: ["type": .string("object"), "additionalProperties": text().json])

  /// What holds in all of these.
  static func all(_ schemas: [APISchema]) -> APISchema {
    APISchema(keywords: ["allOf": .array(schemas.map(\.json))])
  }

  /// Any of these.
  static func any(_ schemas: [APISchema]) -> APISchema {
    APISchema(keywords: ["anyOf": .array(schemas.map(\.json))])
  }

  /// One of the document's named schemas.
  static func named(_ name: String) -> APISchema {
    APISchema(keywords: ["$ref": .string("#/components/schemas/\(name)")])
  }

  /// The same, or `null`.
  var orNull: APISchema {
    guard case .string(let type)? = keywords["type"] else {
      return .any([self, APISchema(keywords: ["type": .string("null")])])
    }
    var copy = self
    copy.keywords["type"] = .array([.string(type), .string("null")])
    if case .array(let words)? = keywords["enum"] { copy.keywords["enum"] = .array(words + [.null]) }
    return copy
  }

  /// With a sentence on what it means.
  func about(_ text: String) -> APISchema {
    with("description", .string(text))
  }

  /// With an example.
  func example(_ value: JSONValue) -> APISchema {
    with("examples", .array([value]))
  }

  /// With what counts where nothing is said.
  func standard(_ value: JSONValue) -> APISchema {
    with("default", value)
  }

  private func with(_ keyword: String, _ value: JSONValue) -> APISchema {
    APISchema(keywords: keywords.merging([keyword: value]) { $1 })
  }

  /// As it stands in the document.
  var json: JSONValue { .object(keywords) }
}
