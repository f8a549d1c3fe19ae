import CallCore
import CallDriver
import Dispatch
import TestSupport
import Testing

@Suite("Stores of campaigns")
struct CampaignStoreTests {
  private func campaign(_ id: String, of owner: String = "alice", _ status: Campaign.Status = .running) -> Campaign {
    var campaign = Campaign(
      id: id, owner: owner, name: "Zoë's \"\(id)\"", providerID: "p", from: "+15550100", createdAtUnixMicroseconds: 9)
    campaign.status = status
    return campaign
  }

  private static let list = (0..<5).map { "+1555020\($0)" }
  private static let time = CallDuration.seconds(60)

  @Test("a campaign comes back as it was, with its list in order", arguments: CampaignStoreFactory.all)
  func roundTrip(factory: CampaignStoreFactory) throws {
    let store = try factory.store()
    var full = campaign("a", .failed)
    full.description = "Spring\n🌱"
    full.flow = "clinic"
    full.reason = "refused"
    full.scheduledAtUnixMicroseconds = 1
    full.callsPerMinute = 60
    full.callsAtOnce = 50
    full.hours = CallingHours(days: [1, 7], start: 540, end: 1080, utcOffsetMinutes: -300)
    full.doNotCall = ["+15550201"]
    full.startedAtUnixMicroseconds = 2
    full.endedAtUnixMicroseconds = 3
    #expect(try store.add(full, numbers: Self.list) == .done)
    #expect(try store.add(full, numbers: Self.list) == .taken)
    #expect(try store.campaigns.one(id: "a") == full)
    #expect(try store.numbers(of: "a") == Self.list.enumerated().map { CampaignNumber(position: $0, number: $1) })
    #expect(try store.numbers(of: "b").isEmpty)
    #expect(try store.counts(of: "alice")["a"]?.total == 5)
    #expect(try store.counts(of: "bob").isEmpty)
    #expect(try store.campaigns.remove(id: "a") == .done)
    #expect(try store.numbers(of: "a").isEmpty && store.counts(of: nil).isEmpty)
  }

  @Test("only what runs or is to start is unfinished; full is full", arguments: CampaignStoreFactory.all)
  func unfinished(factory: CampaignStoreFactory) throws {
    let store = try factory.store(entriesMax: 12)
    for status in Campaign.Status.allCases {
      #expect(try store.add(campaign(status.rawValue, status), numbers: []) == .done)
    }
    #expect(try Set(store.unfinished().map(\.id)) == ["running", "scheduled"])
    #expect(try store.add(campaign("more"), numbers: []) == .full)
    #expect(try store.add(campaign("more", of: "bob"), numbers: []) == .done)
  }

  @Test("a number is claimed once, for one call, and settled once", arguments: CampaignStoreFactory.all)
  func claims(factory: CampaignStoreFactory) throws {
    let store = try factory.store()
    #expect(try store.add(campaign("a"), numbers: Self.list) == .done)
    #expect(try store.lease("a", to: "one", for: Self.time))
    #expect(try store.claim(0, of: "a", for: "call-0", by: "one"))
    #expect(try store.claim(0, of: "a", for: "call-0", by: "one"))
    #expect(try !store.claim(0, of: "a", for: "call-1", by: "one"))
    #expect(try !store.claim(9, of: "a", for: "call-1", by: "one"))
    #expect(try !store.claim(0, of: "nothing", for: "call-1", by: "one"))
    #expect(try store.settle(0, of: "a", from: .claimed, as: .succeeded, reason: nil))
    #expect(try !store.settle(0, of: "a", from: .claimed, as: .failed, reason: "late"))
    #expect(try !store.claim(0, of: "a", for: "call-0", by: "one"))
    #expect(try store.settle(1, of: "a", from: .waiting, as: .failed, reason: "not to be called"))
    #expect(try !store.claim(1, of: "a", for: "call-1", by: "one"))
    #expect(try store.claim(2, of: "a", for: "call-2", by: "one"))
    #expect(try store.settle(callID: "call-2", of: "a", as: .failed, reason: "busy") == 2)
    #expect(try store.settle(callID: "call-2", of: "a", as: .succeeded, reason: nil) == nil)
    #expect(try store.numbers(of: "a").map(\.state) == [.succeeded, .failed, .failed, .waiting, .waiting])
    #expect(try store.numbers(of: "a").map(\.reason) == [nil, "not to be called", "busy", nil, nil])
    let counts = try #require(try store.counts(of: nil)["a"])
    #expect(counts.total == 5 && counts.completed == 3 && counts.successful == 1 && counts.failed == 2)
    let change = try store.campaigns.update(id: "a") {
      $0.status = .paused
      return true
    }
    #expect(change == .done)
    #expect(try !store.claim(3, of: "a", for: "call-3", by: "one"))
  }

  @Test(
    "a number whose call was not placed waits again, and one that was deleted meanwhile fails",
    arguments: CampaignStoreFactory.all)
  func unclaimed(factory: CampaignStoreFactory) throws {
    let store = try factory.store()
    #expect(try store.add(campaign("a"), numbers: Self.list) == .done)
    #expect(try store.lease("a", to: "one", for: Self.time))
    for position in 0..<3 { #expect(try store.claim(position, of: "a", for: "call-\(position)", by: "one")) }
    #expect(try store.settle(2, of: "a", from: .claimed, as: .succeeded, reason: nil))
    #expect(try store.erase(Self.list[1], reason: "deleted") == 1)
    #expect(try store.unclaim(callID: "call-0", of: "a", reason: "gone"))
    #expect(try store.unclaim(callID: "call-1", of: "a", reason: "gone"))
    for id in ["call-0", "call-2", "call-9"] { #expect(try !store.unclaim(callID: id, of: "a", reason: "late")) }
    let numbers = try store.numbers(of: "a")
    #expect(numbers.prefix(3).map(\.state) == [.waiting, .failed, .succeeded])
    #expect(numbers.prefix(3).map(\.reason) == [nil, "gone", nil] && numbers[0].callID == nil)
    #expect(try store.claim(0, of: "a", for: "call-3", by: "one"))
    #expect(try store.settle(callID: "call-0", of: "a", as: .failed, reason: "late") == nil)
  }

  @Test("eight servers' threads claim all numbers, each of them once", arguments: CampaignStoreFactory.all)
  func threads(factory: CampaignStoreFactory) throws {
    let store = try factory.store()
    #expect(try store.add(campaign("a"), numbers: (0..<40).map { "+15550\(100 + $0)" }) == .done)
    #expect(try store.lease("a", to: "one", for: Self.time))
    let won = Probe<[Int]>([])
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      do {
        for position in 0..<40 where try store.claim(position, of: "a", for: "call-\(thread)", by: "one") {
          won.change { $0.append(position) }
        }
      } catch {
        Issue.record(error)
      }
    }
    #expect(won.current.sorted() == Array(0..<40))
  }

  @Test("who asks for his data to be deleted stands on no list any more", arguments: CampaignStoreFactory.all)
  func erased(factory: CampaignStoreFactory) throws {
    let store = try factory.store()
    for id in ["a", "b"] { #expect(try store.add(campaign(id), numbers: Self.list) == .done) }
    #expect(try store.lease("a", to: "one", for: Self.time))
    #expect(try store.claim(1, of: "a", for: "call-1", by: "one"))
    #expect(try store.erase("+15550201", reason: "deleted") == 2)
    #expect(try store.erase("+15550201", reason: "deleted") == 0)
    let (a, b) = (try store.numbers(of: "a")[1], try store.numbers(of: "b")[1])
    #expect(a.number.isEmpty && a.state == .claimed && a.reason == nil)
    #expect(b.number.isEmpty && b.state == .failed && b.reason == "deleted")
  }

  @Test(
    "of two servers one runs a campaign, until its lease is over",
    arguments: CampaignStoreFactory.all.filter { $0.testDescription == "postgres" })
  func leases(factory: CampaignStoreFactory) throws {
    let store = try factory.store()
    #expect(try store.add(campaign("a"), numbers: Self.list) == .done)
    #expect(try !store.claim(0, of: "a", for: "call", by: "one"))
    #expect(try store.lease("a", to: "one", for: Self.time))
    #expect(try store.lease("a", to: "one", for: .microseconds(-1)))
    #expect(try !store.claim(0, of: "a", for: "call", by: "one"))
    #expect(try store.lease("a", to: "two", for: Self.time))
    #expect(try !store.lease("a", to: "one", for: Self.time))
    #expect(try !store.claim(0, of: "a", for: "call", by: "one"))
    #expect(try store.claim(0, of: "a", for: "call", by: "two"))
    #expect(try !store.lease("nothing", to: "one", for: Self.time))
  }
}
