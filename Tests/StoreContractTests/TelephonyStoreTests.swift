import CallCore
import CallDriver
import Dispatch
import Testing

@Suite("Stores of what keys make for telephone calls")
struct TelephonyStoreTests {
  private func provider(_ id: String, of owner: String = "alice") -> TelephonyProvider {
    TelephonyProvider(id: id, owner: owner, kind: .twilio, name: "Zoë's \"\(id)\" 📞", createdAtUnixMicroseconds: 7)
  }

  @Test("a provider comes back as it was, with every field", arguments: ProviderStoreFactory.all)
  func roundTrip(factory: ProviderStoreFactory) throws {
    let store = try factory.store()
    var full = provider("full")
    full.credentials = SealedSecret(keyID: "0123456789abcdef", nonce: Array(0..<12), sealed: Array(0...255))
    full.configuration = #"{"a":"\u0001\\u0000 \"b\"","c":[1,null]}"#
    full.isActive = false
    full.updatedAtUnixMicroseconds = 1_800_000_000_000_001
    #expect(try store.add(full) == .done)
    #expect(try store.add(provider("bare", of: "")) == .done)
    #expect(try store.one(id: "full") == full)
    #expect(try store.all(of: nil) == [full, provider("bare", of: "")])
    #expect(try store.all(of: "alice") == [full])
    #expect(try store.all(of: "").map(\.id) == ["bare"])
    #expect(try store.all(of: "bob").isEmpty && store.one(id: "nobody") == nil)
    #expect(store.usage.entries == 2)
  }

  @Test("changes are made, refused or left alone", arguments: ProviderStoreFactory.all)
  func changes(factory: ProviderStoreFactory) throws {
    let store = try factory.store()
    #expect(try store.add(provider("a")) == .done)
    #expect(try store.add(provider("a", of: "bob")) == .taken)
    #expect(
      try store.update(id: "a") {
        $0.name = "b"
        return true
      } == .done)
    #expect(
      try store.update(id: "a") {
        $0.name = "c"
        return false
      } == .unchanged)
    #expect(try store.update(id: "b") { _ in true } == .missing)
    #expect(try store.one(id: "a")?.name == "b")
    #expect(try store.remove(id: "a") == .done)
    #expect(try store.remove(id: "a") == .missing)
    #expect(try store.all(of: nil).isEmpty)
    #expect(store.usage.entries == 0)
  }

  @Test("full is full, for each key and for all", arguments: ProviderStoreFactory.all)
  func bounds(factory: ProviderStoreFactory) throws {
    let store = try factory.store(entriesMax: 4)
    for id in ["a", "b"] { #expect(try store.add(provider(id)) == .done) }
    #expect(try store.add(provider("c")) == .full)
    for id in ["d", "e"] { #expect(try store.add(provider(id, of: "bob")) == .done) }
    #expect(try store.add(provider("f", of: "carol")) == .full)
    #expect(try store.remove(id: "a") == .done)
    #expect(try store.add(provider("f", of: "carol")) == .done)
    #expect(try store.all(of: nil).map(\.id) == ["b", "d", "e", "f"])
  }

  @Test("eight threads change one at once, and no change is lost", arguments: ProviderStoreFactory.all)
  func threads(factory: ProviderStoreFactory) throws {
    let store = try factory.store()
    #expect(try store.add(provider("a")) == .done)
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      do {
        for _ in 0..<25 {
          let change = try store.update(id: "a") {
            $0.updatedAtUnixMicroseconds += 1
            return true
          }
          #expect(change == .done)
        }
      } catch {
        Issue.record(error)
      }
    }
    #expect(try store.one(id: "a")?.updatedAtUnixMicroseconds == 207)
  }
}
