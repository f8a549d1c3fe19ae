import Bounds
import CallCore
import CallDriver
import Formats
import FoundationEssentials
import Logging
import Threads
import WebSockets
import Wires

/// Places telephone calls for keys and their campaigns, and keeps what came of them. What a provider tells is written in its order, by one
/// thread; while the store is away it waits.
final class PhoneCallService: Sendable {
  /// What was told of a call.
  private struct News: Sendable {
    var callID: String
    var status: PhoneCallRecord.Status?
    var providerCallID: String?
    var reason: String?
    var duration: CallDuration?
    var sessionID: String?
    var ending = CampaignCallEnding.held
    var instant: Int64
  }

  private struct State: Sendable {
    var news = Queue<News>()
    var isWriting = false
    var lost = 0
  }

  /// What waits for a store that is away; what is told beyond that is lost, and counted.
  private static let newsMax = 10_000
  /// How long a call may last.
  private static let lengthMax = CallDuration.seconds(3600)
  /// Between two questions how far a call is.
  private static let askEvery = CallDuration.seconds(30)

  let stores: TelephonyStores
  private let passes: StreamPasses
  private let dials: DialService
  /// `nil` on a server that has none.
  private let keys: APIKeyService?
  private let admission = Locked<@Sendable (String, _ isCounted: Bool) -> AdmissionDecision>({ _, _ in .admit })
  private let pool: BlockingPool
  private let log: Logger
  private let state = Locked(State())
  private let campaigns = Locked<CampaignService?>(nil)

  init(
    stores: TelephonyStores, dials: DialService, passes: StreamPasses, keys: APIKeyService?, pool: BlockingPool,
    log: Logger
  ) {
    (self.stores, self.dials, self.passes, self.keys) = (stores, dials, passes, keys)
    (self.pool, self.log) = (pool, log)
  }

  /// Who is told of the ends of calls.
  func tellEnds(to service: CampaignService) { campaigns.withLock { $0 = service } }

  /// Who says whether there is a place for the talk of one more call.
  /// - Parameter admit: is told the key's id, empty where there is none, and whether the call counts as one that begins now.
  func askAdmission(_ admit: @escaping @Sendable (String, _ isCounted: Bool) -> AdmissionDecision) {
    admission.withLock { $0 = admit }
  }

  // MARK: - Placing calls

  /// Keeps a place for a call, and counts it for its key. Blocks.
  func admit(_ call: PhoneCallRecord) throws(PhoneCallRefusal) {
    if let missing = dials.missingSettings(hasAccount: true) { throw .dial(.notSetUp(missing)) }
    if let refusal = keyRefusal(of: call.owner) { throw .key(refusal) }
    let account = try account(of: call)
    let (from, to): (PhoneNumber, PhoneNumber)
    do throws(PhoneNumber.Fault) { (from, to) = (try PhoneNumber(call.from), try PhoneNumber(call.to)) } catch {
      throw .dial(.forbidden(error.text))
    }
    // Nobody is rung for whom there would be no agent. Looked at first, so that it costs the key none of its calls.
    try checkAdmission(of: call, isCounted: false)
    var limits = dials.limits(for: Self.lengthMax)
    // The agent's stream is told of by nobody; the provider says when the call is over. It is asked, too: whoever gave an API key alone gets no
    // status that can be believed, and a callback can be lost.
    limits.streamWithin = nil
    limits.askEvery = Self.askEvery
    var order = DialOrder(id: call.id, to: to, from: from, key: call.owner, limits: limits)
    order.account = account
    order.statusPath = Self.statusPath(call.id)
    do throws(DialRefusal) {
      try dials.reserve(order) { [weak self] event in self?.hear(event, of: call.id) }
    } catch { throw .dial(error) }
    do throws(PhoneCallRefusal) { try checkAdmission(of: call, isCounted: true) } catch {
      dials.release(call.id)
      throw error
    }
  }

  private func checkAdmission(of call: PhoneCallRecord, isCounted: Bool) throws(PhoneCallRefusal) {
    guard case .refuse(let seconds, let reason) = admission.withLock({ $0 })(call.owner, isCounted) else { return }
    throw .full(reason, retryAfterSeconds: seconds)
  }

  /// Why the key of a call may not dial, now that its turn comes; `nil`: it may. One that is not known here may be another server's.
  private func keyRefusal(of owner: String) -> KeyRefusal? {
    guard let keys, let refusal = keys.refusal(of: .dial, to: owner) else { return nil }
    guard refusal == .wrong else { return refusal }
    do throws(StoreError) { try keys.refresh() } catch { return .unknown }
    return keys.refusal(of: .dial, to: owner)
  }

  /// Hangs a call up, also one that another server dialed, or this one before it was started again. Blocks until the provider has answered.
  /// - Returns: whether it is over, or soon will be; otherwise why not.
  func hangUp(_ call: PhoneCallRecord, why: String) throws(PhoneCallRefusal) {
    guard !call.status.isFinal, !dials.stop(call.id, why: why) else { return }
    guard let sid = call.providerCallID else {
      throw .broken(
        "this server does not know its provider's name for it, so it cannot hang it up; the provider's console can")
    }
    let account = try account(of: call)
    let answer = Promise<DialFault?>()
    dials.hangUp(unknown: sid, of: account) { answer.fulfill($0) }
    if let fault = answer.wait() { throw .notHungUp("\(fault)") }
    var news = News(callID: call.id, instant: APIKeyService.now.unixMicroseconds)
    (news.status, news.reason) = (.canceled, why)
    add(news)
  }

  /// Where the provider tells how a call goes on.
  static func statusPath(_ id: String) -> String { "/api/telephony/status/\(id)" }

  func release(_ call: PhoneCallRecord) { dials.release(call.id) }

  func place(_ call: PhoneCallRecord) { dials.place(call.id, twiML: twiML(for: call)) }

  /// What the provider does once somebody has taken the call: it connects it to the agent.
  func twiML(for call: PhoneCallRecord) -> TwiML {
    let token = passes.make(for: call, at: Timestamp(microseconds: Int64(MonotonicClock.now())))
    var parameters = [(name: "from", value: call.from), (name: "to", value: call.to)]
    if let flow = call.flow { parameters.append(("flow", flow)) }
    return TwiML(streamURL: "\(dials.streamBase ?? "")/twilio/stream/\(token)", parameters: parameters)
  }

  /// The item of a call's metadata in the history that names its telephone call. The server alone sets it, by the token of the stream.
  static let metadataItem = "telephonyCall"

  /// The account of a call, with what it is opened by. Blocks.
  private func account(of call: PhoneCallRecord) throws(PhoneCallRefusal) -> TwilioAccount {
    let found: TelephonyProvider?
    do throws(StoreError) { found = try stores.providers.one(id: call.providerID) } catch { throw .store(error) }
    guard let provider = found, provider.owner == call.owner else { throw .broken("the account is not there any more") }
    guard provider.isActive else { throw .broken("the account \(provider.name) is switched off") }
    guard provider.kind == .twilio else {
      throw .broken("calls are placed over twilio only; \(provider.name) is an account at \(provider.kind.rawValue)")
    }
    return try credentials(of: provider).account(baseURL: dials.settings.baseURL)
  }

  /// What an account at Twilio is opened by.
  func credentials(of provider: TelephonyProvider) throws(PhoneCallRefusal) -> TwilioCredentials {
    guard let secret = provider.credentials else {
      throw .broken("the account \(provider.name) has no credentials; give it some with PATCH")
    }
    do throws(SecretsKeys.Fault) {
      let plain = try stores.secrets.open(secret, for: provider.sealedPlace)
      do throws(TwilioCredentials.Fault) {
        return try TwilioCredentials(ProviderCredentials.credentials(from: plain) ?? [:])
      } catch { throw SecretsKeys.Fault.damaged }
    } catch { throw .broken("\(error)") }
  }

  // MARK: - What is told of calls

  private func hear(_ event: DialEvent, of id: String) {
    var news = News(callID: id, instant: APIKeyService.now.unixMicroseconds)
    switch event {
    case .progress(.created(let sid)): (news.providerCallID, news.status) = (sid, .initiated)
    case .progress(.ringing): news.status = .ringing
    case .progress(.answered), .progress(.connected): news.status = .inProgress
    case .progress(.notHungUp(let why)): return log.warning("the telephone call \(id) could not be hung up: \(why)")
    case .ended(let outcome):
      (news.status, news.reason) = (PhoneCallRecord.Status(outcome), outcome == .completed ? nil : "\(outcome)")
      news.ending = CampaignCallEnding(outcome)
    }
    add(news)
  }

  /// The provider told, and its signature was right.
  func told(_ status: PhoneCallRecord.Status, of id: String, sid: String, duration: CallDuration?) {
    add(
      News(
        callID: id, status: status, providerCallID: sid, duration: duration,
        instant: APIKeyService.now.unixMicroseconds))
  }

  /// A call was kept in the history: its words and its sound are there.
  func kept(_ record: CallRecord) {
    guard let id = record.metadata[Self.metadataItem] else { return }
    dials.talkEnded(id)
    add(News(callID: id, sessionID: record.id, instant: APIKeyService.now.unixMicroseconds))
  }

  private func add(_ news: News) {
    let isLost = state.withLock { state in
      guard state.news.count < Self.newsMax else {
        state.lost += 1
        return true
      }
      state.news.append(news)
      return false
    }
    if isLost {
      log.error("what became of the telephone call \(news.callID) is lost: \(Self.newsMax) wait for the store")
    }
    writeWhenDue()
  }

  /// Has what was told written, unless somebody does that already. Called a few times a second, too, for what a store did not take.
  func writeWhenDue() {
    let isDue = state.withLock { state in
      guard !state.isWriting, !state.news.isEmpty else { return false }
      state.isWriting = true
      return true
    }
    guard isDue else { return }
    let isQueued = pool.submit(.soon) { [self] in
      write()
      state.withLock { $0.isWriting = false }
    }
    if !isQueued { state.withLock { $0.isWriting = false } }
  }

  /// Writes until nothing waits, or the store does not answer.
  private func write() {
    while let news = state.withLock({ $0.news.first }) {
      do throws(StoreError) { try write(news) } catch { return }
      state.withLock { _ = $0.news.popFirst() }
    }
  }

  private func write(_ news: News) throws(StoreError) {
    var changed: PhoneCallRecord?
    let change = try stores.calls.update(id: news.callID) { call in
      var isChanged = false
      if let sid = news.providerCallID, call.providerCallID == nil { (call.providerCallID, isChanged) = (sid, true) }
      if let session = news.sessionID, call.sessionID == nil { (call.sessionID, isChanged) = (session, true) }
      if let duration = news.duration, call.duration == nil { (call.duration, isChanged) = (duration, true) }
      if let status = news.status,
        call.advance(to: status, at: news.instant, duration: news.duration, reason: news.reason)
      {
        isChanged = true
      }
      changed = call
      return isChanged
    }
    // Told again where the store did not answer between the two: the first word counts.
    guard let status = news.status, status.isFinal, let campaigns = campaigns.withLock({ $0 }) else { return }
    if change == .missing {
      try campaigns.ended(news.callID, status, reason: news.reason, news.ending)
    } else if let changed, changed.status.isFinal {
      try campaigns.ended(changed, news.ending)
    }
  }
}

/// Why a telephone call is not placed. Nothing was asked of a provider then.
enum PhoneCallRefusal: Error {
  /// The account cannot be used, and why.
  case broken(String)
  case dial(DialRefusal)
  /// The provider did not hang it up.
  case notHungUp(String)
  /// No call begins on this server now.
  case full(String, retryAfterSeconds: Int)
  /// Its key may not dial.
  case key(KeyRefusal)
  case store(StoreError)
}

extension PhoneCallRecord.Status {
  /// What a call came to.
  fileprivate init(_ outcome: DialOutcome) {
    switch outcome {
    case .completed, .overdue: self = .completed
    case .notTaken(let status): self = status
    case .neverConnected: self = .noAnswer
    case .noStream, .refused, .notPlaced: self = .failed
    case .stopped: self = .canceled
    }
  }
}

extension CampaignCallEnding {
  fileprivate init(_ outcome: DialOutcome) {
    switch outcome {
    case .refused: self = .refused
    case .notPlaced(_, let after): self = .notPlaced(after: after)
    case .completed, .notTaken, .neverConnected, .noStream, .stopped, .overdue: self = .held
    }
  }
}

extension PhoneCallService: CampaignDialer {
  /// Why a number of a campaign is not called.
  func reserve(_ call: PhoneCallRecord) throws(CampaignHindrance) {
    do throws(PhoneCallRefusal) { try admit(call) } catch {
      switch error {
      case .broken(let why), .notHungUp(let why): throw .broken(why)
      case .key(.unknown): throw .later(.seconds(5))
      case .key(let refusal): throw .stopped("the key that it belongs to may not dial (\(refusal.name))")
      case .dial(.notSetUp(let why)): throw .broken(why)
      case .dial(.forbidden(let why)): throw .never(PhoneNumber.masking(why))
      case .dial(.stopped(let why)): throw .stopped(why)
      case .dial(.busy), .dial(.taken): throw .later(.seconds(2))
      case .dial(.rate(_, let seconds)), .full(_, let seconds): throw .later(.seconds(seconds))
      case .store: throw .later(.seconds(5))
      }
    }
  }
}
