import CallCore
import CallDriver
import Dispatch
import Testing

@Suite("A store of keys")
struct KeyStoreTests {
  private func key(_ id: String) -> APIKey {
    APIKey(
      id: id, name: "Key \(id)", scopes: [.call, .read], createdAtUnixMicroseconds: 1_700_000_000_000_000,
      salt: [1, 0, 255], digest: Array(0..<32))
  }

  @Test("an empty store has no keys", arguments: KeyStoreFactory.all)
  func empty(factory: KeyStoreFactory) throws {
    let store = try factory.store()
    #expect(try store.keys().isEmpty)
    #expect(store.usage.entries == 0 && store.usage.evicted == 0)
    #expect(try store.revoke(id: "a", atUnixMicroseconds: 1) == .missing)
    #expect(try store.recordUse(id: "a", atUnixMicroseconds: 1) == .missing)
  }

  @Test("a key comes back as it was, with every field", arguments: KeyStoreFactory.all)
  func roundTrip(factory: KeyStoreFactory) throws {
    let store = try factory.store()
    var full = key("full")
    full.name = "Zoë's \"key\" 🔑"
    full.scopes = Set(KeyScope.allCases)
    full.expiresAtUnixMicroseconds = 1_800_000_000_000_001
    full.requestsPerMinute = 1_000_000
    full.tokensPerDay = 1_000_000_000_000
    full.revokedAtUnixMicroseconds = 1_750_000_000_000_003
    full.lastUsedAtUnixMicroseconds = 1_740_000_000_000_005
    #expect(try store.add(full) == .done)
    #expect(try store.add(key("bare")) == .done)
    #expect(try store.keys() == [full, key("bare")])
    #expect(store.usage.entries == 2)
  }

  @Test("an id is there once", arguments: KeyStoreFactory.all)
  func taken(factory: KeyStoreFactory) throws {
    let store = try factory.store()
    #expect(try store.add(key("a")) == .done)
    var other = key("a")
    other.name = "another"
    #expect(try store.add(other) == .taken)
    #expect(try store.keys() == [key("a")])
  }

  @Test("the first revocation counts, and of uses the latest", arguments: KeyStoreFactory.all)
  func changes(factory: KeyStoreFactory) throws {
    let store = try factory.store()
    for id in ["a", "b"] { #expect(try store.add(key(id)) == .done) }
    #expect(try store.revoke(id: "a", atUnixMicroseconds: 20) == .done)
    #expect(try store.revoke(id: "a", atUnixMicroseconds: 30) == .done)
    for instant: Int64 in [50, 70, 60] { #expect(try store.recordUse(id: "b", atUnixMicroseconds: instant) == .done) }
    let keys = try store.keys()
    #expect(keys.map(\.revokedAtUnixMicroseconds) == [20, nil])
    #expect(keys.map(\.lastUsedAtUnixMicroseconds) == [nil, 70])
  }

  @Test("in a full store a revoked key makes room, and no other", arguments: KeyStoreFactory.all)
  func full(factory: KeyStoreFactory) throws {
    let store = try factory.store(entriesMax: 3)
    for id in ["a", "b", "c"] { #expect(try store.add(key(id)) == .done) }
    #expect(try store.add(key("d")) == .full)
    #expect(try store.add(key("a")) == .taken)
    #expect(try store.revoke(id: "c", atUnixMicroseconds: 1) == .done)
    #expect(try store.revoke(id: "b", atUnixMicroseconds: 2) == .done)
    #expect(try store.add(key("d")) == .done)
    #expect(try store.keys().map(\.id) == ["a", "b", "d"])
    #expect(store.usage.evicted == 1)
    #expect(store.usage.entries == 3)
  }

  @Test(
    "keys of call tokens: one is made, a newer one follows it and the third ends the first; in memory there are none",
    arguments: KeyStoreFactory.all)
  func tokenKeys(factory: KeyStoreFactory) throws {
    let store = try factory.store()
    func secrets(_ byte: UInt8, rotation: CallDuration) throws -> [UInt8?] {
      let candidate = [UInt8](repeating: byte, count: TokenKey.byteCount)
      let keys = try store.tokenKeys(candidate: candidate, rotation: rotation)
      for key in keys { #expect(Set(key.secret).count == 1 && key.secret.count == TokenKey.byteCount) }
      #expect(keys.map(\.number) == keys.map(\.number).sorted(by: >) && keys.allSatisfy { $0.age >= .zero })
      return keys.map(\.secret.first)
    }
    #expect(try secrets(1, rotation: .seconds(86_400)) == (store.isLasting ? [1] : []))
    #expect(try secrets(2, rotation: .seconds(86_400)) == (store.isLasting ? [1] : []))
    #expect(try secrets(0xFE, rotation: .zero) == (store.isLasting ? [0xFE, 1] : []))
    #expect(try secrets(4, rotation: .zero) == (store.isLasting ? [4, 0xFE] : []))
    #expect(try secrets(5, rotation: .seconds(86_400)) == (store.isLasting ? [4, 0xFE] : []))
    #expect(store.usage.entries == 0)
  }

  @Test("eight threads add, use and revoke at once", arguments: KeyStoreFactory.all)
  func threads(factory: KeyStoreFactory) throws {
    let store = try factory.store()
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      do {
        for index in 0..<50 {
          let id = "\(thread)-\(index)"
          #expect(try store.add(key(id)) == .done)
          #expect(try store.recordUse(id: id, atUnixMicroseconds: Int64(index)) == .done)
          if index % 2 == 0 { #expect(try store.revoke(id: id, atUnixMicroseconds: 9) == .done) }
        }
      } catch {
        Issue.record(error)
      }
    }
    let keys = try store.keys()
    #expect(Set(keys.map(\.id)).count == 400)
    #expect(keys.count { $0.revokedAtUnixMicroseconds == 9 } == 200)
  }
}
