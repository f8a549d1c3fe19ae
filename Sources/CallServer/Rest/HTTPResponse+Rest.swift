import CallDriver
import Formats
import JSON
import WebSockets

extension HTTPResponse {
  /// A document.
  /// - Parameter location: path of what was made.
  static func json(_ document: JSONObject, status: Int = 200, location: String? = nil) -> HTTPResponse {
    json(document.json, status: status, location: location)
  }

  /// JSON that is written already.
  static func json(_ bytes: [UInt8], status: Int = 200, location: String? = nil) -> HTTPResponse {
    var response = HTTPResponse(status: status, headers: [("content-type", "application/json")], body: bytes)
    if let location { response.headers.append(("location", location)) }
    return response
  }

  /// 400 with every fault of a file.
  static func problem(_ faults: FileFaults) -> HTTPResponse {
    HTTPResponse(
      status: 400, headers: [("content-type", "application/problem+json")], body: JSONObject.faultyFile(faults).json)
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

  /// What is wrong with the body of a request.
  static func problem(_ fault: WireFault) -> HTTPResponse {
    switch fault.code {
    case .messageTooLarge: .problem(status: 413, detail: fault.message)
    case .malformedJSON, .tooDeep: .problem(status: 400, detail: fault.message)
    default: .problem(status: 422, detail: fault.message)
    }
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

/// Why a request is not answered as it asks: what is answered instead.
struct RouteError: Error {
  let response: HTTPResponse

  init(_ response: HTTPResponse) { self.response = response }

  init(_ status: Int, _ detail: String) { self.init(.problem(status: status, detail: detail)) }
}
