import CallCore
import CallServer
import JSON
import TestSupport
import Testing
import WebSockets
import Wires

/// What Twilio's REST API is asked, and what becomes of its answers.
@Suite("Twilio's REST API")
struct TwilioClientTests {
  private static let token = "a-token-that-nobody-may-see"

  private static func client(_ url: String, _ client: HTTPClient) -> TwilioClient {
    var account = TwilioAccount(sid: "AC1", token: token)
    account.baseURL = url
    return TwilioClient(account, client: client)
  }

  private static let request = TwilioCallRequest(
    to: "+15550100", from: "+15550101", twiML: TwiML(streamURL: "wss://voice.example/caller/stream/r1/t1"),
    statusURL: "https://voice.example/webhooks/voice/twilio?id=r1", ringSeconds: 45, limitSeconds: 120)

  private static func create(_ answer: @escaping TwilioDouble.Answer) throws -> (
    Result<TwilioCallAnswer, DialFault>, TwilioDouble
  ) {
    let double = try TwilioDouble(answer)
    let http = HTTPClient()
    defer { http.stop() }
    let result = Probe<Result<TwilioCallAnswer, DialFault>?>(nil)
    client(double.url, http).create(request) { answer in result.change { $0 = answer } }
    try #require(result.wait { $0 != nil })
    return (try #require(result.current), double)
  }

  @Test("a call is created, asked for and hung up under the account's path with its token")
  func requests() throws {
    let (created, double) = try Self.create { _ in TwilioDouble.call(status: "queued") }
    let call = try created.get()
    #expect(call.sid == TwilioDouble.sid && call.status == .queued)
    let asked = try #require(double.asked.current.first)
    #expect(asked.method == "POST" && asked.path == "/2010-04-01/Accounts/AC1/Calls.json")
    #expect(asked.authorization == "Basic QUMxOmEtdG9rZW4tdGhhdC1ub2JvZHktbWF5LXNlZQ==")
    #expect(asked["To"] == "+15550100" && asked["From"] == "+15550101" && asked["Record"] == nil)
    #expect(asked["Timeout"] == "45" && asked["TimeLimit"] == "120")
    #expect(asked["StatusCallback"] == Self.request.statusURL && asked["StatusCallbackMethod"] == "POST")
    #expect(asked.all("StatusCallbackEvent") == ["initiated", "ringing", "answered", "completed"])
    #expect(asked["Twiml"] == Self.request.twiML.text)

    let http = HTTPClient()
    defer { http.stop() }
    let done = Probe(0)
    Self.client(double.url + "/", http).hangUp(call.sid) { fault in
      #expect(fault == nil)
      done.change { $0 += 1 }
    }
    Self.client(double.url, http).fetch(call.sid) { _ in done.change { $0 += 1 } }
    #expect(done.wait { $0 == 2 })
    let path = "/2010-04-01/Accounts/AC1/Calls/\(call.sid).json"
    #expect(Set(double.asked.current.dropFirst().map { "\($0.method) \($0.path)" }) == ["POST \(path)", "GET \(path)"])
    #expect(double.hangUps == 1)
  }

  @Test(
    "each failure of the other side has a reason of its own, and none shows the token",
    arguments: [
      (
        TwilioDouble.problem(401, code: 20003, "Authenticate \(token)"),
        "refused the account AC1 (20003: Authenticate …)"
      ),
      (TwilioDouble.problem(429, code: 20429, "Too Many Requests", retryAfter: "7"), "again in 7 s"),
      (TwilioDouble.problem(429, code: 20429, "Too Many Requests", retryAfter: "soon"), "no more requests now"),
      (TwilioDouble.problem(400, code: 21211, "The 'To' number is not valid"), "status 400 (21211: The 'To'"),
      (TwilioDouble.problem(400, code: 21215, "Account not authorized to call +15550100"), "to call +xxxxxx00)"),
      (TwilioDouble.problem(404, code: 20404, "not found"), "the call is over"),
      (HTTPResponse(status: 404, contentType: "text/html", text: "<html>"), "status 404"),
      (TwilioDouble.problem(500, code: 20500, "Internal"), "failed with status 500 (20500: Internal)"),
      (HTTPResponse(status: 503, contentType: "text/html", text: "<html>\nbusy"), "failed with status 503"),
      (HTTPResponse(status: 302, headers: [("location", "http://127.0.0.1:1/")]), "status 302"),
      (HTTPResponse(status: 201, contentType: "application/json", text: "{not json"), "makes no sense"),
      (HTTPResponse(status: 201, contentType: "application/json", text: "[]"), "makes no sense"),
      (HTTPResponse(status: 201, contentType: "application/json", text: #"{"status":"queued"}"#), "sid"),
      (HTTPResponse(status: 201, contentType: "application/json", text: #"{"sid":"../x","status":"queued"}"#), "sid"),
      (
        HTTPResponse(status: 201, contentType: "application/json", text: #"{"sid":"CA1","status":"dancing"}"#), "status"
      ),
      (
        HTTPResponse(status: 201, contentType: "application/json", text: String(repeating: " ", count: 70_000)),
        "makes no sense"
      ),
    ])
  func failures(response: HTTPResponse, expected: String) throws {
    guard case .failure(let fault) = try Self.create({ _ in response }).0 else {
      Issue.record("a failure was taken for a call")
      return
    }
    #expect(fault.description.contains(expected), "\(fault)")
    #expect(!fault.description.contains(Self.token) && !fault.description.contains("+1555"))
  }

  @Test("nobody there")
  func unreachable() throws {
    let http = HTTPClient()
    defer { http.stop() }
    let result = Probe<DialFault?>(nil)
    // Port 1 of this machine: nobody listens there.
    Self.client("http://127.0.0.1:1", http).hangUp("CA1") { fault in result.change { $0 = fault } }
    #expect(result.wait { $0 != nil })
    #expect(result.current?.description.contains("cannot be reached") == true)
  }
}
