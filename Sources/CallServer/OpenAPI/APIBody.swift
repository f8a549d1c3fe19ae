import JSON

/// What a request must have in its body.
struct APIBody: Sendable {
  /// Schemas by media type.
  var content: [String: APISchema]
  /// What it is, with its largest size.
  var about: String
  /// Largest size in bytes; longer ones are answered 413.
  var bytesMax: Int
  /// Whether an empty body is none.
  var isRequired = true

  /// JSON.
  static func json(_ schema: APISchema, _ about: String, bytesMax: Int) -> APIBody {
    APIBody(content: ["application/json": schema], about: about, bytesMax: bytesMax)
  }

  /// As it stands in the document.
  var json: JSONValue {
    .object([
      "required": .bool(isRequired), "description": .string("\(about) At most \(bytesMax) bytes."),
      "content": .object(content.mapValues { .object(["schema": $0.json]) }),
      "x-max-bytes": .integer(Int64(bytesMax)),
    ])
  }
}
