import CallCore
import WebSockets

/// Looks at every request before anybody else does: whom it names, what it asks for, and whether its key is good for that.
struct RequestAuthorizer: Sendable {
  /// Where a request goes on.
  enum Authorization {
    /// To the handler of the route, with what its path has for parameters; `key`: the id of the key that it came with, where there
    /// are keys.
    case route(Route, [PathParameter: String], key: String?)
    /// To the files of the page.
    case page
    /// No further: it is refused, there is no such route, or a browser only asked whether it may.
    case answered(HTTPResponse)
  }

  /// `nil` on a server that has no keys.
  let keyService: APIKeyService?
  /// Whether `X-Forwarded-For` says where requests come from.
  let isBehindProxy: Bool

  /// Believes what Twilio signed; `nil` where its token is not known.
  let twilio: TwilioSignature?

  /// Which names the server answers to, and whose pages may use it.
  let origins: OriginPolicy

  /// The query item of a call's address that holds a call token.
  static let tokenItem = "token"

  /// Looks the route up, and asks for the key and the origin that it needs.
  func authorize(_ request: HTTPRequest) -> Authorization {
    if let refusal = rejectName(of: request) { return .answered(refusal) }
    let finding = RouteTable.find(request)
    if let answer = origins.preflight(request, methods: finding.allowed) { return .answered(answer) }
    switch finding {
    case .page: return .page
    case .nothing, .otherMethod: return .answered(.unrouted(request, allowed: finding.allowed))
    case .route(let route, let arguments):
      if route.isSigned, let twilio {
        switch twilio.verdict(on: request) {
        case .right: return .route(route, arguments, key: nil)
        case .wrong: return .answered(Self.badSignature)
        case .missing where Self.key(in: request) == nil || keyService == nil: return .answered(Self.badSignature)
        case .missing: break
        }
      }
      switch checkKey(of: request, for: route, token: arguments[.token]) {
      case .refused(let refusal): return .answered(refusal.response)
      case .open: return rejectCrossOrigin(request) ?? .route(route, arguments, key: nil)
      case .accepted(let id): return rejectCrossOrigin(request) ?? .route(route, arguments, key: id)
      }
    }
  }

  /// Why `Host` or `Origin` keep a request from being looked at; `nil`: they do not.
  func rejectName(of request: HTTPRequest) -> HTTPResponse? {
    origins.refusal(of: request, checksHost: keyService?.isLocked != true)
  }

  /// Pages of other sites may read nothing of the answer, but without this they could start runs and delete cases.
  private func rejectCrossOrigin(_ request: HTTPRequest) -> Authorization? {
    guard request.method != "GET", request.method != "HEAD", !origins.allows(request) else { return nil }
    return .answered(OriginPolicy.foreign(request, "change anything here"))
  }

  private static let badSignature = HTTPResponse.problem(
    status: 403, detail: "X-Twilio-Signature is missing or not that of this account's token over this address")

  private func checkKey(of request: HTTPRequest, for route: Route, token: String? = nil) -> KeyVerdict {
    guard let keyService, let scope = route.scope else { return .open }
    let peer = peer(of: request)
    if scope == .call, request.method == "GET", let token = request.queryValue(Self.tokenItem) {
      return keyService.check(token: token, from: peer)
    }
    let key = Self.key(in: request)
    if key == nil, let token { return keyService.check(token: token, from: peer) }
    return keyService.check(key, for: scope, from: peer)
  }

  /// The answer to a request that need not send its body, because its key will not be good enough; `nil`: it will be.
  func rejectUpload(_ request: HTTPRequest, for route: Route) -> HTTPResponse? {
    guard let keyService, let scope = route.scope,
      !keyService.admits(Self.key(in: request), for: scope, from: peer(of: request)),
      case .refused(let refusal) = checkKey(of: request, for: route)
    else { return nil }
    return refusal.response
  }

  /// `Authorization: Bearer KEY` (RFC 6750) or `x-api-key: KEY`.
  static func key(in request: HTTPRequest) -> KeySecret? {
    if let header = request.headers["authorization"] {
      let parts = header.split(separator: " ", maxSplits: 1)
      if parts.count == 2, parts[0].lowercased() == "bearer" {
        return KeySecret(presented: String(parts[1].drop { $0 == " " }))
      }
    }
    return request.headers["x-api-key"].map { KeySecret(presented: $0) }
  }

  /// Where a request comes from. A proxy adds the address it was asked from at the end; what stands before that anybody can write.
  /// What is no address there counts as the proxy's own, so that nobody is another one each time.
  func peer(of request: HTTPRequest) -> ClientAddress {
    let forwarded = isBehindProxy ? request.headers["x-forwarded-for"] : nil
    let last = forwarded?.split(separator: ",", omittingEmptySubsequences: false).last
    return last.flatMap { ClientAddress($0) } ?? ClientAddress(request.peer) ?? .unknown
  }
}

/// Where requests come from, as far as whoever sends them cannot choose: an IPv4 address, or the first 64 bits of an IPv6 address,
/// within which one customer of a provider has as many addresses as he likes.
package struct ClientAddress: Sendable, Hashable {
  /// `nil`: all that is no address.
  private let network: IPAddress?

  /// All that is no address.
  package static let unknown = ClientAddress(network: nil)

  private init(network: IPAddress?) { self.network = network }

  /// - Parameter text: an address in digits, as sockets and proxies write it: with a port or without, brackets, a zone, capitals,
  ///   leading zeros of IPv4, in quotes.
  /// - Returns: `nil` when it is none.
  package init?(_ text: some StringProtocol) {
    guard text.utf8.count <= Self.charactersMax else { return nil }
    let plain = String(text).filter { !$0.isWhitespace && $0 != "\"" }
    guard let address = Self.bare(plain) else { return nil }
    self.init(network: address.network)
  }

  /// Longest text that is looked at.
  private static let charactersMax = 128

  /// The network that this one is in: 16 bits of IPv4, 32 of IPv6.
  package var surroundings: ClientAddress { ClientAddress(network: network?.surroundings) }

  private static func bare(_ text: String) -> IPAddress? {
    if text.first == "[" { return IPAddress(text.dropFirst().prefix { $0 != "]" && $0 != "%" }) }
    let colons = text.count { $0 == ":" }
    if colons > 1 { return IPAddress(text.prefix { $0 != "%" }) }
    let parts = text.prefix { $0 != ":" }.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
    else { return nil }
    return IPAddress(
      parts.map { $0.count > 1 ? $0.drop { $0 == "0" } : $0 }.map { $0.isEmpty ? "0" : $0 }.joined(separator: "."))
  }
}
