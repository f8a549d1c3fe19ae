import JSON

/// A parameter in the path, the query or the head of a request.
struct APIParameter: Sendable {
  /// Where it stands.
  enum Place: String, Sendable {
    case path, query, header
  }

  var name: String
  var place: Place
  var schema: APISchema
  var about: String
  var isRequired: Bool

  /// In the query, and may be absent.
  static func query(_ name: String, _ schema: APISchema, _ about: String, isRequired: Bool = false) -> APIParameter {
    APIParameter(name: name, place: .query, schema: schema, about: about, isRequired: isRequired)
  }

  /// Which version a change was made from.
  static let ifMatch = APIParameter(
    name: "If-Match", place: .header, schema: .text(pattern: "^\"[0-9]{1,9}\"$").example(.string("\"1\"")),
    about: "The version that the change was made from, as `ETag` told it.", isRequired: true)

  /// Part of a sound.
  static let range = APIParameter(
    name: "Range", place: .header, schema: .text(pattern: "^bytes=[0-9]{1,9}-[0-9]{0,9}$"),
    about: "One range of bytes; several, or other units, get the whole.", isRequired: false)

  /// A part of the path, which may hold no slash unless it is said.
  static func path(_ name: String) -> APIParameter {
    let known = paths[name]
    return APIParameter(
      name: name, place: .path, schema: known?.schema ?? .text(1...100, pattern: "^[A-Za-z0-9._-]+$"),
      about: known?.about ?? "Its id.", isRequired: true)
  }

  private static let paths: [String: (schema: APISchema, about: String)] = [
    "flow": (
      .text(1...60, pattern: "^[a-z][a-z0-9-]*$").example(.string("appointment")), "Name of the flow."
    ),
    "version": (.whole(1...999_999_999), "Number of the version."),
    "voice": (.text(1...128, pattern: "^[A-Za-z0-9+:_-]+$").example(.string("heart")), "Id of the voice."),
    "model": (
      .text(1...100, pattern: "^[A-Za-z0-9_-]+$").example(.string("hibari")),
      "Id of the model. Slashes stand in it as they are."
    ),
    "case": (
      .text(1...100, pattern: "^[A-Za-z0-9_-]+$").example(.string("appointment_hours")),
      "Id of the case. Slashes stand in it as they are."
    ),
  ]

  /// As it stands in the document.
  var json: JSONValue {
    .object([
      "name": .string(name), "in": .string(place.rawValue), "schema": schema.json, "description": .string(about),
      "required": .bool(isRequired),
    ])
  }
}
