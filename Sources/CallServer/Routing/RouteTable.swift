package import CallCore

/// Everything that the server answers besides the files of the page, and the scope that it needs. A route that is not here is not
/// answered at all: `RequestAuthorizer` looks it up before anybody else sees the request. What a route takes and answers is described in
/// `OpenAPI/Areas`, and a route without a description fails a test.
package enum RouteTable {
  /// What a path and a method were found to be.
  package enum Finding: Sendable {
    /// A line of the table.
    case route(Route)
    /// The path is in the table, but not with this method; those that are, as `Allow` wants them.
    case otherMethod(allowed: String)
    /// The path begins like one of the table, but is none.
    case nothing
    /// Perhaps a file of the page, which anybody may read.
    case page
  }

  /// In the order of `Rest.md`.
  package static let routes: [Route] = [
    Route("GET", "/openapi.json", .nothing),
    Route("GET", "/healthz", .nothing),
    Route("GET", "/readyz", .nothing),
    Route("GET", "/metrics", .scope(.read)),
    Route("GET", "/v1/call", .scope(.call)),
    Route("GET", "/api/flows", .scope(.read)),
    Route("POST", "/api/flows", .scope(.manage)),
    Route("POST", "/api/flows/check", .scope(.read)),
    Route("POST", "/api/flows/try", .scope(.read)),
    Route("GET", "/api/flows/*", .scope(.read)),
    Route("PUT", "/api/flows/*", .scope(.manage)),
    Route("DELETE", "/api/flows/*", .scope(.manage)),
    Route("GET", "/api/flows/*/text", .scope(.read)),
    Route("GET", "/api/flows/*/graph", .scope(.read)),
    Route("GET", "/api/flows/*/versions", .scope(.read)),
    Route("POST", "/api/flows/*/versions/*", .scope(.manage)),
    Route("GET", "/api/voices", .scope(.read)),
    Route("POST", "/api/voices", .scope(.manage)),
    Route("GET", "/api/voices/*", .scope(.read)),
    Route("DELETE", "/api/voices/*", .scope(.manage)),
    Route("GET", "/api/voices/*/sample", .scope(.read)),
    Route("GET", "/api/voice-library", .scope(.read)),
    Route("POST", "/api/clone-voice", .scope(.manage)),
    Route("GET", "/api/cloned-voices", .scope(.read)),
    Route("POST", "/api/cloned-voices", .scope(.manage)),
    Route("GET", "/api/cloned-voices/*", .scope(.read)),
    Route("DELETE", "/api/cloned-voices/*", .scope(.manage)),
    Route("POST", "/v1/audio/speech", .scope(.speech)),
    Route("POST", "/v1/audio/transcriptions", .scope(.speech)),
    Route("GET", "/v1/models", .scope(.read)),
    Route("GET", "/v1/models/**", .scope(.read)),
    Route("POST", "/api/tts", .scope(.speech)),
    Route("POST", "/api/stt", .scope(.speech)),
    Route("POST", "/api/vad", .scope(.speech)),
    Route("GET", "/api/calls", .scope(.read)),
    Route("GET", "/api/calls/*", .scope(.read)),
    Route("GET", "/api/calls/*/recording", .scope(.read)),
    Route("GET", "/api/usage", .scope(.read)),
    Route("GET", "/api/load", .scope(.read)),
    Route("POST", "/api/load", .scope(.manage)),
    Route("GET", "/api/load/*", .scope(.read)),
    Route("DELETE", "/api/load/*", .scope(.manage)),
    Route("GET", "/api/load/*/report", .scope(.read)),
    Route("GET", "/api/keys", .scope(.manage)),
    Route("POST", "/api/keys", .scope(.manage)),
    Route("DELETE", "/api/keys/*", .scope(.manage)),
    Route("POST", "/api/call-tokens", .scope(.call)),
    Route("GET", "/api/export", .scope(.manage)),
    Route("GET", "/api/export/calls", .scope(.manage)),
    Route("GET", "/api/export/calls/*", .scope(.manage)),
    Route("GET", "/api/export/calls/*/recording", .scope(.manage)),
    Route("GET", "/api/export/runs", .scope(.manage)),
    Route("GET", "/api/export/runs/*", .scope(.manage)),
    Route("GET", "/api/export/cases", .scope(.manage)),
    Route("GET", "/api/export/flows", .scope(.manage)),
    Route("GET", "/api/export/voices", .scope(.manage)),
    Route("GET", "/api/export/keys", .scope(.manage)),
    Route("GET", "/api/export/usage", .scope(.manage)),
    Route("GET", "/testcases", .scope(.read)),
    Route("POST", "/testcases", .scope(.manage)),
    Route("GET", "/testcases/**", .scope(.read)),
    Route("PUT", "/testcases/**", .scope(.manage)),
    Route("DELETE", "/testcases/**", .scope(.manage)),
    Route("POST", "/test/run", .scope(.manage)),
    Route("GET", "/testruns", .scope(.read)),
    Route("GET", "/testruns/*", .scope(.read)),
    Route("GET", "/testruns/*/progress", .scope(.read)),
    Route("GET", "/testruns/*/report", .scope(.read)),
    Route("GET", "/testruns/*/report.json", .scope(.read)),
    Route("GET", "/testruns/*/junit.xml", .scope(.read)),
  ]

  /// What paths of the table begin with: nothing there is ever a file.
  private static let firstParts = Set(routes.compactMap(\.pattern.first))

  /// - Parameter path: in its parts.
  package static func find(_ method: String, _ path: [String]) -> Finding {
    guard let firstPart = path.first, firstParts.contains(firstPart) else { return .page }
    let all = routes.filter { $0.fits(path) }
    // A path that is named in the table is no other route's parameter: `/api/flows/check` is no flow.
    guard let fewest = all.map(\.openParts).min() else { return .nothing }
    let fitting = all.filter { $0.openParts == fewest }
    let asked = method == "HEAD" ? "GET" : method
    if let route = fitting.first(where: { $0.method == asked }) { return .route(route) }
    return .otherMethod(allowed: fitting.map { $0.method == "GET" ? "GET, HEAD" : $0.method }.joined(separator: ", "))
  }
}

/// One thing that can be asked for, and what a key must be good for to ask it.
package struct Route: Sendable {
  /// Who may ask.
  package enum RequiredScope: Sendable, Equatable {
    /// Anybody, even where there are keys.
    case nothing
    /// Whoever holds a key of this scope.
    case scope(KeyScope)
  }

  /// `GET` stands for `HEAD` too.
  package let method: String
  /// The parts of its path: `*` stands for any one part, `**` at the end for one and more.
  package let pattern: [String]
  /// See `RequiredScope`; without it there is no route.
  package let requiredScope: RequiredScope

  /// - Parameter path: such as `/api/calls/*`.
  init(_ method: String, _ path: String, _ requiredScope: RequiredScope) {
    self.method = method
    pattern = path.split(separator: "/").map(String.init)
    self.requiredScope = requiredScope
  }

  /// Parts of the pattern that stand for any.
  var openParts: Int { pattern.count { $0.hasPrefix("*") } }

  /// Whether a path, in its parts, is this route's.
  func fits(_ path: [String]) -> Bool {
    if pattern.last == "**" {
      return path.count >= pattern.count && zip(pattern.dropLast(), path).allSatisfy { $0 == "*" || $0 == $1 }
    }
    return path.count == pattern.count && zip(pattern, path).allSatisfy { $0 == "*" || $0 == $1 }
  }
}
