package import CallCore
package import CallDriver
import FoundationEssentials
package import Logging
import Threads

/// What a call of a campaign is placed by.
package protocol CampaignDialer: Sendable {
  /// Keeps a place for a call, and counts it for its key. `place` or `release` follows.
  func reserve(_ call: PhoneCallRecord) throws(CampaignHindrance)
  /// Gives the place back; nothing was dialed.
  func release(_ call: PhoneCallRecord)
  /// Has the call placed. What comes of it is told to `CampaignService.ended`, once.
  func place(_ call: PhoneCallRecord)
}

/// Why a call of a campaign is not placed. Nothing was asked of a provider then.
package enum CampaignHindrance: Error, Sendable, Equatable {
  /// Not now; again after so long.
  case later(CallDuration)
  /// This number is not called.
  case never(String)
  /// Nobody is called until somebody resumes the campaign: all telephone calls were stopped, or its key may not dial any more.
  case stopped(String)
  /// The account cannot be used, so no number can be called.
  case broken(String)
}

/// What the provider did with a call of a campaign.
package enum CampaignCallEnding: Sendable, Equatable {
  /// It placed it, whatever became of it then.
  case held
  /// It would not place it.
  case refused
  /// It surely did not place it, for a reason that passes; `after`: when it wants to be asked again, if it said.
  case notPlaced(after: CallDuration?)
}

/// Runs campaigns: claims number after number in the store, and has each called once. Of several servers with one store one runs a campaign.
///
/// `step` blocks, and is told the time; one of the server's own threads calls it a few times a second.
package final class CampaignService: Sendable {
  /// How long this server may run a campaign without asking again; after a server died, another one waits so long.
  package static let leaseTime = CallDuration.seconds(15)
  /// Time between two looks at what is to be run, which also keep leases.
  package static let lookPeriod = CallDuration.seconds(2)
  /// Calls in a row that the provider refused to place until a campaign fails.
  package static let refusedMax = 5
  /// Calls in a row that could not be asked for until a campaign pauses: with the holds between them, after half an hour or longer.
  package static let unplacedMax = 12
  /// Until another call is asked for, after the first one that could not be; each further one doubles it.
  package static let holdMin = CallDuration.seconds(5)
  /// Longest of these waits, unless the provider asks for a longer one.
  package static let holdMax = CallDuration.seconds(300)
  /// Until a store that did not answer is asked again.
  private static let storePause = CallDuration.seconds(5)
  /// Steps of one campaign at once, so that the others have their turn.
  private static let stepsMax = 100
  /// Why a number fails that was called when a server died.
  package static let unknown =
    "the server ended while this number was called, so what became of the call is not known; it is not called again"

  private struct Running: Sendable {
    var campaign: Campaign
    var scheduler: CampaignScheduler
    var nextStep = Timestamp.zero
    /// When it was looked at last.
    var now = Timestamp.zero
    /// Ids of calls for which a claim was asked and not answered, by position.
    var claims: [Int: String] = [:]
    var refusedInARow = 0
    var unplacedInARow = 0
  }

  private struct State: Sendable {
    var running: [String: Running] = [:]
    /// Calls of this server that go on: campaign and number.
    var live: [String: (campaign: String, number: CampaignNumber)] = [:]
    var nextLook = Timestamp.zero
    var isStepping = false
    var isClosed = false
  }

  private let stores: TelephonyStores
  private let dialer: any CampaignDialer
  private let log: Logger
  /// This run of this server.
  private let runner: String
  private let state = Locked(State())

  /// - Parameter runner: no other server's, and no other run's of this one.
  package init(
    stores: TelephonyStores, dialer: any CampaignDialer, runner: String = UUID().uuidString.lowercased(), log: Logger
  ) {
    (self.stores, self.dialer, self.runner, self.log) = (stores, dialer, runner, log)
  }

  /// Campaigns that this server runs.
  package var runningCount: Int { state.withLock { $0.running.count } }

  /// Begins no further call; `step` goes on keeping the leases of campaigns with calls of this server.
  package func close() { state.withLock { $0.isClosed = true } }

  /// Looks again at once, because somebody changed a campaign here.
  package func wake() { state.withLock { $0.nextLook = .zero } }

  /// Does what is due. Blocks.
  /// - Parameters:
  ///   - now: of a clock that only goes forward.
  ///   - unix: microseconds since 1970 UTC.
  ///   - beginsCalls: false on a server that is out of service: no call begins, campaigns with calls of this server stay its own, and the
  ///     others go to another one.
  package func step(at now: Timestamp, unix: Int64, beginsCalls: Bool = true) {
    let isMine = state.withLock { state in
      guard !state.isStepping else { return false }
      state.isStepping = true
      return true
    }
    guard isMine else { return }
    defer { state.withLock { $0.isStepping = false } }
    let beginsCalls = beginsCalls && state.withLock { !$0.isClosed }
    do throws(StoreError) {
      if state.withLock({ $0.nextLook <= now }) {
        if beginsCalls { try look(unix: unix) } else { try keepLeasesOfLiveCalls() }
        state.withLock { $0.nextLook = now + Self.lookPeriod }
      }
      guard beginsCalls else { return }
      for id in state.withLock({ $0.running.keys.sorted() }) { try advance(id, at: now, unix: unix) }
    } catch {
      log.warning("campaigns wait for their store: \(error)")
      state.withLock { $0.nextLook = now + Self.storePause }
    }
  }

  /// Has one of the server's own threads do what is due.
  func stepWhenDue(on pool: BlockingPool, beginsCalls: Bool) {
    guard state.withLock({ !$0.isStepping }) else { return }
    let time = APIKeyService.now
    // When no place is free, the next tick finds as much to do.
    _ = pool.submit(.soon) { [self] in
      step(at: time.monotonic, unix: time.unixMicroseconds, beginsCalls: beginsCalls)
    }
  }

  /// A call that was placed is over.
  /// - Throws: when the store does not answer; it must be told again then.
  package func ended(_ call: PhoneCallRecord, _ ending: CampaignCallEnding) throws(StoreError) {
    guard let id = call.campaignID else { return }
    try ended(call.id, of: id, call.status, reason: call.reason, ending)
  }

  /// The same of a call whose row is not kept any more: it made room for another one, or its caller was deleted.
  package func ended(
    _ callID: String, _ status: PhoneCallRecord.Status, reason: String?, _ ending: CampaignCallEnding
  ) throws(StoreError) {
    guard let place = state.withLock({ $0.live[callID] }) else { return }
    try ended(callID, of: place.campaign, status, reason: reason, ending)
  }

  private func ended(
    _ callID: String, of id: String, _ status: PhoneCallRecord.Status, reason given: String?,
    _ ending: CampaignCallEnding
  ) throws(StoreError) {
    if case .notPlaced(let after) = ending {
      return try unplaced(callID, of: id, after: after, reason: given ?? status.rawValue)
    }
    let isSuccess = status == .completed
    let reason = isSuccess ? nil : given ?? status.rawValue
    _ = try stores.campaigns.settle(callID: callID, of: id, as: isSuccess ? .succeeded : .failed, reason: reason)
    let fault = state.withLock { state -> String? in
      guard let place = state.live.removeValue(forKey: callID), state.running[id] != nil else { return nil }
      state.running[id]?.scheduler.ended(place.number.position)
      state.running[id]?.nextStep = .zero
      let refused = ending == .refused ? (state.running[id]?.refusedInARow ?? 0) + 1 : 0
      state.running[id]?.refusedInARow = refused
      state.running[id]?.unplacedInARow = 0
      return refused >= Self.refusedMax ? reason : nil
    }
    if let fault {
      try end(id, as: .failed, reason: "\(Self.refusedMax) calls in a row were refused, the last one because \(fault)")
    }
  }

  /// Nobody was rung: the number waits again, and the campaign holds.
  private func unplaced(
    _ callID: String, of id: String, after: CallDuration?, reason: String
  ) throws(StoreError) {
    _ = try stores.campaigns.unclaim(callID: callID, of: id, reason: CampaignNumber.erased)
    let isTooMuch = state.withLock { state in
      guard let place = state.live.removeValue(forKey: callID), var running = state.running[id] else { return false }
      running.unplacedInARow += 1
      let doubled = Self.holdMin.microseconds << min(running.unplacedInARow - 1, 20)
      let hold = max(after ?? .zero, min(.microseconds(doubled), Self.holdMax))
      running.scheduler.postponed(place.number, for: hold, at: running.now)
      running.nextStep = .zero
      state.running[id] = running
      return running.unplacedInARow >= Self.unplacedMax
    }
    if isTooMuch {
      try end(
        id, as: .paused,
        reason: "\(Self.unplacedMax) calls in a row could not be asked for, the last one because \(reason)")
    }
  }

  // MARK: - What is to be run

  private func look(unix: Int64) throws(StoreError) {
    var mine: Set<String> = []
    for var campaign in try stores.campaigns.unfinished() {
      if campaign.status == .scheduled {
        guard let due = campaign.scheduledAtUnixMicroseconds, due <= unix, try begin(&campaign, unix: unix) else {
          continue
        }
      }
      guard try stores.campaigns.lease(campaign.id, to: runner, for: Self.leaseTime) else { continue }
      mine.insert(campaign.id)
      let isKnown = state.withLock { state in
        state.running[campaign.id]?.campaign = campaign
        state.running[campaign.id]?.scheduler.update(campaign)
        return state.running[campaign.id] != nil
      }
      if !isKnown { try adopt(campaign) }
    }
    state.withLock { state in
      for id in state.running.keys where !mine.contains(id) { state.running[id] = nil }
    }
  }

  /// Another server that took over a campaign with calls of this one would settle their numbers as failed.
  private func keepLeasesOfLiveCalls() throws(StoreError) {
    let (live, running) = state.withLock { (Set($0.live.values.map(\.campaign)), Set($0.running.keys)) }
    for id in live.union(running).sorted() {
      let isKept = try stores.campaigns.lease(id, to: runner, for: live.contains(id) ? Self.leaseTime : .zero)
      if !isKept || !live.contains(id) { state.withLock { $0.running[id] = nil } }
    }
  }

  private func begin(_ campaign: inout Campaign, unix: Int64) throws(StoreError) -> Bool {
    var begun: Campaign?
    let change = try stores.campaigns.campaigns.update(id: campaign.id) { campaign in
      guard campaign.status == .scheduled else { return false }
      campaign.status = .running
      campaign.startedAtUnixMicroseconds = campaign.startedAtUnixMicroseconds ?? unix
      begun = campaign
      return true
    }
    if let begun { campaign = begun }
    return change == .done
  }

  /// Takes a campaign over. What is claimed and no call of this server was called when another one died.
  private func adopt(_ campaign: Campaign) throws(StoreError) {
    // Before the list is read: a call that ends meanwhile is settled there, or not here any more below.
    let live = state.withLock { $0.live }
    var numbers = try stores.campaigns.numbers(of: campaign.id)
    for index in numbers.indices where numbers[index].state == .claimed {
      guard let callID = numbers[index].callID, live[callID] == nil else { continue }
      numbers[index].state = try settleUnknown(callID, of: campaign.id)
    }
    let isAdopted = state.withLock { state in
      let goOn = numbers.lazy.filter { $0.state == .claimed }.compactMap(\.callID)
      // One of them ended meanwhile, and nobody will tell of it again: the next look finds it settled.
      guard goOn.allSatisfy({ state.live[$0] != nil }) else { return false }
      state.running[campaign.id] = Running(
        campaign: campaign, scheduler: CampaignScheduler(campaign, numbers: numbers))
      return true
    }
    guard isAdopted else { return }
    log.notice("the campaign \(campaign.id) runs here; \(numbers.count { $0.state == .waiting }) numbers wait")
  }

  /// The call's row may know its end; otherwise nobody does.
  private func settleUnknown(_ callID: String, of campaign: String) throws(StoreError) -> CampaignNumber.State {
    let instant = Int64(Date().timeIntervalSince1970 * 1_000_000)
    _ = try stores.calls.update(id: callID) { $0.advance(to: .failed, at: instant, reason: Self.unknown) }
    let call = try stores.calls.one(id: callID)
    let state: CampaignNumber.State = call?.status == .completed ? .succeeded : .failed
    let reason = state == .succeeded ? nil : call?.reason ?? Self.unknown
    _ = try stores.campaigns.settle(callID: callID, of: campaign, as: state, reason: reason)
    return state
  }

  // MARK: - One campaign

  private func advance(_ id: String, at now: Timestamp, unix: Int64) throws(StoreError) {
    state.withLock { $0.running[id]?.now = now }
    for _ in 0..<Self.stepsMax {
      let step = state.withLock { state -> CampaignScheduler.Step? in
        guard !state.isClosed, let running = state.running[id], running.nextStep <= now else { return nil }
        return state.running[id]?.scheduler.next(at: now, unix: unix)
      }
      switch step {
      case nil: return
      case .wait(let time): return state.withLock { $0.running[id]?.nextStep = now + time }
      case .finished: return try end(id, as: .completed, reason: nil)
      case .pass(let number, let reason): try pass(number, of: id, reason: reason, at: now)
      case .call(let number): try call(number, of: id, at: now, unix: unix)
      }
    }
  }

  private func call(_ number: CampaignNumber, of id: String, at now: Timestamp, unix: Int64) throws(StoreError) {
    guard let running = state.withLock({ $0.running[id] }) else { return }
    let call = PhoneCallRecord(running.campaign, number, id: running.claims[number.position], at: unix)
    do throws(CampaignHindrance) { try dialer.reserve(call) } catch {
      return try hinder(error, number, of: id, at: now)
    }
    do throws(StoreError) {
      _ = try stores.calls.add(call)
      state.withLock { $0.running[id]?.claims[number.position] = call.id }
      guard try stores.campaigns.claim(number.position, of: id, for: call.id, by: runner) else {
        // It does not run any more, or not here, or the number is gone: the next look begins anew.
        dialer.release(call)
        state.withLock { $0.running[id] = nil }
        _ = try stores.calls.remove(id: call.id)
        return
      }
    } catch {
      dialer.release(call)
      state.withLock { $0.running[id]?.scheduler.postponed(number, for: Self.storePause, at: now) }
      throw error
    }
    state.withLock { state in
      state.running[id]?.claims[number.position] = nil
      state.live[call.id] = (id, number)
    }
    dialer.place(call)
  }

  private func hinder(
    _ hindrance: CampaignHindrance, _ number: CampaignNumber, of id: String, at now: Timestamp
  ) throws(StoreError) {
    switch hindrance {
    case .later(let time):
      state.withLock { $0.running[id]?.scheduler.postponed(number, for: time, at: now) }
    case .never(let reason): try pass(number, of: id, reason: reason, at: now)
    // The server goes down, and the campaign goes on after it.
    case .stopped where state.withLock({ $0.isClosed }): break
    case .stopped(let why): try end(id, as: .paused, reason: why, before: number, at: now)
    case .broken(let why): try end(id, as: .failed, reason: why, before: number, at: now)
    }
  }

  /// Ends or pauses a campaign before this number, which waits, also where the store does not answer.
  private func end(
    _ id: String, as status: Campaign.Status, reason: String, before number: CampaignNumber, at now: Timestamp
  ) throws(StoreError) {
    state.withLock { $0.running[id]?.scheduler.postponed(number, for: Self.storePause, at: now) }
    try end(id, as: status, reason: reason)
  }

  /// Passes a number over. While the store does not answer it waits, so that the campaign does not end without it.
  private func pass(
    _ number: CampaignNumber, of id: String, reason: String, at now: Timestamp
  ) throws(StoreError) {
    do throws(StoreError) {
      _ = try stores.campaigns.settle(number.position, of: id, from: .waiting, as: .failed, reason: reason)
    } catch {
      state.withLock { state in
        state.running[id]?.scheduler.postponed(number, for: Self.storePause, at: now)
        state.running[id]?.nextStep = now + Self.storePause
      }
      throw error
    }
    state.withLock { $0.running[id]?.scheduler.ended(number.position) }
  }

  /// Ends or pauses a campaign that runs; one that somebody else ended or paused stays as that.
  private func end(_ id: String, as status: Campaign.Status, reason: String?) throws(StoreError) {
    let instant = Int64(Date().timeIntervalSince1970 * 1_000_000)
    _ = try stores.campaigns.campaigns.update(id: id) { campaign in
      guard campaign.status == .running else { return false }
      campaign.status = status
      campaign.reason = reason
      if status.isFinal { campaign.endedAtUnixMicroseconds = instant }
      return true
    }
    state.withLock { $0.running[id] = nil }
    log.notice("the campaign \(id) is \(status.rawValue)\(reason.map { ": \($0)" } ?? "")")
  }
}

extension PhoneCallRecord {
  /// The call of one number of a campaign.
  fileprivate init(_ campaign: Campaign, _ number: CampaignNumber, id: String?, at unix: Int64) {
    self.init(
      id: id ?? UUID().uuidString.lowercased(), owner: campaign.owner, providerID: campaign.providerID,
      direction: .outbound, from: campaign.from, to: number.number, createdAtUnixMicroseconds: unix)
    campaignID = campaign.id
    flow = campaign.flow
  }
}
