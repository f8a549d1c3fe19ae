import CallCore
import JSON

extension Route {
  /// As it stands in the OpenAPI document.
  /// - Parameter area: its name.
  func json(in area: String) -> JSONValue {
    var members: [String: JSONValue] = [
      "operationId": .string(id), "summary": .string(summary), "tags": .array([.string(area)]),
      "parameters": .array((pattern.parameters.map(APIParameter.path) + parameters).map(\.json)),
      "responses": .object(
        Dictionary((answers + standing).map { (String($0.status), $0.json) }, uniquingKeysWith: { own, _ in own })),
    ]
    if !about.isEmpty { members["description"] = .string(about) }
    if let body { members["requestBody"] = body.json }
    guard let scope else {
      members["security"] = .array([])
      return .object(members)
    }
    members["x-scope"] = .string(scope.rawValue)
    members["security"] = .array(
      (scope == .call && method == "GET" ? ["bearer", "apiKey", "callToken"] : ["bearer", "apiKey"]).map {
        .object([$0: .array([])])
      })
    return .object(members)
  }

  /// What follows from the kind of the route.
  private var standing: [APIResponse] {
    var standing: [APIResponse] = []
    if let scope {
      let lacks = "The key lacks the scope `\(scope.rawValue)`"
      let other = method == "GET" ? "." : ", or a page of another origin asks."
      standing.append(.problem(401, "No key, a wrong, expired or revoked one.", .authenticate))
      standing.append(.problem(403, lacks + other))
      standing.append(
        .problem(
          429,
          "The key made all its requests of this minute, too many wrong keys came, or too many requests of the address wait.",
          .retryAfter))
    }
    if !pattern.parameters.isEmpty {
      standing.append(.problem(400, "The path holds control characters, or is no UTF-8."))
    }
    if let body { standing.append(own(.problem(413, "The body has more than \(body.bytesMax) bytes."))) }
    if handler.place != .loop { standing.append(own(.busy)) }
    return standing
  }

  /// The same in the shape of the route's errors; keys are asked for before that counts.
  private func own(_ answer: APIResponse) -> APIResponse {
    errors == .openAI ? .either(answer) : answer
  }
}

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
  static func path(_ parameter: PathParameter) -> APIParameter {
    let (schema, about) = parameter.described
    return APIParameter(name: parameter.rawValue, place: .path, schema: schema, about: about, isRequired: true)
  }

  /// As it stands in the document.
  var json: JSONValue {
    .object([
      "name": .string(name), "in": .string(place.rawValue), "schema": schema.json, "description": .string(about),
      "required": .bool(isRequired),
    ])
  }
}

/// What a request must have in its body.
struct APIBody: Sendable {
  /// Schemas by media type.
  var content: [String: APISchema]
  /// What it is, with its largest size.
  var about: String
  /// Largest size in bytes; longer ones are answered 413.
  var bytesMax: Int
  /// Whether it is a file in a form.
  var isUpload: Bool { content["multipart/form-data"] != nil }
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
