import CallCore
import JSON
import Simulation
import Threads
import WebSockets
import Wires

/// Asks a bot's web server, as Twilio does when a call comes in, where to connect the call to.
struct TelephonyFrontDoor {
  /// `http:` or `https:`.
  let url: String
  /// Gives the signature of a text; `nil`: nothing is signed.
  let sign: (@Sendable (String) -> String)?

  /// Twilio gives a web server 15 s (https://www.twilio.com/docs/api/errors/11200).
  private static let answerMax = Duration.seconds(15)

  /// Posts the call's form and reads the TwiML that comes back. Blocks.
  func open(_ call: TelephonyCall) throws(CallFailure) -> TwiML {
    let form = call.voiceForm
    var headers = [(name: "content-type", value: "application/x-www-form-urlencoded")]
    if let sign { headers.append(("x-twilio-signature", sign(url + form.signed))) }
    let request = HTTPClientRequest(
      method: "POST", url: url, headers: headers, body: Array(form.body.utf8), timeout: Self.answerMax,
      responseBytesMax: TwiML.bytesMax)
    let client = HTTPClient()
    defer { client.stop() }
    let answer = Promise<Result<HTTPClientResponse, HTTPClientError>>()
    client.send(request) { answer.fulfill($0) }
    switch answer.wait() {
    case .failure(.unreachable(let why)), .failure(.lost(let why)), .failure(.tls(let why)):
      throw .unreachable("\(url): \(why); start the bot, or correct --target")
    case .failure(let error): throw .unreachable("\(url) gave no TwiML (\(error)); look at the bot's log")
    case .success(let response): return try twiML(in: response)
    }
  }

  private func twiML(in response: HTTPClientResponse) throws(CallFailure) -> TwiML {
    guard response.status == 200 else {
      let what = "POST \(url) was answered with \(response.status), expected 200 and TwiML"
      guard [401, 403].contains(response.status) else {
        throw .unreachable("\(what); the address is the one that a number's voice webhook has")
      }
      let advice = sign == nil ? "give the target a signing-token" : "the signing-token is another one than the bot's"
      throw .refused(code: "\(response.status)", message: "\(what); \(advice)")
    }
    do throws(WireFault) {
      return try TwiML(reading: String(decoding: response.body, as: UTF8.self))
    } catch {
      throw .rubbish("\(error.message), from \(url)")
    }
  }
}
