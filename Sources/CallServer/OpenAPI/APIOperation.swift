import CallCore
import JSON

/// One route as the document describes it. What a key must be good for is not said here: `RouteTable` knows it.
struct APIOperation: Sendable {
  /// Where errors of the operation itself are in OpenAI's shape.
  enum Errors: Sendable {
    case problem, openAI
  }

  /// `GET` and so on, and the path with the names of its parameters in braces, such as `GET /api/flows/{flow}`.
  var route: String
  /// For generated clients.
  var id: String
  /// One line.
  var summary: String
  /// More, if there is more to say.
  var about: String
  var parameters: [APIParameter]
  var body: APIBody?
  /// Besides those that `APIDocument` adds to all routes of a kind.
  var answers: [APIResponse]
  var errors: Errors
  /// Whether it may be turned away because too much goes on.
  var canBeBusy: Bool

  init(
    _ route: String, _ id: String, _ summary: String, about: String = "", _ parameters: [APIParameter] = [],
    body: APIBody? = nil, errors: Errors = .problem, canBeBusy: Bool = true, answers: [APIResponse]
  ) {
    self.route = route
    self.id = id
    self.summary = summary
    self.about = about
    self.parameters = parameters
    self.body = body
    self.errors = errors
    self.canBeBusy = canBeBusy
    self.answers = answers
  }

  /// `GET` and so on.
  var method: String { String(route.prefix { $0 != " " }) }
  /// With the names of its parameters in braces.
  var path: String { String(route.drop { $0 != " " }.dropFirst()) }
  /// The parameters that the path names.
  var pathParameters: [APIParameter] {
    path.split(separator: "/").filter { $0.first == "{" }.map { .path(String($0.dropFirst().dropLast())) }
  }

  /// Whether this is what the table calls `other`.
  func describes(_ other: Route) -> Bool {
    let parts = path.split(separator: "/").map { $0.first == "{" ? "*" : String($0) }
    return method == other.method && parts == other.pattern.map { $0 == "**" ? "*" : $0 }
  }

  /// As it stands in the document.
  func json(_ area: String, _ requiredScope: Route.RequiredScope) -> JSONValue {
    var members: [String: JSONValue] = [
      "operationId": .string(id), "summary": .string(summary), "tags": .array([.string(area)]),
      "parameters": .array((pathParameters + parameters).map(\.json)),
      "responses": .object(
        Dictionary(
          (answers + standing(requiredScope)).map { (String($0.status), $0.json) }, uniquingKeysWith: { own, _ in own })
      ),
    ]
    if !about.isEmpty { members["description"] = .string(about) }
    if let body { members["requestBody"] = body.json }
    switch requiredScope {
    case .nothing: members["security"] = .array([])
    case .scope(let scope):
      members["x-scope"] = .string(scope.rawValue)
      members["security"] = .array(
        (scope == .call && method == "GET" ? ["bearer", "apiKey", "callToken"] : ["bearer", "apiKey"]).map {
          .object([$0: .array([])])
        })
    }
    return .object(members)
  }

  /// What follows from the kind of the route.
  private func standing(_ requiredScope: Route.RequiredScope) -> [APIResponse] {
    var standing: [APIResponse] = []
    if case .scope(let scope) = requiredScope {
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
    if path.contains("{") { standing.append(.problem(400, "The path holds control characters, or is no UTF-8.")) }
    if let body {
      standing.append(own(413, "The body has more than \(body.bytesMax) bytes."))
    }
    if canBeBusy {
      standing.append(own(503, "Too many requests wait, or what is needed does not answer now.", .retryAfter))
    }
    return standing
  }

  private func own(_ status: Int, _ about: String, _ headers: APIResponse.Header...) -> APIResponse {
    var answer = errors == .openAI ? APIResponse.either(status, about) : .problem(status, about)
    answer.headers = headers
    return answer
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
