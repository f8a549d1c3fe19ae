import CallCore
import CallDriver
import CallServer
import Logging
import Stores
import TestSupport
import Testing

/// Campaigns in virtual time: nobody waits, and nobody is called.
@Suite("Campaigns in virtual time")
struct CampaignTests {
  /// Notes what is dialed. What comes of it the bench tells.
  final class Dialer: CampaignDialer {
    let dialed = Probe<[PhoneCallRecord]>([])
    let hindrance = Probe<CampaignHindrance?>(nil)
    let reserved = Probe(0)

    func reserve(_ call: PhoneCallRecord) throws(CampaignHindrance) {
      if let hindrance = hindrance.current { throw hindrance }
      reserved.change { $0 += 1 }
    }
    func release(_ call: PhoneCallRecord) { reserved.change { $0 -= 1 } }
    func place(_ call: PhoneCallRecord) { dialed.change { $0.append(call) } }
  }

  /// A store that outlives servers, and one server after another.
  struct Bench {
    let stores: TelephonyStores
    let dialer = Dialer()
    var service: CampaignService
    /// Monday, 2 March 2026, 08:00 UTC.
    static let monday: Int64 = 1_772_438_400_000_000
    var now = Timestamp.zero
    /// Calls that go on, with their end.
    var live: [(call: PhoneCallRecord, until: Timestamp)] = []
    var seen = 0

    init(_ campaigns: any CampaignStore = MemoryCampaignStore()) {
      stores = TelephonyStores(
        providers: MemoryTelephonyStore(limits: .providers), numbers: MemoryTelephonyStore(limits: .numbers),
        calls: MemoryTelephonyStore(limits: .calls), campaigns: campaigns, secrets: SecretsKeys())
      service = CampaignService(stores: stores, dialer: dialer, runner: "one", log: Logger(label: "test"))
    }

    func add(_ count: Int, _ adjust: (inout Campaign) -> Void = { _ in }) throws {
      var campaign = Campaign(
        id: "a", owner: "k", name: "a", providerID: "p", from: "+15550100", createdAtUnixMicroseconds: 0)
      campaign.status = .running
      campaign.callsPerMinute = 60
      campaign.callsAtOnce = 5
      adjust(&campaign)
      let numbers = (0..<count).map { "+1555\(1000 + $0)" }
      #expect(try stores.campaigns.add(campaign, numbers: numbers) == .done)
    }

    var unix: Int64 { Self.monday + now.microseconds }
    var campaign: Campaign? { get throws { try stores.campaigns.campaigns.one(id: "a") } }
    var counts: CampaignCounts { get throws { try stores.campaigns.counts(of: nil)["a"] ?? CampaignCounts() } }
    var numbers: [String] { dialer.dialed.current.map(\.to) }

    /// Lets time pass; each call lasts as long as `length` says for its place in the order of dialing.
    mutating func run(_ time: CallDuration, step: CallDuration = .milliseconds(250), length: (Int) -> CallDuration)
      throws
    {
      let end = now + time
      while now < end {
        for entry in live where entry.until <= now { try finish(entry.call) }
        live.removeAll { $0.until <= now }
        service.step(at: now, unix: unix)
        for call in dialer.dialed.current[seen...] {
          live.append((call, now + length(seen)))
          seen += 1
        }
        now = now + step
      }
    }

    private func finish(_ call: PhoneCallRecord, as status: PhoneCallRecord.Status = .completed) throws {
      var call = call
      let hasAnswer = call.to.hasSuffix("0") == false
      _ = call.advance(to: hasAnswer ? status : .noAnswer, at: unix)
      try service.ended(call, .held)
    }
  }

  @Test("fifty numbers are called once each, in order, at the pace and at once as many as were asked for")
  func fifty() throws {
    var bench = Bench()
    try bench.add(50)
    var most = 0
    var begun: [Timestamp] = []
    for _ in 0..<800 {
      let before = bench.seen
      try bench.run(.milliseconds(250)) { index in .seconds(3 + index % 7) }
      most = max(most, bench.live.count)
      for _ in before..<bench.seen { begun.append(bench.now) }
    }
    #expect(bench.numbers == (0..<50).map { "+1555\(1000 + $0)" })
    #expect(most == 5)
    #expect(zip(begun, begun.dropFirst()).allSatisfy { $1 - $0 >= .seconds(1) })
    let counts = try bench.counts
    #expect(counts.total == 50 && counts.completed == 50 && counts.successful == 45 && counts.failed == 5)
    #expect(try bench.campaign?.status == .completed && bench.service.runningCount == 0)
    #expect(try bench.stores.campaigns.numbers(of: "a")[10].reason == "no-answer")
  }

  @Test("a server that dies in the middle: the next one calls the rest, and whom it called last never again")
  func death() throws {
    var bench = Bench()
    try bench.add(50)
    try bench.run(.seconds(21)) { _ in .seconds(4) }
    let before = bench.numbers
    let ringing = bench.live.map(\.call)
    #expect((10..<40).contains(before.count) && !ringing.isEmpty)
    bench.live = []
    bench.service = CampaignService(
      stores: bench.stores, dialer: bench.dialer, runner: "two", log: Logger(label: "test"))
    try bench.run(.seconds(120)) { _ in .seconds(4) }
    #expect(bench.numbers.count == 50 && Set(bench.numbers).count == 50)
    #expect(try bench.campaign?.status == .completed)
    let numbers = try bench.stores.campaigns.numbers(of: "a")
    for call in ringing {
      let number = try #require(numbers.first { $0.callID == call.id })
      #expect(number.state == .failed && number.reason == CampaignService.unknown)
      #expect(try bench.stores.calls.one(id: call.id)?.reason == CampaignService.unknown)
    }
    #expect(try bench.counts.completed == 50)
  }

  @Test("a pause begins no further call, and a resumption goes on behind the last one")
  func pause() throws {
    var bench = Bench()
    try bench.add(20) { $0.callsAtOnce = 2 }
    func set(_ status: Campaign.Status) throws {
      _ = try bench.stores.campaigns.campaigns.update(id: "a") {
        $0.status = status
        return true
      }
    }
    try bench.run(.seconds(5)) { _ in .seconds(1) }
    try set(.paused)
    let begun = bench.numbers.count
    try bench.run(.seconds(60)) { _ in .seconds(1) }
    #expect(bench.numbers.count == begun && begun < 20 && bench.service.runningCount == 0)
    try set(.running)
    try bench.run(.seconds(60)) { _ in .seconds(1) }
    #expect(bench.numbers.count == 20 && Set(bench.numbers).count == 20)
    #expect(try bench.counts.completed == 20)
  }

  @Test("nobody is called outside the hours, and nobody on the do-not-call list")
  func hours() throws {
    var bench = Bench()
    try bench.add(10) {
      $0.hours = CallingHours(days: [1, 2], start: 9 * 60, end: 9 * 60 + 1, utcOffsetMinutes: 0)
      $0.callsPerMinute = 6
      $0.doNotCall = ["+15551003"]
    }
    try bench.run(.seconds(3590)) { _ in .seconds(1) }
    #expect(bench.numbers.isEmpty)
    try bench.run(.seconds(80)) { _ in .seconds(1) }
    #expect(bench.numbers.count == 6)
    try bench.run(.seconds(24 * 3600 - 100), step: .seconds(30)) { _ in .seconds(1) }
    #expect(bench.numbers.count == 6)
    try bench.run(.seconds(120)) { _ in .seconds(1) }
    #expect(bench.numbers.count == 9 && !bench.numbers.contains("+15551003"))
    #expect(try bench.stores.campaigns.numbers(of: "a")[3].reason == CampaignScheduler.doNotCall)
  }

  @Test("a campaign that is to start later starts by itself")
  func scheduled() throws {
    var bench = Bench()
    try bench.add(3) {
      $0.status = .scheduled
      $0.scheduledAtUnixMicroseconds = Bench.monday + 60_000_000
    }
    try bench.run(.seconds(59)) { _ in .seconds(1) }
    #expect(try bench.numbers.isEmpty && bench.campaign?.status == .scheduled)
    try bench.run(.seconds(20)) { _ in .seconds(1) }
    #expect(try bench.numbers.count == 3 && bench.campaign?.status == .completed)
  }

  @Test("what hinders a call: limits are waited for, a forbidden number fails, a stop pauses, a broken account ends it")
  func hindrances() throws {
    var bench = Bench()
    try bench.add(4)
    bench.dialer.hindrance.change { $0 = .later(.seconds(30)) }
    try bench.run(.seconds(20)) { _ in .seconds(1) }
    #expect(bench.numbers.isEmpty && bench.dialer.reserved.current == 0)
    bench.dialer.hindrance.change { $0 = nil }
    try bench.run(.seconds(11)) { _ in .seconds(1) }
    #expect(bench.numbers.count == 1)
    bench.dialer.hindrance.change { $0 = .never("a premium number") }
    try bench.run(.seconds(1)) { _ in .seconds(1) }
    #expect(try bench.stores.campaigns.numbers(of: "a").contains { $0.reason == "a premium number" })
    bench.dialer.hindrance.change { $0 = .stopped("stopped by hand") }
    try bench.run(.seconds(5)) { _ in .seconds(1) }
    #expect(try bench.campaign?.status == .paused && bench.campaign?.reason == "stopped by hand")
    _ = try bench.stores.campaigns.campaigns.update(id: "a") {
      $0.status = .running
      return true
    }
    bench.dialer.hindrance.change { $0 = .broken("no account") }
    try bench.run(.seconds(5)) { _ in .seconds(1) }
    #expect(try bench.campaign?.status == .failed && bench.campaign?.reason == "no account")
  }

  @Test("five calls in a row that the provider refuses end the campaign")
  func refused() throws {
    let bench = Bench()
    try bench.add(20) { $0.callsAtOnce = 1 }
    var now = Timestamp.zero
    for index in 0..<20 {
      bench.service.step(at: now, unix: Bench.monday)
      now = now + .seconds(2)
      guard bench.dialer.dialed.current.count == index + 1, var call = bench.dialer.dialed.current.last else { break }
      _ = call.advance(to: .failed, at: Bench.monday, reason: "401")
      try bench.service.ended(call, .refused)
    }
    #expect(bench.numbers.count == CampaignService.refusedMax)
    #expect(try bench.campaign?.status == .failed && bench.campaign?.reason?.hasSuffix("because 401") == true)
  }

  @Test("a call whose row is gone settles its number all the same, and the campaign comes to its end")
  func rowGone() throws {
    let bench = Bench()
    try bench.add(1)
    bench.service.step(at: .zero, unix: Bench.monday)
    let call = try #require(bench.dialer.dialed.current.first)
    #expect(try bench.stores.calls.removeAll(about: call.to) == 1)
    try bench.service.ended(call.id, .canceled, reason: "deleted", .held)
    try bench.service.ended("another", .completed, reason: nil, .held)
    #expect(try bench.stores.campaigns.numbers(of: "a").map(\.reason) == ["deleted"])
    bench.service.step(at: .zero + .seconds(1), unix: Bench.monday)
    #expect(try bench.campaign?.status == .completed)
  }

  @Test(
    "a call that could not be asked for costs its number nothing: it waits longer and longer, and at last the campaign pauses"
  )
  func unplaced() throws {
    let bench = Bench()
    try bench.add(1)
    var (now, instants) = (Timestamp.zero, [Timestamp]())
    let end = Timestamp.zero + .seconds(2 * 3600)
    while now < end, try bench.campaign?.status == .running {
      bench.service.step(at: now, unix: Bench.monday)
      if bench.dialer.dialed.current.count > instants.count, var call = bench.dialer.dialed.current.last {
        instants.append(now)
        _ = call.advance(to: .failed, at: Bench.monday, reason: "429")
        try bench.service.ended(call, .notPlaced(after: instants.count == 2 ? .seconds(600) : nil))
        #expect(try bench.stores.campaigns.numbers(of: "a").map(\.state) == [.waiting])
      }
      now = now + .seconds(1)
    }
    let waits = zip(instants, instants.dropFirst()).map { ($1 - $0).milliseconds / 1000 }
    #expect(waits == [5, 600, 20, 40, 80, 160, 300, 300, 300, 300, 300])
    #expect(instants.count == CampaignService.unplacedMax)
    #expect(try bench.campaign?.status == .paused && bench.campaign?.reason?.hasSuffix("because 429") == true)
    // Resumed, it calls the number as if nothing had been.
    _ = try bench.stores.campaigns.campaigns.update(id: "a") {
      $0.status = .running
      return true
    }
    bench.service.wake()
    bench.service.step(at: now, unix: Bench.monday)
    #expect(bench.numbers.count == CampaignService.unplacedMax + 1 && Set(bench.numbers).count == 1)
  }

  @Test("a number that is passed over while the store does not answer is not lost", arguments: [true, false])
  func passedOver(isOnList: Bool) throws {
    let store = InterruptedCampaignStore()
    var bench = Bench(store)
    try bench.add(1) { if isOnList { $0.doNotCall = ["+15551000"] } }
    if !isOnList { bench.dialer.hindrance.change { $0 = .never("forbidden") } }
    store.faults.change { $0 = 3 }
    try bench.run(.seconds(10)) { _ in .seconds(1) }
    #expect(try bench.campaign?.status == .running && bench.stores.campaigns.numbers(of: "a")[0].state == .waiting)
    try bench.run(.seconds(20)) { _ in .seconds(1) }
    #expect(try bench.campaign?.status == .completed && bench.stores.campaigns.numbers(of: "a")[0].state == .failed)
    #expect(bench.numbers.isEmpty)
  }

  @Test("a call that ends while its campaign is taken up again does not keep it from its end")
  func endsWhileAdopted() throws {
    let store = InterruptedCampaignStore()
    var bench = Bench(store)
    try bench.add(1)
    bench.service.step(at: .zero, unix: bench.unix)
    func set(_ status: Campaign.Status) throws {
      _ = try bench.stores.campaigns.campaigns.update(id: "a") {
        $0.status = status
        return true
      }
      bench.service.wake()
      bench.service.step(at: .zero, unix: bench.unix)
    }
    try set(.paused)
    var call = try #require(bench.dialer.dialed.current.first)
    _ = call.advance(to: .completed, at: bench.unix)
    store.onRead.change { [service = bench.service, call] in
      $0 = {
        do { try service.ended(call, .held) } catch { Issue.record(error) }
      }
    }
    try set(.running)
    #expect(store.onRead.current == nil && bench.service.runningCount == 0)
    bench.seen = 1
    try bench.run(.seconds(5)) { _ in .seconds(1) }
    #expect(try bench.campaign?.status == .completed)
  }

  @Test(
    "a server out of service begins no call and keeps a campaign while calls of it are up here; then another one goes on at once",
    arguments: [true, false])
  func outOfService(isClosed: Bool) throws {
    let store = LeasedCampaignStore()
    var bench = Bench(store)
    try bench.add(4) { $0.callsAtOnce = 2 }
    let other = CampaignService(
      stores: bench.stores, dialer: bench.dialer, runner: "two", log: Logger(label: "test"))
    func step(_ seconds: Int) {
      for _ in 0..<seconds {
        bench.now = bench.now + .seconds(1)
        store.now.change { $0 = bench.now }
        bench.service.step(at: bench.now, unix: bench.unix, beginsCalls: isClosed)
        other.step(at: bench.now, unix: bench.unix)
      }
    }
    bench.service.step(at: bench.now, unix: bench.unix)
    if isClosed { bench.service.close() }
    // Longer than a lease.
    step(60)
    #expect(bench.numbers == ["+15551000"] && bench.service.runningCount == 1 && other.runningCount == 0)
    #expect(try bench.stores.campaigns.numbers(of: "a").map(\.state) == [.claimed, .waiting, .waiting, .waiting])
    var call = try #require(bench.dialer.dialed.current.first)
    _ = call.advance(to: .completed, at: bench.unix)
    try bench.service.ended(call, .held)
    step(10)
    #expect(bench.service.runningCount == 0 && other.runningCount == 1)
    #expect(try bench.stores.campaigns.numbers(of: "a").map(\.state).prefix(2) == [.succeeded, .claimed])
    #expect(Set(bench.numbers).count == bench.numbers.count && bench.numbers.count == 3)
  }

  @Test("a server that is brought back takes a campaign up again, with its calls that go on")
  func backInService() throws {
    var bench = Bench(LeasedCampaignStore())
    try bench.add(2) { $0.callsAtOnce = 1 }
    bench.service.step(at: bench.now, unix: bench.unix)
    for _ in 0..<10 {
      bench.now = bench.now + .seconds(1)
      bench.service.step(at: bench.now, unix: bench.unix, beginsCalls: false)
    }
    #expect(bench.numbers.count == 1)
    try bench.run(.seconds(20)) { _ in .seconds(1) }
    #expect(bench.numbers == ["+15551000", "+15551001"])
    #expect(try bench.campaign?.status == .completed && bench.counts.completed == 2)
  }
}
