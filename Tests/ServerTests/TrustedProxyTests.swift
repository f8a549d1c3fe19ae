import CallCore
import CallServer
import Stores
import Testing
import WebSockets

extension ServerTests {
  /// Wrong keys are counted by address, so their refusals tell which address a request counts for.
  @Suite("Proxies that are believed")
  struct TrustedProxyTests {
    /// Asks 60 times with wrong keys, each time with another first number in `X-Forwarded-For`.
    /// - Parameters:
    ///   - trusted: whose `X-Forwarded-For` counts.
    ///   - forwarded: what stands there, with `N` for that number.
    /// - Returns: whether too many wrong keys came from one address.
    private func isThrottled(_ trusted: [String], _ forwarded: String) throws -> Bool {
      let keys = MemoryKeyStore()
      _ = try keys.add(KeySecret.random().sealed(name: "one", scopes: [.manage], at: 0))
      let server = try TestServer(keys: keys) {
        $0.isBehindProxy = true
        $0.trustedProxies = trusted.compactMap { IPNetwork($0) }
      }
      return try (1...60).contains { number in
        let headers = [
          (name: "x-forwarded-for", value: forwarded.replacing("N", with: "\(number)")),
          (name: "authorization", value: "Bearer \(KeySecret.random().text)"),
        ]
        return try server.ask("/api/flows", headers: headers).status == 429
      }
    }

    @Test(
      "the last entry counts, of anybody or of a proxy that is named; from elsewhere the header is ignored",
      arguments: [
        ([], "198.51.N.1", false), ([], "198.51.N.1, 192.0.2.1", true), (["127.0.0.0/8"], "198.51.N.1", false),
        (["127.0.0.1"], "198.51.N.1, 192.0.2.1", true), (["10.0.0.0/8"], "198.51.N.1", true),
        // Two proxies in a row: the last entry that is no proxy of ours.
        (["127.0.0.1", "10.0.0.0/8"], "198.51.N.1, 10.0.0.7", false),
        (["127.0.0.1", "10.0.0.0/8"], "198.51.N.1, 192.0.2.1, 10.0.0.7", true),
        (["127.0.0.1", "10.0.0.0/8"], "10.0.N.1, 10.0.0.7", false),
        (["127.0.0.1"], "198.51.N.1, unknown", true),
      ] as [([String], String, Bool)])
    func believed(trusted: [String], forwarded: String, expected: Bool) throws {
      #expect(try isThrottled(trusted, forwarded) == expected)
    }
  }
}
