import TestSupport
import Threads
import WebSockets

/// Stands in for Twilio's REST API on a free port of this machine: answers as it was told and remembers what it was asked.
final class TwilioDouble: Sendable {
  /// One request, with the fields of its form.
  struct Asked: Sendable {
    var method: String
    var path: String
    var authorization: String
    var fields: [HTTPRequest.QueryItem]

    func all(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }
    subscript(name: String) -> String? { all(name).first }
    /// Whether it ends a call.
    var isHangUp: Bool { path.hasSuffix(".json") && !path.hasSuffix("/Calls.json") && self["Status"] == "completed" }
  }

  /// What is answered; `nil`: nothing, ever.
  typealias Answer = @Sendable (Asked) -> HTTPResponse?

  static let sid = "CA" + String(repeating: "1", count: 32)

  private let service: DoubledService
  /// In order.
  let asked: Probe<[Asked]>

  init(
    _ answer: @escaping Answer = {
      TwilioDouble.call(status: $0.path.hasSuffix("/Calls.json") ? "queued" : "completed")
    }
  )
    throws
  {
    asked = Probe([])
    service = try DoubledService("twilio double", Handler(answer: answer, asked: asked))
  }

  var url: String { service.url }
  var hangUps: Int { asked.current.count(where: \.isHangUp) }

  /// A call as the API answers it.
  static func call(status: String) -> HTTPResponse {
    HTTPResponse(
      status: 201, contentType: "application/json", text: #"{"sid":"\#(sid)","status":"\#(status)","price":null}"#)
  }

  /// A failure as the API answers it.
  static func problem(_ status: Int, code: Int, _ message: String, retryAfter: String? = nil) -> HTTPResponse {
    var response = HTTPResponse(
      status: status, contentType: "application/json",
      text:
        #"{"code":\#(code),"message":"\#(message)","more_info":"https://www.twilio.com/docs/errors/\#(code)","status":\#(status)}"#
    )
    if let retryAfter { response.headers.append(("retry-after", retryAfter)) }
    return response
  }

  private final class Handler: HTTPHandler {
    let answer: Answer
    let asked: Probe<[Asked]>
    private let waiting = Locked<[HTTPReply]>([])

    init(answer: @escaping Answer, asked: Probe<[Asked]>) { (self.answer, self.asked) = (answer, asked) }

    func respond(to request: HTTPRequest, reply: HTTPReply) {
      let asked = Asked(
        method: request.method, path: request.path, authorization: request.headers["authorization"] ?? "",
        fields: HTTPRequest.formFields(request.body) ?? [])
      self.asked.change { $0.append(asked) }
      if let response = answer(asked) { reply.send(response) } else { waiting.withLock { $0.append(reply) } }
    }
  }
}
