import WebSockets

/// Which names this server answers to, and whose pages may use it.
///
/// Without keys a browser is all that stands between a page that is merely visited and the server. A page's own name can be made to
/// lead to this machine (DNS rebinding), and then its `Origin` and `Host` agree; so `Host` must be a name that no stranger controls.
/// Its port may be any: a tunnel or a container's port has another number than the one listened on, and a name is what is rebound.
struct OriginPolicy: Sendable {
  private let named: Set<WebOrigin>
  private let names: Set<String>
  private let address: IPAddress?
  private static let loopback6 = IPAddress("::1")

  /// - Parameters:
  ///   - allowedOrigins: of pages that may use the server beside its own; what is no origin names nobody.
  ///   - address: that the server listens on.
  init(allowedOrigins: Set<String>, address: String) {
    named = Set(allowedOrigins.compactMap { WebOrigin($0) })
    names = Set(named.map(\.host)).union(["localhost"])
    self.address = IPAddress(address)
  }

  /// Whether a page may use everything: the server's own or a named one. What names no origin is no page of another site.
  func allows(_ request: HTTPRequest) -> Bool { request.isSameOrigin || isNamed(request.origin) }

  /// Why a request is not looked at any further; `nil`: it is.
  /// - Parameter checksHost: where no key is asked for.
  func refusal(of request: HTTPRequest, checksHost: Bool) -> HTTPResponse? {
    if checksHost, let refusal = hostRefusal(of: request.headers["host"]) { return refusal }
    guard let text = request.origin, text != "null", !isNamed(text) else { return nil }
    guard let origin = WebOrigin(text) else {
      return .problem(status: 400, detail: "Origin is no origin such as https://desk.example")
    }
    let isDisguised = !origin.isOfWeb && request.headers["host"].flatMap { HostAndPort($0) }.map(origin.isAt) == true
    return isDisguised ? .problem(status: 400, detail: "Origin is not one of http or https") : nil
  }

  private func hostRefusal(of text: String?) -> HTTPResponse? {
    guard let text else { return .problem(status: 400, detail: "Host is missing; it must name this server") }
    guard let host = HostAndPort(text) else { return .problem(status: 400, detail: "Host is no HOST or HOST:PORT") }
    guard !isOwn(host) else { return nil }
    return .problem(
      status: 421,
      detail:
        "this server is not \(host.host): without keys it answers to loopback addresses, localhost, its --host and the "
        + "hosts of --allow-origin")
  }

  private func isOwn(_ host: HostAndPort) -> Bool {
    if names.contains(host.host) { return true }
    // IPv4 in the form of IPv6 is not how anybody writes an address of this server.
    guard let digits = host.address, (host.host.first == "[") == (digits.v4 == nil) else { return false }
    return digits == address || digits == Self.loopback6 || digits.v4.map { $0 >> 24 == 127 } == true
  }

  private func isNamed(_ origin: String?) -> Bool { origin.flatMap { WebOrigin($0) }.map(named.contains) ?? false }
}

// MARK: - CORS (https://fetch.spec.whatwg.org/#http-cors-protocol)

extension OriginPolicy {
  /// What a script of another origin may read of an answer, beside what it always may.
  private static let exposed = "content-range, etag, location, retry-after, www-authenticate"
  /// Headers that may be sent where a preflight does not say which.
  private static let accepted = "authorization, content-type, if-match, if-none-match, range, x-api-key"
  /// Longest list of headers that is granted as it was asked for.
  private static let headersCharactersMax = 1024
  /// How long a browser need not ask again.
  private static let preflightSeconds = 600

  /// Headers of every answer to `request`. A named origin may read it; no cookie is involved, so credentials are not mentioned.
  func headers(for request: HTTPRequest) -> [(name: String, value: String)] {
    guard !named.isEmpty else { return [] }
    var headers = [(name: "vary", value: "Origin")]
    if let origin = request.origin, isNamed(origin) {
      headers.append(("access-control-allow-origin", origin))
      headers.append(("access-control-expose-headers", Self.exposed))
    }
    return headers
  }

  /// The answer to a browser that asks whether a page may send a request; `nil` when none asks. Needs no key: it carries none.
  /// - Parameter methods: those that the path takes, as in `Allow`; `nil`: there is nothing.
  func preflight(_ request: HTTPRequest, methods: String?) -> HTTPResponse? {
    guard request.method == "OPTIONS", request.origin != nil, request.headers["access-control-request-method"] != nil
    else { return nil }
    guard allows(request) else { return Self.foreign(request, "use this server") }
    guard let methods else { return .problem(status: 404, detail: "nothing is at \(request.path)") }
    return HTTPResponse(
      status: 204,
      headers: [
        ("access-control-allow-methods", methods),
        ("access-control-allow-headers", Self.granted(request.headers["access-control-request-headers"])),
        ("access-control-max-age", String(Self.preflightSeconds)),
      ])
  }

  /// 403 for a page of another origin.
  /// - Parameter what: that it may not do.
  static func foreign(_ request: HTTPRequest, _ what: String) -> HTTPResponse {
    .problem(
      status: 403,
      detail: "pages of \((request.origin ?? "").prefix(200)) may not \(what); `serve --allow-origin` lets them")
  }

  private static func granted(_ asked: String?) -> String {
    guard let asked, !asked.isEmpty, asked.utf8.count <= headersCharactersMax, asked.utf8.allSatisfy(isOfList) else {
      return accepted
    }
    return asked
  }

  private static func isOfList(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ","),
      UInt8(ascii: " "):
      true
    default: false
    }
  }
}
