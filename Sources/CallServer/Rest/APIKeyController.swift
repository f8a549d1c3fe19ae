import CallCore
import CallDriver
import Formats
import JSON
import WebSockets

/// Finds out what a request on keys asks for. It runs on the blocking pool: the store may be a database.
struct KeyRoutes {
  let server: ServerContext

  /// Whether a path, in its parts, is answered here.
  static func owns(_ path: [String]) -> Bool {
    path.starts(with: ["api", "keys"]) || path.starts(with: ["api", "call-tokens"])
  }

  /// - Parameter key: the id of the key that the request came with; `nil` where there are none.
  func respond(to request: HTTPRequest, _ path: [String], key: String?, reply: HTTPReply) {
    if let refusal = server.refusal(of: request) { return reply.send(refusal) }
    guard let keyService = server.authorizer.keyService else {
      return reply.send(.problem(status: 404, detail: "this server has no keys"))
    }
    let answers = APIKeyController(keyService: keyService)
    switch (request.method, path.count) {
    case ("POST", _) where path[1] == "call-tokens": reply.send(answers.token(for: key))
    case ("POST", 2): onBlockingPool(request, reply) { answers.create(request) }
    case ("DELETE", 3): onBlockingPool(request, reply) { answers.revoke(path[2]) }
    default: onBlockingPool(request, reply) { answers.list() }
    }
  }

  private func onBlockingPool(
    _ request: HTTPRequest, _ reply: HTTPReply, _ answer: @escaping @Sendable () -> HTTPResponse
  ) {
    if let refusal = server.requestPool.submit(from: server.peer(of: request), { reply.send(answer()) }) {
      reply.send(refusal)
    }
  }
}

/// What REST says about keys. All but `token` block: they run on the blocking pool.
struct APIKeyController {
  let keyService: APIKeyService

  func list() -> HTTPResponse {
    let now = APIKeyService.now.unixMicroseconds
    let all: [APIKey]
    do throws(StoreError) { all = try keyService.all() } catch { return .problem(error) }
    let keys = all.map { KeyDocument($0, nowUnixMicroseconds: now) }
    return Self.unkept(.json(KeyList(isLasting: keyService.store.isLasting, keys: keys)))
  }

  /// Makes a key; the answer is the only place where its secret ever stands.
  func create(_ request: HTTPRequest) -> HTTPResponse {
    let body: KeyRequest
    do throws(WireFault) { body = try KeyRequest(parsing: request.body) } catch {
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

  func revoke(_ id: String) -> HTTPResponse {
    do throws(APIKeyService.Refusal) {
      return .json(KeyDocument(try keyService.revoke(id), nowUnixMicroseconds: APIKeyService.now.unixMicroseconds))
    } catch {
      return answer(error, id: id, isNew: false)
    }
  }

  /// - Parameter key: the id of the key that asks; `nil` where calls need no token, and then any does no harm.
  func token(for key: String?) -> HTTPResponse {
    let token: String
    do throws(CallTokens.Refusal) { token = try keyService.makeToken(for: key ?? "") } catch {
      switch error {
      case .share(let seconds):
        return .later(seconds, status: 429, "this key has its share of call tokens that were not used")
      case .full(let seconds): return .later(seconds, "too many call tokens were given out and not used")
      }
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
