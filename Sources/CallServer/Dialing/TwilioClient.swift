import JSON
package import WebSockets
package import Wires

/// A Twilio account whose REST API places calls.
public struct TwilioAccount: Sendable {
  /// `AC` and 32 hexadecimal digits.
  public var sid: String
  /// Whose token it is: the account itself, or an API key of it, `SK` and 32 hexadecimal digits.
  public var user: String
  /// Its token, or the key's secret: never logged, answered or shown in an error.
  public var token: String
  /// Where the REST API is.
  public var baseURL = TwilioRest.baseURL

  /// - Parameters: as the account's page shows them.
  public init(sid: String, token: String) { (self.sid, self.user, self.token) = (sid, sid, token) }
}

/// Asks Twilio's REST API for calls. Any thread; nothing blocks, and each completion is called once, on the client's thread.
package final class TwilioClient: Sendable {
  /// Longest wait for an answer. Twilio answers a new call within a second; a call that rang twice would be worse than one that is late.
  private static let answerMax = Duration.seconds(15)

  private let account: TwilioAccount
  private let client: HTTPClient
  private let authorization: String

  /// - Parameter client: whose thread answers come on.
  package init(_ account: TwilioAccount, client: HTTPClient) {
    (self.account, self.client) = (account, client)
    authorization = "Basic " + KeyedDigest.base64(Array("\(account.user):\(account.token)".utf8))
  }

  /// Has a call placed. Asked once: an answer that does not come says nothing of the call.
  package func create(
    _ call: TwilioCallRequest, completion: @escaping @Sendable (Result<TwilioCallAnswer, DialFault>) -> Void
  ) {
    ask("POST", TwilioRest.callsURL(account.baseURL, account: account.sid), body: call.form, completion)
  }

  /// Asks how far a call is.
  package func fetch(
    _ sid: String, completion: @escaping @Sendable (Result<TwilioCallAnswer, DialFault>) -> Void
  ) {
    ask("GET", TwilioRest.callURL(account.baseURL, account: account.sid, call: sid), completion)
  }

  /// Hangs a call up, whether it rings or goes on. One that is over already counts as hung up.
  package func hangUp(_ sid: String, completion: @escaping @Sendable (DialFault?) -> Void) {
    let url = TwilioRest.callURL(account.baseURL, account: account.sid, call: sid)
    ask("POST", url, body: TwilioRest.hangUpForm) { result in
      switch result {
      case .success, .failure(.gone): completion(nil)
      case .failure(let fault): completion(fault)
      }
    }
  }

  private func ask(
    _ method: String, _ url: String, body: [UInt8] = [],
    _ completion: @escaping @Sendable (Result<TwilioCallAnswer, DialFault>) -> Void
  ) {
    var headers = [(name: "authorization", value: authorization), (name: "accept", value: "application/json")]
    if !body.isEmpty { headers.append((name: "content-type", value: "application/x-www-form-urlencoded")) }
    let request = HTTPClientRequest(
      method: method, url: url, headers: headers, body: body, timeout: Self.answerMax,
      responseBytesMax: TwilioRest.answerBytesMax)
    client.send(request) { [account] result in
      completion(Self.answer(result, to: account))
    }
  }

  private static func answer(
    _ result: Result<HTTPClientResponse, HTTPClientError>, to account: TwilioAccount
  ) -> Result<TwilioCallAnswer, DialFault> {
    switch result {
    case .failure(let error): return .failure(DialFault(error))
    case .success(let response):
      guard (200..<300).contains(response.status) else {
        var problem = TwilioProblem(parsing: response.body)
        // What the other side says is logged, and shown to people who may read no numbers; and it was told the token.
        problem.message = PhoneNumber.masking(problem.message.replacing(account.token, with: "…"))
        return .failure(DialFault(response, problem, account: account.sid))
      }
      do throws(WireFault) {
        return .success(try TwilioCallAnswer(parsing: response.body))
      } catch {
        return .failure(.malformed(PhoneNumber.masking(error.message)))
      }
    }
  }
}
