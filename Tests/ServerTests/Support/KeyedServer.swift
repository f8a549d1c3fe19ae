import TestSupport
import CallCore
import CallDriver
import CallServer
import JSON
import Simulation
import Stores
import WebSockets

/// A server with keys of every kind. It takes `X-Forwarded-For` for granted, so that a test can come from many addresses.
final class KeyedServer: Sendable {
  /// What `VOICE_API_KEY` is there.
  static let environmentKey = "planted-environment-key-0123456789"

  let server: TestServer
  let store = MemoryKeyStore()
  let logLines = Probe<[String]>([])
  let admin = KeySecret.random()
  let expired = KeySecret.random()
  let revoked = KeySecret.random()
  /// For each scope a key with all others.
  let lacking: [KeyScope: KeySecret]
  private let address = Probe(0)

  init() throws {
    lacking = Dictionary(uniqueKeysWithValues: KeyScope.allCases.map { ($0, KeySecret.random()) })
    let all = Set(KeyScope.allCases)
    _ = try store.add(admin.sealed(name: "admin", scopes: all, at: 0))
    var old = expired.sealed(name: "expired", scopes: all, at: 0)
    old.expiresAtUnixMicroseconds = 1
    _ = try store.add(old)
    _ = try store.add(revoked.sealed(name: "revoked", scopes: all, at: 0))
    _ = try store.revoke(id: revoked.id, atUnixMicroseconds: 1)
    for (scope, secret) in lacking {
      _ = try store.add(secret.sealed(name: "no \(scope)", scopes: all.subtracting([scope]), at: 0))
    }
    let stores = TestStores(cases: MemoryTestCaseStore(), runs: MemoryTestRunStore()) { path throws(CallFailure) in
      throw .callerEngine("there is no recording \(path)")
    }
    server = try TestServer(
      tests: stores, keys: store, logLines: logLines, generator: ScriptedGenerator()
    ) { settings in
      settings.apiKey = Self.environmentKey
      settings.isBehindProxy = true
      settings.allowsLoad = true
    }
  }

  /// Every secret there is.
  var secrets: [String] {
    [admin, expired, revoked].map(\.text) + lacking.values.map(\.text) + [Self.environmentKey]
  }

  /// The routes of the document that the server serves.
  func describedRoutes() throws -> [(method: String, path: String, scope: KeyScope?)] {
    guard case .object(let paths)? = try JSONValue(parsing: ask("GET", "/openapi.json").body)["paths"] else {
      return []
    }
    return paths.flatMap { path, item -> [(method: String, path: String, scope: KeyScope?)] in
      guard case .object(let operations) = item else { return [] }
      return operations.map { method, operation in
        (method.uppercased(), path, operation.text(at: "x-scope").flatMap(KeyScope.init(rawValue:)))
      }
    }.sorted { ($0.path, $0.method) < ($1.path, $1.method) }
  }

  /// Asks from an address of its own.
  func ask(
    _ method: String, _ path: String, key: String? = nil, from peer: String? = nil, body: String = "{}"
  ) throws -> HTTPClientResponse {
    address.change { $0 += 1 }
    var headers = [(name: "x-forwarded-for", value: peer ?? "10.0.\(address.current / 250).\(address.current % 250)")]
    if let key { headers.append(("authorization", "Bearer \(key)")) }
    return try server.ask(path, method: method, headers: headers, body: ["GET", "HEAD"].contains(method) ? "" : body)
  }
}
