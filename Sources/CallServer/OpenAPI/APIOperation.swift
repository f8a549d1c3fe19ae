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
