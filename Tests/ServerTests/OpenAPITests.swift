import CallCore
import CallServer
import FoundationEssentials
import JSON
import Testing
import WebSockets

extension ServerTests {
  @Suite("The OpenAPI document")
  struct OpenAPITests {
    @Test("methods, paths and scopes are those of the table")
    func scopes() throws {
      let document = try JSONValue(parsing: APIDocument.json(version: "1.2.3"))
      #expect(document.text(at: "openapi") == "3.1.0" && document.text(at: "info.version") == "1.2.3")
      guard case .object(let paths)? = document["paths"] else {
        Issue.record("no paths")
        return
      }
      var found: [String] = []
      for (path, item) in paths {
        guard case .object(let operations) = item else { continue }
        for (method, operation) in operations {
          found.append("\(method.uppercased()) \(path) \(operation.text(at: "x-scope") ?? "-")")
        }
      }
      let wanted = RouteTable.routes.map { "\($0.method) \($0.path) \($0.scope?.rawValue ?? "-")" }
      #expect(found.sorted() == wanted.sorted())
    }

    @Test("whatever needs what is kept for telephone calls says that a server may keep nothing: 404")
    func telephony() throws {
      let document = try JSONValue(parsing: APIDocument.json(version: "1"))
      let routes = RouteTable.routes.filter { $0.path.hasPrefix("/api/telephony/") }
      #expect(routes.count > 20)
      for route in routes {
        let operation = document["paths"]?[route.path]?[route.method.lowercased()]
        #expect(operation?["responses"]?["404"] != nil, "\(route.method) \(route.path)")
      }
    }

    @Test("Rest.md lists the rows of the table")
    func listed() throws {
      let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Sources/Formats/Rest/Rest.md")
      let listed = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").drop { $0 != "## All routes" }
        .drop { !$0.hasPrefix("|") }.prefix { $0.hasPrefix("|") }
      let rows = RouteTable.routes.map { route in
        let scope = route.scope.map { "`\($0.rawValue)`" } ?? "none"
        let body = route.bodyBytesMax.map { "\($0 >> 10) KiB" } ?? "–"
        return "| `\(route.method) \(route.path)` | \(scope) | \(body) | \(route.summary) |"
      }
      let wanted = ["| route | scope | body at most | what it does |", "|---|---|---|---|"] + rows
      #expect(listed.map(String.init) == wanted, "Rest.md should have:\n\(wanted.joined(separator: "\n"))")
    }

    @Test("every reference leads somewhere, every name is used, and ids of operations are unique")
    func references() throws {
      let text = String(decoding: APIDocument.json(version: "1"), as: UTF8.self)
      let document = try JSONValue(parsing: text)
      guard case .object(let schemas)? = document.value(at: "components.schemas") else {
        Issue.record("no schemas")
        return
      }
      let used = Set(text.matches(of: /"#\/components\/schemas\/([A-Za-z]+)"/).map { String($0.1) })
      #expect(used == Set(schemas.keys))
      let ids = text.matches(of: /"operationId":"([A-Za-z]+)"/).map { String($0.1) }
      #expect(ids.count == RouteTable.routes.count && Set(ids).count == ids.count)
    }

    @Test("the server serves it to everybody, the same that the program prints")
    func served() throws {
      let keyed = try KeyedServer()
      let answer = try keyed.ask("GET", "/openapi.json")
      #expect(answer.status == 200 && answer.headers["content-type"] == "application/json")
      #expect(answer.body == APIDocument.json(version: "0.1.0"))
    }
  }
}
