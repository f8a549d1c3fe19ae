import Formats
import JSON

/// The OpenAPI 3.1 document of the server, served at `/openapi.json`.
///
/// It is made from the rows of `RouteTable` and the schemas that stand beside them.
public enum APIDocument {
  /// The document, UTF-8: the same bytes each time.
  /// - Parameter version: of the program.
  public static func json(version: String) -> [UInt8] {
    var writer = JSONWriter(reserving: 1 << 17)
    writer.object { writer in
      writer.field("openapi", "3.1.0")
      writer.field("info", info(version))
      writer.list("tags", RouteTable.areas) { writer, area in
        writer.value(.object(["name": .string(area.name), "description": .string(area.about)]))
      }
      writer.field("paths", paths)
      writer.field("components", components)
    }
    return writer.bytes
  }

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
    for area in RouteTable.areas {
      for route in area.routes {
        paths[route.path, default: [:]][route.method.lowercased()] = route.json(in: area.name)
      }
    }
    return .object(paths.mapValues(JSONValue.object))
  }

  private static var components: JSONValue {
    let schemas = RouteTable.areas.flatMap(\.schemas).map { ($0.key, $0.value.json) }
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
