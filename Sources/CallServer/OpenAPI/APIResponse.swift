import JSON

/// One answer that an operation can give.
struct APIResponse: Sendable {
  /// Headers that answers bring, and what they say.
  enum Header: String, Sendable {
    case retryAfter = "Retry-After"
    case location = "Location"
    case etag = "ETag"
    case authenticate = "WWW-Authenticate"
    case allow = "Allow"
    case upgrade = "Upgrade"
    case contentRange = "Content-Range"

    /// As it stands in the document; each of them is always sent.
    var json: JSONValue {
      let (schema, about) = described
      return .object(["schema": schema.json, "description": .string(about), "required": .bool(true)])
    }

    private var described: (APISchema, String) {
      switch self {
      case .retryAfter: (.whole(0...86_400), "Seconds until asking again makes sense.")
      case .location: (.text(1...1000), "The path of what was made or goes on.")
      case .etag: (.text(pattern: "^\"[0-9]+\"$"), "The version; goes into `If-Match`.")
      case .authenticate: (.text(1...200), "What kind of key is wanted.")
      case .allow: (.text(1...200), "The methods that the path takes.")
      case .upgrade: (.text(1...40), "What to speak instead.")
      case .contentRange: (.text(1...100), "Which bytes these are, of how many.")
      }
    }
  }

  /// HTTP status.
  var status: Int
  /// When it is given.
  var about: String
  /// Schemas by media type; empty: no body.
  var content: [String: APISchema]
  /// Always there.
  var headers: [Header]

  /// An error as RFC 9457 has it.
  static func problem(_ status: Int, _ about: String, _ headers: Header...) -> APIResponse {
    APIResponse(status: status, about: about, content: [problemType: .named("Problem")], headers: headers)
  }

  /// An error in OpenAI's shape.
  static func openAI(_ status: Int, _ about: String, _ headers: Header...) -> APIResponse {
    APIResponse(status: status, about: about, content: ["application/json": .named("OpenAIError")], headers: headers)
  }

  /// A problem or the same in OpenAI's shape: keys are asked for before the endpoint's own shape counts.
  static func either(_ problem: APIResponse) -> APIResponse {
    var either = problem
    either.content["application/json"] = .named("OpenAIError")
    return either
  }

  /// Turned away because too much goes on; what runs on the blocking pool has it without saying so.
  static let busy = problem(503, "Too many requests wait, or what is needed does not answer now.", .retryAfter)

  /// A problem with the member `faults`.
  static func faults(_ about: String) -> APIResponse {
    APIResponse(
      status: 400, about: about, content: [problemType: .any([.named("FaultyText"), .named("Problem")])], headers: [])
  }

  /// JSON.
  static func json(_ schema: APISchema, status: Int = 200, _ about: String, _ headers: Header...) -> APIResponse {
    APIResponse(status: status, about: about, content: ["application/json": schema], headers: headers)
  }

  /// Anything else.
  static func file(_ types: [String], _ about: String, status: Int = 200, _ headers: Header...) -> APIResponse {
    let content = types.map { ($0, schema(of: $0)) }
    return APIResponse(
      status: status, about: about, content: Dictionary(uniqueKeysWithValues: content), headers: headers)
  }

  private static func schema(of type: String) -> APISchema {
    if type == "application/yaml" { return .yaml }
    if type == "text/event-stream" { return .events }
    return type.hasPrefix("audio/") || type == "application/octet-stream" ? .bytes : .text()
  }

  /// Nothing but the status.
  static func empty(_ status: Int, _ about: String, _ headers: Header...) -> APIResponse {
    APIResponse(status: status, about: about, content: [:], headers: headers)
  }

  static let problemType = "application/problem+json"

  /// As it stands in the document.
  var json: JSONValue {
    var members: [String: JSONValue] = ["description": .string(about)]
    if !content.isEmpty { members["content"] = .object(content.mapValues { .object(["schema": $0.json]) }) }
    if !headers.isEmpty {
      members["headers"] = .object(Dictionary(uniqueKeysWithValues: headers.map { ($0.rawValue, $0.json) }))
    }
    return .object(members)
  }
}
