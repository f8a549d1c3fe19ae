import CallServer
import Testing

@Suite("The route table")
struct RouteTableTests {
  @Test(
    "a path finds its row, with what stands for the parameters",
    arguments: [
      ("GET", "/api/flows", "GET /api/flows", [:]), ("HEAD", "/api/flows/", "GET /api/flows", [:]),
      ("GET", "/api/flows/night/text", "GET /api/flows/{flow}/text", [.flow: "night"]),
      (
        "POST", "/api/flows/check/versions/3", "POST /api/flows/{flow}/versions/{version}",
        [.flow: "check", .version: "3"]
      ),
      ("PUT", "/testcases/a/b/c", "PUT /testcases/{case}", [.testCase: "a/b/c"]),
      ("GET", "/v1/models/tts", "GET /v1/models/{model}", [.model: "tts"]),
      ("GET", "/api/voices/en us", "GET /api/voices/{voice}", [.voice: "en+us"]),
    ] as [(String, String, String, [PathParameter: String])])
  func found(method: String, path: String, row: String, arguments: [PathParameter: String]) {
    guard case .route(let route, let found) = RouteTable.find(method, path) else {
      Issue.record("\(method) \(path) is no route")
      return
    }
    #expect("\(route.method) \(route.path)" == row && found == arguments)
  }

  @Test(
    "what stands in a path as it is goes before a parameter, also where it takes fewer methods",
    arguments: [
      ("GET", "/api/flows/check", "POST"), ("PATCH", "/api/flows/night", "GET, HEAD, PUT, DELETE"),
      ("DELETE", "/testcases", "GET, HEAD, POST"), ("POST", "/v1/call", "GET, HEAD"),
    ])
  func otherMethod(method: String, path: String, allowed: String) {
    guard case .otherMethod(let found) = RouteTable.find(method, path) else {
      Issue.record("\(path) is not there, or takes \(method)")
      return
    }
    #expect(found == allowed)
  }

  @Test("a path that only begins like a route is none; another may be a file")
  func nothing() {
    for path in ["/api", "/api/calls/1/2", "/test", "/healthz/more"] {
      if case .route = RouteTable.find("PUT", path) { Issue.record("\(path) is a route") }
    }
    guard case .nothing = RouteTable.find("GET", "/api/calls/1/2"), case .page = RouteTable.find("GET", "/js/call.js"),
      case .page = RouteTable.find("GET", "/")
    else {
      Issue.record("one of them is something else")
      return
    }
  }
}
