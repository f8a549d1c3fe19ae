package import CallCore

/// One row of the route table: what can be asked for, what a key must be good for to ask it, who answers it, and how it is described.
///
/// ```swift
/// Route(
///   "GET /api/flows/{flow}", "getFlow", "One flow", scope: .read, .onLoop(FlowController.one),
///   answers: [.json(.named("Flow"), "Its newest version.", .etag), .problem(404, "No such flow.")])
/// ```
/// Authorisation, the cross-origin check, 404, 405 with `Allow`, `HEAD`, the limit of the body, the blocking pool and the OpenAPI document
/// follow from it.
package struct Route: Sendable {
  /// `GET` stands for `HEAD` too.
  package let method: String
  /// See `PathPattern`.
  let pattern: PathPattern
  /// What a key must be good for; `nil`: anybody may ask, even where there are keys.
  package let scope: KeyScope?
  /// Whether Twilio's signature stands for a key, and is asked for where its token is known.
  let isSigned: Bool
  /// Whether a one-time token in its path stands for a key; a provider's signature is looked at where there is one.
  let hasStreamToken: Bool
  /// Whether its handler believes the signature of the account that a call belongs to, and nobody else.
  let isAccountSigned: Bool
  /// Who answers, and on which thread.
  let handler: RouteHandler
  /// For generated clients.
  let id: String
  /// One line.
  package let summary: String
  /// More, if there is more to say.
  let about: String
  /// Those of the query and the head; the path names its own.
  let parameters: [APIParameter]
  /// What it takes; `nil`: no body.
  let body: APIBody?
  /// The shape of its errors, but for those of keys and origins, which are problems.
  let errors: SpeechRefusal.Shape
  /// Besides those that follow from the kind of the route.
  let answers: [APIResponse]

  /// - Parameter route: method and path, such as `GET /api/flows/{flow}`.
  init(
    _ route: String, _ id: String, _ summary: String, scope: KeyScope?, _ handler: RouteHandler, about: String = "",
    _ parameters: [APIParameter] = [], body: APIBody? = nil, errors: SpeechRefusal.Shape = .problem,
    isSigned: Bool = false, hasStreamToken: Bool = false, isAccountSigned: Bool = false,
    answers: [APIResponse]
  ) {
    method = String(route.prefix { $0 != " " })
    pattern = PathPattern(String(route.drop { $0 != " " }.dropFirst()))
    self.scope = scope
    self.handler = handler
    self.id = id
    self.summary = summary
    self.about = about
    self.parameters = parameters
    self.body = body
    self.errors = errors
    self.isSigned = isSigned
    self.hasStreamToken = hasStreamToken
    self.isAccountSigned = isAccountSigned
    self.answers = answers
  }

  /// Such as `/api/flows/{flow}`.
  package var path: String { pattern.text }
  /// Longest body; `nil`: it takes none.
  package var bodyBytesMax: Int? { body?.bytesMax }
}

/// Routes that belong together, with the schemas that are theirs.
struct RouteArea: Sendable {
  /// Its name in the OpenAPI document.
  var name: String
  /// One sentence.
  var about: String
  /// The rows; those of one path in the order in which `Allow` names their methods.
  var routes: [Route]
  /// By name.
  var schemas: [String: APISchema]
}
