import CallCore
import WebSockets

/// Looks at every request before anybody else does: whom it names, what it asks for, and whether its key is good for that.
struct RequestAuthorizer: Sendable {
  /// Where a request goes on.
  enum Authorization {
    /// To whoever answers the route; `key`: the id of the key that it came with, where there are keys.
    case route(key: String?)
    /// To the files of the page.
    case page
    /// There is no such route; the methods that the path takes, if it takes any.
    case unknown(allowed: String?)
    /// No further.
    case refused(HTTPResponse)
  }

  /// `nil` on a server that has no keys.
  let keyService: APIKeyService?
  /// Whether `X-Forwarded-For` says where requests come from.
  let isBehindProxy: Bool

  /// Which names the server answers to, and whose pages may use it.
  let origins: OriginPolicy

  /// The query item of a call's address that holds a call token.
  static let tokenItem = "token"

  /// - Parameter path: in its parts.
  func authorize(_ request: HTTPRequest, _ path: [String]) -> Authorization {
    if let refusal = nameRefusal(of: request) { return .refused(refusal) }
    return switch RouteTable.find(request.method, path) {
    case .page: .page
    case .nothing: .unknown(allowed: nil)
    case .otherMethod(let allowed): .unknown(allowed: allowed)
    case .route(let route): authorize(request, on: route)
    }
  }

  /// Why `Host` or `Origin` keep a request from being looked at; `nil`: they do not.
  func nameRefusal(of request: HTTPRequest) -> HTTPResponse? {
    origins.refusal(of: request, checksHost: keyService?.isLocked != true)
  }

  /// The answer to a browser that asks whether a page may send a request; `nil` when none asks.
  func preflight(_ request: HTTPRequest, _ path: [String]) -> HTTPResponse? {
    guard request.method == "OPTIONS" else { return nil }
    let methods: String? =
      switch RouteTable.find(request.method, path) {
      case .page: "GET, HEAD"
      case .otherMethod(let allowed): allowed
      case .nothing, .route: nil
      }
    return nameRefusal(of: request) ?? origins.preflight(request, methods: methods)
  }

  private func authorize(_ request: HTTPRequest, on route: Route) -> Authorization {
    guard let keyService, case .scope(let scope) = route.requiredScope else { return .route(key: nil) }
    let peer = peer(of: request)
    let verdict =
      if scope == .call, request.method == "GET", let token = request.queryValue(Self.tokenItem) {
        keyService.check(token: token, from: peer)
      } else {
        keyService.check(Self.key(in: request), for: scope, from: peer)
      }
    return switch verdict {
    case .open: .route(key: nil)
    case .accepted(let id): .route(key: id)
    case .refused(let refusal): .refused(refusal.response)
    }
  }

  /// The answer to a request that need not send its body, because it will not be let in; `nil`: it may be.
  func refusal(of request: HTTPRequest, _ path: [String]) -> HTTPResponse? {
    guard let keyService, case .route(let route) = RouteTable.find(request.method, path),
      case .scope(let scope) = route.requiredScope,
      !keyService.admits(Self.key(in: request), for: scope, from: peer(of: request)),
      case .refused(let response) = authorize(request, on: route)
    else { return nil }
    return response
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
