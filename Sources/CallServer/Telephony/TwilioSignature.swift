import CCrypto
import WebSockets

/// Checks `X-Twilio-Signature`: HMAC-SHA1 with the account's token over the address and the fields of the form, in Base64
/// (https://www.twilio.com/docs/usage/security).
public struct TwilioSignature: Sendable {
  /// What a request's signature says.
  enum Verdict: Sendable { case right, wrong, missing }

  private let key: [UInt8]
  private let publicURL: String?

  /// - Returns: `nil` where no token is known.
  public init?(_ settings: TwilioSettings) {
    guard let token = settings.authToken else { return nil }
    key = Array(token.utf8)
    publicURL = settings.publicURL
  }

  /// The header that carries a signature.
  static let header = "x-twilio-signature"

  /// Looks at a request, and at its form where it has one. A body that is no form is signed by nobody.
  func verdict(on request: HTTPRequest) -> Verdict {
    guard let signature = request.headers[Self.header] else { return .missing }
    // A key of its own is shared for the algorithm that this header names; only the token is known here.
    guard request.headers["x-twilio-webhooks-signature-settings"] == nil else { return .wrong }
    let isForm = request.headers["content-type"]?.lowercased().hasPrefix("application/x-www-form-urlencoded") == true
    guard isForm || request.body.isEmpty, let fields = FormFields(request.body)?.signed else { return .wrong }
    let given = Array(signature.utf8)
    return addresses(of: request).contains { KeyedDigest.isEqual(Array(self.signature($0 + fields).utf8), given) }
      ? .right : .wrong
  }

  /// The signature of what stands in `text`.
  public func signature(_ text: String) -> String { KeyedDigest.base64(KeyedDigest.hmacSHA1(text.utf8, key: key)) }

  /// The forms in which the address may have been signed: Twilio fills in ports and slashes, and a WebSocket's address begins with `wss`.
  private func addresses(of request: HTTPRequest) -> [String] {
    let target = request.target
    let hosts = publicURL.map { [String($0.drop { $0 != "/" }.dropFirst(2))] } ?? [request.headers["host"] ?? ""]
    let schemes = publicURL.map { [String($0.prefix { $0 != ":" })] } ?? ["https", "http"]
    let sockets = ["https": "wss", "http": "ws"]
    return hosts.flatMap { host -> [String] in
      let name = host.prefix { $0 != ":" }
      return schemes.flatMap { scheme -> [String] in
        let port = scheme == "https" ? ":443" : ":80"
        return [scheme, sockets[scheme] ?? scheme].flatMap { scheme in
          [host, host == name ? host + port : String(name)].flatMap { host in
            [target, target.hasSuffix("/") ? String(target.dropLast()) : target + "/"].map {
              "\(scheme)://\(host)\($0)"
            }
          }
        }
      }
    }
  }
}

/// The fields of a form (`application/x-www-form-urlencoded`).
struct FormFields {
  private let values: [String: [String]]

  /// - Returns: `nil` when the body is none.
  init?(_ body: [UInt8]) {
    guard let items = HTTPRequest.formFields(body) else { return nil }
    values = Dictionary(grouping: items, by: \.name).mapValues { $0.map(\.value) }
  }

  /// The first value of a field.
  subscript(name: String) -> String? { values[name]?.first }

  /// Names and values in the order in which they are signed: names by their bytes, of one name each value once.
  fileprivate var signed: String {
    values.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { name in
      Set(values[name] ?? []).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { name + $0 }.joined()
    }.joined()
  }
}
