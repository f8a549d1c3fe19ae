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

  @Test("a flow of nodes comes back as it was, and is counted", arguments: NodeFlowStoreFactory.all)
  func nodeFlows(factory: NodeFlowStoreFactory) throws {
    let store = try factory.store()
    var flow = NodeFlow(id: "a", owner: "alice", name: "Zoë", createdAtUnixMicroseconds: 3)
    #expect(try store.add(flow) == .done)
    let added = try store.revision()
    flow.nodes = NodeFlow.Kind.allCases.map { NodeFlow.Node(id: "\($0)", kind: $0, data: #"{"a":[1,null]}"#) }
    flow.edges = [NodeFlow.Edge(id: "e", from: "tool", to: "endCall", label: "📞")]
    let drawn = flow
    #expect(
      try store.update(id: "a") {
        $0 = drawn
        return true
      } == .done)
    #expect(try store.all(of: "alice") == [flow] && store.revision() != added)
    #expect(try store.removeAll(about: "+15550100") == 0)
    #expect(try store.remove(id: "a") == .done)
    #expect(store.usage.entries == 0)
  }

  private func number(_ id: String, _ text: String, of provider: String = "p") -> TelephonyNumber {
    TelephonyNumber(id: id, owner: "alice", providerID: provider, number: text, createdAtUnixMicroseconds: 3)
  }

  @Test("a number is there once, and found by its account", arguments: NumberStoreFactory.all)
  func numbers(factory: NumberStoreFactory) throws {
    let store = try factory.store()
    let before = try store.revision()
    var full = number("a", "+15550100")
    full.friendlyName = "Zoë"
    full.country = "US"
    full.capabilities = .init(voice: false, sms: true, mms: true)
    full.flow = "clinic"
    full.isActive = false
    #expect(try store.add(full) == .done)
    #expect(try store.add(number("b", "+15550100")) == .taken)
    #expect(try store.add(number("b", "+15550101", of: "q")) == .done)
    #expect(try store.one(id: "a") == full)
    #expect(try store.newest(of: "alice", in: nil, limit: 9, before: nil).map(\.id) == ["b", "a"])
    #expect(try store.newest(of: "alice", in: "p", limit: 9, before: nil) == [full])
    #expect(try store.newest(of: "alice", in: nil, limit: 1, before: nil).map(\.id) == ["b"])
    #expect(try store.newest(of: "alice", in: nil, limit: 9, before: "b").map(\.id) == ["a"])
    #expect(try store.newest(of: "alice", in: nil, limit: 9, before: "nobody").isEmpty)
    #expect(try store.newest(of: "bob", in: nil, limit: 9, before: nil).isEmpty)
    let added = try store.revision()
    let change = try store.update(id: "a") {
      $0.number = "+15550101"
      return true
    }
    #expect(try change == .taken && store.one(id: "a") == full)
    #expect(try store.remove(id: "b") == .done)
    #expect(try store.removeAll(about: "+15550100") == 0)
    #expect(try before != added && added != store.revision())
  }

  private func call(_ id: String, from: String = "+15550100", to: String = "+15550101") -> PhoneCallRecord {
    PhoneCallRecord(
      id: id, owner: "alice", providerID: "p", direction: .outbound, from: from, to: to,
      createdAtUnixMicroseconds: 5)
  }

  @Test("the oldest call makes room, and no two have one name at their provider", arguments: PhoneCallStoreFactory.all)
  func calls(factory: PhoneCallStoreFactory) throws {
    let store = try factory.store(entriesMax: 3)
    var full = call("a")
    full.campaignID = "c"
    full.numberID = "n"
    full.flow = "clinic"
    full.providerCallID = "CA1"
    full.status = .noAnswer
    full.reason = "nobody answered"
    full.duration = .milliseconds(1500)
    full.sessionID = "s"
    full.metadata = #"{"a":1}"#
    full.startedAtUnixMicroseconds = 6
    full.endedAtUnixMicroseconds = 7
    #expect(try store.add(full) == .done)
    #expect(try store.one(id: "a") == full)
    #expect(try store.newest(of: "alice", in: "c", limit: 9, before: nil) == [full])
    #expect(try store.add(call("b")) == .done)
    let change = try store.update(id: "b") {
      $0.providerCallID = "CA2"
      return true
    }
    #expect(try change == .done && store.one(id: "b")?.providerCallID == "CA2")
    var twice = call("t")
    twice.providerCallID = "CA2"
    #expect(try store.add(twice) == .taken)
    for id in ["d", "e"] { #expect(try store.add(call(id, to: "+15550102")) == .done) }
    #expect(try store.all(of: "alice").map(\.id) == ["b", "d", "e"])
    #expect(try store.one(id: "a") == nil)
    #expect(store.usage.evicted == 1)
    #expect(try store.removeAll(about: "+15550102") == 2)
    #expect(try store.removeAll(about: "+15550102") == 0)
    #expect(try store.all(of: nil).map(\.id) == ["b"])
  }
}
