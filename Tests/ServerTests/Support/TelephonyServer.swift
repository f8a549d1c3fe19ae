import CallCore
import CallDriver
import CallServer
import JSON
import Stores
import TestSupport
import WebSockets

/// A server with accounts at telephone providers and four keys: two that may do everything, one that may read, and one that may change things
/// too, but not dial.
final class TelephonyServer: Sendable {
  let server: TestServer
  let stores: TelephonyStores
  let logLines = Probe<[String]>([])
  let alice = KeySecret.random()
  let bob = KeySecret.random()
  let reader = KeySecret.random()
  let manager = KeySecret.random()

  /// - Parameters:
  ///   - secretsKey: `nil`: it has none.
  ///   - nodeFlows: whether it keeps flows of nodes.
  ///   - waits: whether until the speech engines are there, without which no call is placed.
  init(
    secretsKey: String? = String(repeating: "5a", count: 32), limits: TelephonyLimits = .providers,
    numbers: any TelephonyResourceStore<TelephonyNumber> = MemoryTelephonyStore(limits: .numbers), waits: Bool = false,
    nodeFlows: Bool = false, _ adjust: (inout ServerSettings) -> Void = { _ in }
  ) throws {
    let keys = MemoryKeyStore()
    let all = Set(KeyScope.allCases)
    for (name, secret) in [("alice", alice), ("bob", bob)] {
      _ = try keys.add(secret.sealed(name: name, scopes: all, at: 0))
    }
    _ = try keys.add(reader.sealed(name: "reader", scopes: [.read], at: 0))
    _ = try keys.add(manager.sealed(name: "manager", scopes: [.read, .manage], at: 0))
    stores = TelephonyStores(
      providers: MemoryTelephonyStore(limits: limits), numbers: numbers,
      calls: MemoryTelephonyStore(limits: .calls), campaigns: MemoryCampaignStore(),
      secrets: SecretsKeys(current: try secretsKey.map { try SecretsKey($0) }))
    server = try TestServer(
      flowStore: nodeFlows ? MemoryFlowStore() : nil, keys: keys, logLines: logLines, telephony: stores, waits: waits,
      adjust)
  }

  /// Asks; as Alice unless told otherwise.
  func ask(
    _ method: String, _ path: String, _ body: String = "", as key: KeySecret? = nil
  ) throws -> HTTPClientResponse {
    try server.ask(
      "/api/telephony/\(path)", method: method, headers: [("x-api-key", (key ?? alice).text)], body: body)
  }

  /// The JSON of an answer.
  func json(_ method: String, _ path: String, _ body: String = "", as key: KeySecret? = nil) throws -> JSONValue {
    try JSONValue(parsing: ask(method, path, body, as: key).body)
  }
}

extension JSONValue {
  /// The elements of a list; none of anything else.
  var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }
}
