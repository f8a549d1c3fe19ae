import WebSockets
import Wires

/// Everything that the server answers besides the files of the page. A route that is not here is not answered at all:
/// `RequestAuthorizer` looks it up before anybody else sees the request. The rows stand in `Rest/Routes`.
package enum RouteTable {
  /// What a path and a method were found to be.
  package enum Finding: Sendable {
    /// A row, with what the path has in the place of its parameters.
    case route(Route, [PathParameter: String])
    /// The path is in the table, but not with this method; those that are, as `Allow` wants them.
    case otherMethod(allowed: String)
    /// The path begins like one of the table, but is none.
    case nothing
    /// Perhaps a file of the page, which anybody may read.
    case page

    /// The methods that the path takes besides the one that was asked for; `nil`: none.
    var allowed: String? {
      switch self {
      case .page: "GET, HEAD"
      case .otherMethod(let allowed): allowed
      case .nothing, .route: nil
      }
    }
  }

  /// In the order of the OpenAPI document.
  static let areas: [RouteArea] = [
    .server, .calls, .realtime, .jsonWire, .telephony, .telephonyAccounts, .phoneCalls, .flows, .nodeFlows, .voices,
    .speech, .chat, .tests,
    .usage, .loads, .keys, .export,
  ]
  /// Every row.
  package static let routes: [Route] = areas.flatMap(\.routes)
  /// Where calls are placed over our own wire.
  static let callPath = "/v1/call"
  /// Where WebSockets carry calls, and over which wire.
  static let wires: [String: CallWire] = Dictionary(
    uniqueKeysWithValues: [(callPath, .voiceforge)] + realtimePaths.map { ($0, .realtime) } + [(jsonPath, .legacy)]
      + CallWire.telephony.map { ("/\($0.rawValue)/stream", $0) })
  /// Where clients of the JSON wire connect to.
  static let jsonPath = "/ws/realtime"
  /// Where clients of OpenAI's Realtime protocol connect to.
  static let realtimePaths = ["/v1/realtime", "/realtime"]

  /// Where a provider connects calls that were dialed from here: our id of the call and a token follow.
  static let callerStreamPath = "/caller/stream"

  /// Whether a path is that of a call that was dialed from here.
  static func isCallerStream(_ path: String) -> Bool { path.hasPrefix(callerStreamPath + "/") }

  /// The wire of a path; a token may stand behind that of a media stream. `nil`: no calls there.
  static func wire(at path: String) -> CallWire? {
    if let wire = wires[path] { return wire }
    guard let slash = path.lastIndex(of: "/"), let wire = wires[String(path[..<slash])],
      CallWire.telephony.contains(wire)
    else {
      return nil
    }
    return wire
  }
  /// Largest body that any route takes.
  static let bodyBytesMax = routes.compactMap(\.bodyBytesMax).max() ?? 0

  private static let tree = RouteTree(routes)

  /// Looks a request up, unless that was done when it announced its body.
  static func find(_ request: HTTPRequest) -> Finding {
    request.attachment as? Finding ?? find(request.method, request.path)
  }

  package static func find(_ method: String, _ path: String) -> Finding {
    let parts = path.split(separator: "/").map(String.init)
    // Nothing is ever a file that begins like a path of the table.
    guard let first = parts.first, tree.begins(with: first) else { return .page }
    let fitting = tree.routes(at: parts[...])
    guard !fitting.isEmpty else { return .nothing }
    let asked = method == "HEAD" ? "GET" : method
    if let route = fitting.first(where: { $0.method == asked }) {
      return .route(route, route.pattern.arguments(in: parts))
    }
    return .otherMethod(allowed: fitting.map { $0.method == "GET" ? "GET, HEAD" : $0.method }.joined(separator: ", "))
  }
}

/// The routes by the parts of their paths. What stands in a pattern as it is goes before a parameter: `/api/flows/check` is no flow.
private struct RouteTree: Sendable {
  /// Those whose pattern ends here.
  private let ends: [Route]
  private let literals: [String: RouteTree]
  /// Behind a parameter of one part; none or one.
  private let parameter: [RouteTree]
  /// Those whose last parameter takes the rest of the path.
  private let rest: [Route]

  /// - Parameter depth: parts of the patterns that lead here.
  init(_ routes: [Route], depth: Int = 0) {
    var (ends, literals, parameter, rest) = ([Route](), [String: [Route]](), [Route](), [Route]())
    for route in routes {
      guard depth < route.pattern.parts.count else {
        ends.append(route)
        continue
      }
      switch route.pattern.parts[depth] {
      case .literal(let text): literals[text, default: []].append(route)
      case .parameter(let name) where name.takesRest: rest.append(route)
      case .parameter: parameter.append(route)
      }
    }
    (self.ends, self.rest) = (ends, rest)
    self.literals = literals.mapValues { RouteTree($0, depth: depth + 1) }
    self.parameter = parameter.isEmpty ? [] : [RouteTree(parameter, depth: depth + 1)]
  }

  func begins(with part: String) -> Bool { literals[part] != nil }

  func routes(at path: ArraySlice<String>) -> [Route] {
    guard let first = path.first else { return ends }
    for branch in [literals[first], parameter.first] {
      if let found = branch?.routes(at: path.dropFirst()), !found.isEmpty { return found }
    }
    return rest
  }
}
