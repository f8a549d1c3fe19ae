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
    let keys = try keyService.all().map { KeyDocument($0, nowUnixMicroseconds: now) }
    return Self.unkept(.json(KeyList(isLasting: keyService.store.isLasting, keys: keys)))
  }

  /// Makes a key; the answer is the only place where its secret ever stands.
  func create() -> HTTPResponse {
    let body: KeyRequest
    do throws(WireFault) { body = try KeyRequest(parsing: request.http.body) } catch {
      switch error.code {
      case .messageTooLarge: return .problem(status: 413, detail: error.message)
      case .malformedJSON, .tooDeep: return .problem(status: 400, detail: error.message)
      default: return .problem(status: 422, detail: error.message)
      }
    }
    let now = APIKeyService.now.unixMicroseconds
    let secret = KeySecret.random()
    var key = secret.sealed(name: body.name, scopes: body.scopes, at: now)
    key.expiresAtUnixMicroseconds = body.expiresInSeconds.map { now + Int64($0) * 1_000_000 }
    key.requestsPerMinute = body.requestsPerMinute
    do throws(APIKeyService.Refusal) { try keyService.add(key) } catch { return answer(error, id: key.id, isNew: true) }
    var response = HTTPResponse.json(KeyDocument(key, nowUnixMicroseconds: now, secret: secret.text))
    response.status = 201
    response.headers.append(("location", "/api/keys/\(key.id)"))
    return Self.unkept(response)
  }

  func revoke() -> HTTPResponse {
    let id = request[.id]
    do throws(APIKeyService.Refusal) {
      return .json(KeyDocument(try keyService.revoke(id), nowUnixMicroseconds: APIKeyService.now.unixMicroseconds))
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
    let seconds = Int(CallTokens.life.seconds)
    var response = HTTPResponse.json(CallTokenDocument(token: token, expiresInSeconds: seconds))
    response.status = 201
    return Self.unkept(response)
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
