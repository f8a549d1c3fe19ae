import Formats
import JSON

/// The OpenAPI 3.1 document of the server, served at `/openapi.json`.
///
/// It lists the routes of `RouteTable` with the scopes that stand there; what each takes and answers is said by an `APIOperation` of one of
/// `APIArea.all`. A route without one has no place in the document, and a test finds it.
public enum APIDocument {
  /// Where it is served.
  static let path = "openapi.json"

  /// The document, UTF-8: the same bytes each time.
  /// - Parameter version: of the program.
  public static func json(version: String) -> [UInt8] {
    var writer = JSONWriter(reserving: 1 << 17)
    writer.object { writer in
      writer.field("openapi", "3.1.0")
      writer.field("info", info(version))
      writer.list("tags", APIArea.all) { writer, area in
        writer.value(.object(["name": .string(area.name), "description": .string(area.about)]))
      }
      writer.field("paths", paths)
      writer.field("components", components)
    }
    return writer.bytes
  }

  /// Routes that no operation describes.
  package static var undescribed: [String] {
    let described = APIArea.all.flatMap(\.operations)
    return RouteTable.routes.filter { route in !described.contains { $0.describes(route) } }
      .map(name)
  }

  /// Operations that no route has.
  package static var unrouted: [String] {
    APIArea.all.flatMap(\.operations).filter { operation in !RouteTable.routes.contains(where: operation.describes) }
      .map(\.route)
  }

  /// Largest body that a route takes; `nil` where none is described.
  static func bodyBytesMax(of route: Route) -> Int? { bodyLimits[Self.name(of: route)] }

  private static let bodyLimits: [String: Int] = {
    var limits: [String: Int] = [:]
    for operation in APIArea.all.flatMap(\.operations) {
      guard let body = operation.body, let route = RouteTable.routes.first(where: operation.describes) else { continue }
      limits[name(of: route)] = body.bytesMax
    }
    return limits
  }()

  private static func name(of route: Route) -> String { "\(route.method) /\(route.pattern.joined(separator: "/"))" }

  private static func info(_ version: String) -> JSONValue {
    .object([
      "title": .string("VoiceForge"), "version": .string(version),
      "license": .object(["name": .string("Apache-2.0"), "identifier": .string("Apache-2.0")]),
      "description": .string(
        """
        A real-time voice call simulator: calls over WebSockets, agent flows, speech over HTTP, test cases and load tests.

        Where the server has keys, every operation but those without `x-scope` needs one with that scope. Where it has none, nobody is \
        asked. `HEAD` is answered wherever `GET` is. Another method is 405 with `Allow`, a path that is not here 404; both come before \
        any key is looked at. Errors are `application/problem+json` (RFC 9457), or in OpenAI's shape below `/v1/audio` and \
        `/v1/models`. Bodies come with `Content-Length` or in chunks. Members that are not described here are ignored.
        """),
    ])
  }

  private static var paths: JSONValue {
    var paths: [String: [String: JSONValue]] = [:]
    for area in APIArea.all {
      for operation in area.operations {
        guard let route = RouteTable.routes.first(where: operation.describes) else { continue }
        paths[operation.path, default: [:]][operation.method.lowercased()] = operation.json(
          area.name, route.requiredScope)
      }
    }
    return .object(paths.mapValues(JSONValue.object))
  }

  private static var components: JSONValue {
    let schemas = APIArea.all.flatMap(\.schemas).map { ($0.key, $0.value.json) }
    return .object([
      "schemas": .object(Dictionary(uniqueKeysWithValues: schemas)),
      "responses": .object([
        "MethodNotAllowed": APIResponse.problem(405, "The path does not take this method.", .allow).json
      ]),
      "securitySchemes": .object([
        "bearer": .object([
          "type": .string("http"), "scheme": .string("bearer"),
          "description": .string("A key that `POST /api/keys` made, or the server's `VOICE_API_KEY`."),
        ]),
        "apiKey": .object([
          "type": .string("apiKey"), "in": .string("header"), "name": .string("x-api-key"),
          "description": .string("The same key in a header of its own."),
        ]),
        "callToken": .object([
          "type": .string("apiKey"), "in": .string("query"), "name": .string("token"),
          "description": .string("A token of `POST /api/call-tokens`: opens one call, once, within 30 s."),
        ]),
      ]),
    ])
  }
}

/// Routes that belong together, with the schemas that are theirs.
struct APIArea: Sendable {
  /// Its name in the document.
  var name: String
  /// One sentence.
  var about: String
  var operations: [APIOperation]
  /// By name.
  var schemas: [String: APISchema]

  /// In the order of the document.
  static let all: [APIArea] = [server, calls, flows, voices, speech, tests, usage, loads, keys, export]
}
