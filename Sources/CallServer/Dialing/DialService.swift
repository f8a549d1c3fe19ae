import Bounds
package import CallCore
import FoundationEssentials
package import Logging
import Threads
package import WebSockets
package import Wires

/// Places calls through a provider's REST API and follows each to its end. Knows nothing of who talks on them. Any thread; nothing here
/// blocks.
///
/// ```swift
/// try dials.reserve(order) { event in … }  // .progress(.created…), .progress(.answered), … .ended(.completed)
/// dials.place(order.id, twiML: document)
/// ```
package final class DialService: Sendable {
  /// Calls that are over and still known, for what the provider tells of them late.
  static let finishedMax = 1000
  /// Where a provider tells how a call goes on.
  static let webhookPath = "/webhooks/voice/twilio"
  /// The item of that address's query that holds our id.
  static let idItem = "id"

  /// One call, with what is yet to be done for it, in order.
  private struct Call: Sendable {
    var machine: OutboundCall
    var order: DialOrder
    var tell: @Sendable (DialEvent) -> Void
    var actions: [OutboundCall.Action] = []
    /// Whether a thread is at its actions; the others leave theirs to it.
    var isPerforming = false
    var isReserved = true
    /// Of the order's account.
    var client: TwilioClient?
  }

  private struct State: Sendable {
    var calls: [String: Call] = [:]
    var finished = BoundedStore<String, Call>(entriesMax: finishedMax)
    var budget: DialBudget
    /// Why nothing is dialed any more.
    var stopped: String?
    /// Hang-ups that were asked for and not answered.
    var hangUps = 0
    /// Calls that were asked for since the start.
    var placed = 0

    /// - Returns: `nil` when there is no such call.
    mutating func change<Result>(_ id: String, _ body: (inout Call) -> Result) -> Result? {
      if var call = calls[id] {
        defer { calls[id] = call }
        return body(&call)
      }
      guard var call = finished[id] else { return nil }
      defer { finished.put(call, for: id) }
      return body(&call)
    }

    /// Takes the next thing that is to be done for a call. With the last one of a call that is over, it becomes a finished one.
    mutating func nextAction(of id: String) -> (OutboundCall.Action, @Sendable (DialEvent) -> Void)? {
      let next = change(id) { call -> (OutboundCall.Action, @Sendable (DialEvent) -> Void)? in
        guard call.actions.isEmpty else { return (call.actions.removeFirst(), call.tell) }
        call.isPerforming = false
        return nil
      }
      if case (.hangUp, _)?? = next { hangUps += 1 }
      if case .some(.none) = next { file(id) }
      return next ?? nil
    }

    /// A call that is over becomes a finished one, and a finished one that goes on after all is one that is under way.
    mutating func file(_ id: String) {
      if var call = calls[id], call.machine.isOver, !call.isPerforming {
        call.tell = { _ in }
        calls[id] = nil
        finished.put(call, for: id)
      } else if calls[id] == nil, let call = finished[id], !call.machine.isOver {
        finished.remove(id)
        calls[id] = call
      }
    }
  }

  /// What it was set up with.
  let settings: DialSettings
  private let publicURL: String?
  /// Of the settings' account.
  private let client: TwilioClient?
  private let http: HTTPClient
  private let log: Logger
  private let state: Monitor<State>

  /// - Parameters:
  ///   - publicURL: the address by which the provider reaches this server, without a path; `nil`: nothing is dialed.
  ///   - client: whose thread the provider's answers come on.
  package init(_ settings: DialSettings, publicURL: String?, client: HTTPClient, log: Logger) {
    self.settings = settings
    self.publicURL = publicURL
    self.client = settings.account.map { TwilioClient($0, client: client) }
    http = client
    self.log = log
    state = Monitor(State(budget: DialBudget(settings.limits)))
  }

  /// The address of this server for WebSockets, as the provider is told it; `nil` where dialing is not set up.
  package var streamBase: String? { publicURL.map { "ws" + $0.dropFirst("http".count) } }

  /// Times for a call that may last `duration` once it was taken.
  package func limits(for duration: CallDuration) -> OutboundCall.Limits {
    var limits = OutboundCall.Limits()
    limits.ringTime = settings.limits.ringTime
    limits.timeLimit = duration
    return limits
  }

  /// What is missing before anything can be dialed; `nil`: nothing.
  package var missingSettings: String? { missingSettings(hasAccount: settings.account != nil) }

  /// The same for whoever brings an account along.
  package func missingSettings(hasAccount: Bool) -> String? {
    settings.missing(publicURL: publicURL, hasAccount: hasAccount)
  }

  /// See `DialSettings.numbers`.
  func numbers(to: String, from: String?) throws(PhoneCallFault) -> (to: PhoneNumber, from: PhoneNumber) {
    try settings.numbers(to: to, from: from, publicURL: publicURL)
  }

  // MARK: - Dialing

  /// Takes a call on, counts it and keeps its place, without placing it yet: `place` or `release` follows. Refused, nothing was asked of the provider.
  /// - Parameter tell: called in order, one at a time, on any thread; it must be quick.
  package func reserve(_ order: DialOrder, tell: @escaping @Sendable (DialEvent) -> Void) throws(DialRefusal) {
    let isReady = settings.account != nil || order.account != nil
    if let missing = missingSettings(hasAccount: isReady) { throw .notSetUp(missing) }
    let own = order.account.map { TwilioClient($0, client: http) }
    if let why = settings.rules.refusal(of: order.to) { throw .forbidden(why) }
    let (now, unixSeconds) = (Self.now, Int64(Date().timeIntervalSince1970))
    try state.withLock { state throws(DialRefusal) in
      if let why = state.stopped { throw .stopped(why) }
      guard state.calls[order.id] == nil, state.finished[order.id] == nil else { throw .taken(order.id) }
      guard state.calls.count < settings.limits.atOnce else { throw .busy(limit: settings.limits.atOnce) }
      do throws(DialBudget.Refusal) {
        try state.budget.use(order.key, at: now, unixSeconds: unixSeconds)
      } catch {
        throw DialRefusal(error, settings.limits)
      }
      state.calls[order.id] = Call(
        machine: OutboundCall(order.limits, at: now), order: order, tell: tell, client: own ?? client)
    }
  }

  /// Gives a place back whose call is not to be placed. Tells nothing.
  package func release(_ id: String) {
    state.withLock { state in
      if state.calls[id]?.isReserved == true { state.calls[id] = nil }
    }
  }

  /// Has a call placed that was taken on. One that was stopped meanwhile ends at once.
  /// - Parameter twiML: what the provider does once somebody has taken the call.
  package func place(_ id: String, twiML: TwiML) {
    let call: Call? = state.withLock { state in
      guard state.calls[id]?.isReserved == true else { return nil }
      state.calls[id]?.isReserved = false
      guard state.stopped == nil, state.calls[id]?.machine.isStopping == false else { return nil }
      state.placed += 1
      return state.calls[id]
    }
    guard let order = call?.order, let client = call?.client, let publicURL else { return stopUnplaced(id) }
    let request = TwilioCallRequest(
      to: order.to.text, from: order.from.text, twiML: twiML,
      statusURL: publicURL + (order.statusPath ?? Self.webhookPath + TwilioRest.queryItem(Self.idItem, id)),
      ringSeconds: Int(order.limits.ringTime.milliseconds / 1000),
      limitSeconds: Int(order.limits.timeLimit.milliseconds / 1000))
    log.notice("dialing \(order.to.masked) for \(id)")
    client.create(request) { [weak self] result in self?.handle(.created(result), of: id) }
  }

  private func stopUnplaced(_ id: String) {
    let why = state.read { $0.stopped } ?? "dialing was stopped"
    handle(.stop(why: why), of: id)
    handle(.created(.failure(.notConnected(why))), of: id)
  }

  // MARK: - What happens to calls

  /// The provider told how far a call is.
  /// - Parameters:
  ///   - id: ours, where it came along.
  ///   - sid: the provider's.
  /// - Returns: our id of the call; `nil`: no such call is known here.
  package func told(_ status: PhoneCallRecord.Status, id: String?, sid: String) -> String? {
    guard let id = known(id: id, sid: sid) else { return nil }
    handle(.status(status, sid: sid), of: id)
    return id
  }

  private func known(id: String?, sid: String) -> String? {
    state.read { state in
      if let id { return (state.calls[id] ?? state.finished[id]) == nil ? nil : id }
      let isIt: (Call) -> Bool = { $0.machine.providerCallID == sid }
      return state.calls.values.first(where: isIt)?.order.id
        ?? state.finished.newestFirst.first { isIt($0.value) }?.value.order.id
    }
  }

  /// The provider connected a call to our media stream.
  package func streamOpened(_ id: String) { handle(.streamOpened, of: id) }

  /// That stream is over.
  package func streamClosed(_ id: String) { handle(.streamClosed, of: id) }

  /// Whoever talked on a call is done with it.
  package func talkEnded(_ id: String) { handle(.talkEnded, of: id) }

  /// Ends one call.
  /// - Returns: whether there is such a call under way.
  @discardableResult
  package func stop(_ id: String, why: String) -> Bool {
    let isThere = state.read { $0.calls[id] != nil }
    if isThere { handle(.stop(why: why), of: id) }
    return isThere
  }

  /// Hangs up a call that this process does not know: another one dialed it.
  /// - Parameter completion: called once, on the client's thread; `nil`: it is over.
  func hangUp(
    unknown sid: String, of account: TwilioAccount, completion: @escaping @Sendable (DialFault?) -> Void
  ) { TwilioClient(account, client: http).hangUp(sid, completion: completion) }

  /// Ends the calls that one number has to do with.
  /// - Returns: how many there were.
  package func stopAll(with number: PhoneNumber, why: String) -> Int {
    let isIts: (Call) -> Bool = { $0.order.to == number || $0.order.from == number }
    let ids = state.read { $0.calls.filter { isIts($0.value) }.map(\.key) }
    for id in ids { handle(.stop(why: why), of: id) }
    return ids.count
  }

  /// Time passed; called a few times a second.
  package func tick() {
    for id in state.read({ Array($0.calls.keys) }) { handle(.tick, of: id) }
  }

  /// Ends every call, and dials nothing until `resume`.
  /// - Returns: how many there were.
  @discardableResult
  package func stopAll(why: String) -> Int {
    let ids = state.withLock { state in
      state.stopped = state.stopped ?? why
      return Array(state.calls.keys)
    }
    for id in ids { handle(.stop(why: why), of: id) }
    return ids.count
  }

  /// Dials again after `stopAll`.
  package func resume() { state.withLock { $0.stopped = nil } }

  /// Calls that are under way, and why nothing is dialed, if so.
  package var figures: (underWay: Int, placed: Int, stopped: String?) {
    state.read { ($0.calls.count, $0.placed, $0.stopped) }
  }

  /// Ends every call because the server goes down, and waits until the provider was told, as long as `time` at most. Blocks.
  package func close(within time: Duration) {
    stopAll(why: "the server is going down")
    let deadline = Deadline.after(time)
    while state.wait(until: .after(Self.closingStep), { $0.calls.isEmpty && $0.hangUps == 0 ? true : nil }) == nil {
      // A hang-up that failed is asked for again.
      tick()
      if deadline.isOver { return }
    }
  }

  private static let closingStep = Duration.milliseconds(100)
  private static var now: Timestamp { Timestamp(microseconds: Int64(MonotonicClock.now())) }

  private func handle(_ event: OutboundCall.Event, of id: String) {
    let now = Self.now
    let isMine = state.withLock { state in
      let isMine = state.change(id) { call in
        call.machine.handle(event, at: now, into: &call.actions)
        guard !call.isPerforming, !call.actions.isEmpty else { return false }
        call.isPerforming = true
        return true
      }
      state.file(id)
      return isMine
    }
    if isMine == true { performActions(of: id) }
  }

  /// Does what is to be done for a call, in order, also what comes meanwhile.
  private func performActions(of id: String) {
    while let (action, tell) = state.withLock({ $0.nextAction(of: id) }) { perform(action, of: id, tell) }
  }

  private func perform(_ action: OutboundCall.Action, of id: String, _ tell: (DialEvent) -> Void) {
    let client = state.read { ($0.calls[id] ?? $0.finished[id])?.client }
    switch action {
    case .hangUp(let sid):
      client?.hangUp(sid) { [weak self] fault in
        if let fault { self?.log.warning("\(id) could not be hung up: \(fault)") }
        self?.handle(.hungUp(fault), of: id)
        self?.state.withLock { $0.hangUps -= 1 }
      }
    case .fetch(let sid): client?.fetch(sid) { [weak self] result in self?.handle(.fetched(result), of: id) }
    case .tell(let progress): tell(.progress(progress))
    case .end(let outcome):
      log.notice("the call for \(id) is over: \(outcome)")
      tell(.ended(outcome))
    }
  }
}

extension DialRefusal {
  fileprivate init(_ refusal: DialBudget.Refusal, _ limits: DialLimits) {
    switch refusal {
    case .minute(let seconds):
      self = .rate("this key may begin \(limits.perMinute) telephone calls a minute", retryAfterSeconds: seconds)
    case .day(let seconds):
      self = .rate("this key may begin \(limits.perDay) telephone calls a day", retryAfterSeconds: seconds)
    }
  }
}

extension DialRefusal: CustomStringConvertible {
  /// What speaks against it, and what to do.
  package var description: String {
    switch self {
    case .notSetUp(let why), .forbidden(let why), .stopped(let why): why
    case .busy(let limit): "\(limit) telephone calls are under way, and no more are placed at once"
    case .rate(let why, _): why
    case .taken(let id): "there is a call \(id) already"
    }
  }
}
