import CallDriver
import Formats
import JSON
import WebSockets

extension HTTPResponse {
  /// 200 with a document.
  static func json(_ document: some JSONDocument) -> HTTPResponse { json(document.json) }

  /// 200 with JSON that is written already.
  static func json(_ bytes: [UInt8]) -> HTTPResponse {
    HTTPResponse(status: 200, headers: [("content-type", "application/json")], body: bytes)
  }

  /// 404, or 405 where the path takes other methods: beside OpenAI's endpoints as they say it, elsewhere as a problem.
  /// - Parameter allowed: the methods, as `Allow` wants them.
  static func unrouted(_ request: HTTPRequest, allowed: String? = nil) -> HTTPResponse {
    let path = request.path.split(separator: "/")
    let shape: SpeechRefusal.Shape = path.first == "v1" && path != ["v1", "call"] ? .openAI : .problem
    guard let allowed else { return SpeechRefusal(404, "nothing is at \(request.path)").response(shape) }
    var response = SpeechRefusal(405, "\(request.path) takes \(allowed)").response(shape)
    response.headers.append(("allow", allowed))
    return response
  }

  /// What a store could not do.
  static func problem(_ error: StoreError) -> HTTPResponse {
    switch error {
    case .badCursor(let cursor):
      .problem(status: 400, detail: "cursor: \(cursor) was not given out here; begin without one")
    case .unavailable(let why): .later(5, "the store does not answer: \(why)")
    }
  }
}
