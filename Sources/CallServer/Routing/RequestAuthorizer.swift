import CallCore
import WebSockets
import Wires

/// Looks at every request before anybody else does: whom it names, what it asks for, and whether its key is good for that.
struct RequestAuthorizer: Sendable {
  /// Where a request goes on.
  enum Authorization {
    /// To the handler of the route, with what its path has for parameters; `key`: the id of the key that it came with, where there
    /// are keys; `phoneCall`: our id of the telephone call whose stream it opens, where that was placed from here by a key.
    case route(Route, [PathParameter: String], key: String?, phoneCall: String? = nil)
    /// To the files of the page.
    case page
    /// No further: it is refused, there is no such route, or a browser only asked whether it may.
    case answered(HTTPResponse)
  }

  /// `nil` on a server that has no keys.
  let keyService: APIKeyService?
  /// Whether `X-Forwarded-For` says where requests come from.
  let isBehindProxy: Bool
  /// Proxies that are believed in that; empty: whoever reaches the server.
  let trustedProxies: [IPNetwork]

  /// Believes what Twilio signed; `nil` where its token is not known.
  let twilio: TwilioSignature?

  /// Whether a signed stream is opened only by an address that `POST /twilio/voice` gave out: the signature of `/twilio/stream` is the same for every call.
  let opensOneTimeStreamsOnly: Bool

  /// The host by which providers reach the server; `nil`: not told.
  let publicHost: String?

  /// Tokens of media streams of calls that were placed from here.
  let passes: StreamPasses

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
      let token = arguments[.token] ?? Self.token(in: request, for: route)
      if let token = arguments[.token], StreamPasses.isPass(token) {
        guard let pass = passes.use(token, isSigned: isSigned(request), at: APIKeyService.now.monotonic) else {
          return .answered(Self.badPass)
        }
        return .route(route, arguments, key: pass.owner.isEmpty ? nil : pass.owner, phoneCall: pass.callID)
      }
      if route.isSigned || route.hasStreamToken, let twilio {
        switch twilio.verdict(on: request) {
        case .right where opensOneTimeStreamsOnly && request.method == "GET" && !route.hasStreamToken:
          return .answered(Self.fixedStream)
        case .right: return .route(route, arguments, key: nil)
        case .wrong: return .answered(Self.badSignature)
        // Whether the token is right is seen by who waits for the stream.
        case .missing where route.hasStreamToken: break
        case .missing:
          // A key stands for a signature only where there are keys: anybody can make one up.
          let hasKey = token != nil || Self.key(in: request) != nil
          guard hasKey, keyService?.isLocked == true else { return .answered(Self.badSignature) }
        }
      }
      switch checkKey(of: request, for: route, token: token) {
      case .refused(let refusal): return .answered(refusal.response)
      case .open: return rejectCrossOrigin(request) ?? .route(route, arguments, key: nil)
      case .accepted(let id): return rejectCrossOrigin(request) ?? .route(route, arguments, key: id)
      }
    }
  }

  /// Whether a key is asked for, and a request for a call brings neither key nor token.
  func hasNoKeyYet(_ request: HTTPRequest) -> Bool {
    keyService?.isLocked == true && Self.key(in: request) == nil && request.queryValue(Self.tokenItem) == nil
  }

  /// Why `Host` or `Origin` keep a request from being looked at; `nil`: they do not.
  func rejectName(of request: HTTPRequest) -> HTTPResponse? {
    origins.refusal(of: request, checksHost: keyService?.isLocked != true && !isTwilios(request))
  }

  /// Whether a request uses the name by which Twilio reaches this server, and asks for what must be signed. Under that name nothing else
  /// is answered without keys: it may lead here from anywhere.
  private func isTwilios(_ request: HTTPRequest) -> Bool {
    guard let publicHost, request.headers["host"].flatMap({ HostAndPort($0) })?.host == publicHost,
      case .route(let route, let arguments) = RouteTable.find(request)
    else { return false }
    if route.isAccountSigned || arguments[.token].map(StreamPasses.isPass) == true { return true }
    return twilio != nil && (route.isSigned || route.hasStreamToken)
  }

  /// Pages of other sites may read nothing of the answer, but without this they could start runs and delete cases.
  private func rejectCrossOrigin(_ request: HTTPRequest) -> Authorization? {
    guard request.method != "GET", request.method != "HEAD", !origins.allows(request) else { return nil }
    return .answered(OriginPolicy.foreign(request, "change anything here"))
  }

  private func isSigned(_ request: HTTPRequest) -> Bool {
    guard let twilio, case .right = twilio.verdict(on: request) else { return false }
    return true
  }

  private static let badPass = HTTPResponse.problem(
    status: 403,
    detail: "no call waits for this stream: its token was used, or came too late, or the stream is not signed by Twilio"
  )

  private static let fixedStream = HTTPResponse.problem(
    status: 403,
    detail:
      "TWILIO_ONE_TIME_STREAMS: a stream is opened by the address that POST /twilio/voice gave for its call, and once")

  private static let badSignature = HTTPResponse.problem(
    status: 403, detail: "X-Twilio-Signature is missing or not that of this account's token over this address")

  private func checkKey(of request: HTTPRequest, for route: Route, token: String? = nil) -> KeyVerdict {
    guard let keyService, let scope = route.scope else { return .open }
    let isRealtime = RouteTable.wires[request.path] == .realtime
    let (key, peer) = (Self.key(in: request) ?? (isRealtime ? Self.offeredKey(in: request) : nil), peer(of: request))
    if isRealtime, let secret = key?.text, secret.hasPrefix(CallTokens.secretPrefix) {
      return keyService.check(token: secret, from: peer)
    }
    // A token of the query goes before a key, one of the path behind it.
    if let token, key == nil || Self.token(in: request, for: route) != nil {
      return keyService.check(token: token, from: peer)
    }
    return keyService.check(key, for: scope, from: peer)
  }

  /// Lets the token of a call that was refused for the load be used again: a proxy that tries once more on the way is to hear of the load, too.
  func giveTokenBack(of request: HTTPRequest) {
    guard case .route(let route, let arguments) = RouteTable.find(request),
      let token = arguments[.token] ?? Self.token(in: request, for: route)
    else { return }
    keyService?.giveBack(token)
  }

  /// The call token in the query.
  private static func token(in request: HTTPRequest, for route: Route) -> String? {
    route.scope == .call && request.method == "GET" ? request.queryValue(tokenItem) : nil
  }

  /// The answer to a request that need not send its body, because its key will not be good enough; `nil`: it will be.
  func rejectUpload(_ request: HTTPRequest, for route: Route) -> HTTPResponse? {
    // What is signed is known once it is here.
    if route.isSigned, twilio != nil, request.headers[TwilioSignature.header] != nil { return nil }
    guard let keyService, let scope = route.scope,
      !keyService.admits(Self.key(in: request), for: scope, from: peer(of: request)),
      case .refused(let refusal) = checkKey(of: request, for: route, token: Self.token(in: request, for: route))
    else { return nil }
    return refusal.response
  }

  /// What the client secret of a request says of the session that it opens; `nil`: it has none, or that says nothing.
  func realtimePreset(of request: HTTPRequest) -> RealtimePreset? {
    guard let secret = (Self.key(in: request) ?? Self.offeredKey(in: request))?.text,
      secret.hasPrefix(CallTokens.secretPrefix)
    else { return nil }
    return keyService?.preset(ofSecret: secret)
  }

  /// The key that a page offers as a subprotocol, because its WebSockets can carry no header.
  private static func offeredKey(in request: HTTPRequest) -> KeySecret? {
    let offers = (request.headers["sec-websocket-protocol"] ?? "").split(separator: ",").map { $0.drop { $0 == " " } }
    guard let offer = offers.first(where: { $0.hasPrefix(offeredKeyPrefix) }) else { return nil }
    return KeySecret(presented: String(offer.dropFirst(offeredKeyPrefix.count).prefix { $0 != " " }))
  }

  private static let offeredKeyPrefix = "openai-insecure-api-key."

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

  /// Where a request comes from. A proxy adds the address it was asked from at the end; what stands before that anybody can write, unless
  /// that address is a trusted proxy, too. What is no address there counts as the proxy's own, so that nobody is another one each time.
  func peer(of request: HTTPRequest) -> ClientAddress {
    let own = ClientAddress(request.peer) ?? .unknown
    guard isBehindProxy, trustedProxies.isEmpty || isTrustedProxy(request.peer) else { return own }
    let forwarded = request.headers["x-forwarded-for"]?.split(separator: ",", omittingEmptySubsequences: false) ?? []
    let client = forwarded.last { !isTrustedProxy($0) } ?? forwarded.first
    return client.flatMap { ClientAddress($0) } ?? own
  }

  private func isTrustedProxy(_ text: some StringProtocol) -> Bool {
    guard !trustedProxies.isEmpty, let address = ClientAddress.address(in: text) else { return false }
    return trustedProxies.contains { $0.contains(address) }
  }
}
