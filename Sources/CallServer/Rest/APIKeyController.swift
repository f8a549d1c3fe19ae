import CallCore
import CallDriver
import Formats
import JSON
import WebSockets

/// What REST says about keys. All but `token` block: they run on the blocking pool.
struct APIKeyController: RouteController {
  let request: RouteRequest
  private let keyService: APIKeyService

  init?(request: RouteRequest) {
    guard let keyService = request.context.server.authorizer.keyService else { return nil }
    (self.request, self.keyService) = (request, keyService)
  }

  static func unavailable(_ request: RouteRequest) -> HTTPResponse {
    .problem(status: 404, detail: "this server has no keys")
  }

  func list() throws(StoreError) -> HTTPResponse {
    let now = APIKeyService.now.unixMicroseconds
    let keys = try keyService.all().map { JSONObject.key($0, nowUnixMicroseconds: now) }
    return Self.unkept(.json(.keys(keys, isLasting: keyService.store.isLasting)))
  }

  /// Makes a key; the answer is the only place where its secret ever stands.
  func create() -> HTTPResponse {
    let body: KeyRequest
    do throws(WireFault) { body = try KeyRequest(parsing: request.http.body) } catch { return .problem(error) }
    let now = APIKeyService.now.unixMicroseconds
    let secret = KeySecret.random()
    var key = secret.sealed(name: body.name, scopes: body.scopes, at: now)
    key.expiresAtUnixMicroseconds = body.expiresInSeconds.map { now + Int64($0) * 1_000_000 }
    key.requestsPerMinute = body.requestsPerMinute
    key.tokensPerDay = body.tokensPerDay
    do throws(APIKeyService.Refusal) { try keyService.add(key) } catch { return answer(error, id: key.id, isNew: true) }
    let document = JSONObject.key(key, nowUnixMicroseconds: now, secret: secret.text)
    return Self.unkept(.json(document, status: 201, location: "/api/keys/\(key.id)"))
  }

  func revoke() -> HTTPResponse {
    let id = request[.id]
    do throws(APIKeyService.Refusal) {
      return .json(.key(try keyService.revoke(id), nowUnixMicroseconds: APIKeyService.now.unixMicroseconds))
    } catch {
      return answer(error, id: id, isNew: false)
    }
  }

  /// For the key that asks; where there is none calls need no token, and then any does no harm.
  func token() -> HTTPResponse {
    let token: String
    do throws(CallTokens.Refusal) { token = try keyService.makeToken(for: request.key ?? "") } catch {
      return error.response
    }
    return Self.unkept(.json(.callToken(token, expiresInSeconds: Int(CallTokens.life.seconds)), status: 201))
  }

  private func answer(_ refusal: APIKeyService.Refusal, id: String, isNew: Bool) -> HTTPResponse {
    switch refusal {
    case .missing: .problem(status: 404, detail: "there is no key \(id)")
    case .full: .problem(status: 507, detail: "no more keys can be kept; revoke one that is not needed")
    case .lastManager where isNew:
      .problem(
        status: 422, detail: "key.scopes: the first key needs the scope manage, or nobody could make another one")
    case .lastManager:
      .problem(status: 409, detail: "\(id) is the last key that can manage keys; make another one first")
    case .environment:
      .problem(
        status: 409, detail: "\(id) is VOICE_API_KEY of the server's environment; take it out there and start again")
    case .store(let error): .problem(error)
    }
  }

  private static func unkept(_ response: HTTPResponse) -> HTTPResponse {
    var response = response
    response.headers.append(("cache-control", "no-store"))
    return response
  }
}

extension CallTokens.Refusal {
  /// The answer to whoever asked for a token.
  var response: HTTPResponse {
    switch self {
    case .share(let seconds):
      .later(seconds, status: 429, "this key has its share of call tokens that were not used")
    case .full(let seconds): .later(seconds, "too many call tokens were given out and not used")
    }
  }
}
