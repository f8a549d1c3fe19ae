package import CallCore
package import Wires

/// One call that a provider was asked to place, from the request to its end. A value that is told what happened and when, and says what is to
/// be done: at most one request for the call, and a hang-up for each call that was taken and is not known to be over.
package struct OutboundCall: Sendable {
  /// What may happen.
  package enum Event: Sendable {
    /// The provider's answer to the request for the call.
    case created(Result<TwilioCallAnswer, DialFault>)
    /// It told how far the call is, of its own accord.
    case status(PhoneCallRecord.Status, sid: String)
    /// It said so when it was asked.
    case fetched(Result<TwilioCallAnswer, DialFault>)
    /// It connected to our media stream.
    case streamOpened
    /// The stream is over, whoever ended it.
    case streamClosed
    /// Whoever talked on it says that the call is over; the provider has not said so yet.
    case talkEnded
    /// The answer to a hang-up; `nil`: the call is over.
    case hungUp(DialFault?)
    /// The call is to end now.
    case stop(why: String)
    /// Time passed.
    case tick
  }

  /// What follows.
  package enum Action: Sendable, Equatable {
    /// Hang up by REST.
    case hangUp(sid: String)
    /// Ask by REST how far it is.
    case fetch(sid: String)
    /// Something that whoever dialed may want to know.
    case tell(DialProgress)
    /// It is over; comes once.
    case end(DialOutcome)
  }

  /// Times that no call needs, and tries that are enough.
  package struct Limits: Sendable {
    /// How long it may ring.
    package var ringTime = CallDuration.seconds(45)
    /// How much later than that the provider may say that nobody took it.
    package var ringGrace = CallDuration.seconds(15)
    /// From the answer to our media stream; a real one took 0.4 s. `nil`: nobody tells of the stream.
    package var streamWithin: CallDuration? = .seconds(10)
    /// From the stream's end, or from the hang-up, to the provider's word that the call is over.
    package var endWithin = CallDuration.seconds(10)
    /// Between two questions how far it is, for calls whose status the provider may not be able to tell; `nil`: it is not asked.
    package var askEvery: CallDuration?
    /// How long it may last in all; the provider hangs up by itself then.
    package var timeLimit = CallDuration.seconds(600)

    package init() {}
  }

  /// Requests for a hang-up until one succeeds.
  package static let hangUpsMax = 3
  /// Between two of them.
  package static let hangUpPause = CallDuration.seconds(1)
  /// From the end of the talk to the question whether the call is over; the provider hangs up by itself then, within a second.
  package static let talkEndPause = CallDuration.seconds(2)

  private enum Phase: Equatable {
    case placing
    case ringing(until: Timestamp)
    case asking
    /// `until`: when there must be a stream.
    case answered(until: Timestamp?)
    case connected
    /// The provider said that the call is over, and the stream is still open.
    case draining(until: Timestamp)
    /// `nil`: its end was told already, when nobody knew that there was a call.
    case hangingUp(DialOutcome?, next: Timestamp?)
    case over
  }

  private let limits: Limits
  private var phase = Phase.placing
  private var sid: String?
  private var hasStream = false
  private var hangUps = 0
  private var last: PhoneCallRecord.Status?
  /// Why it is to end although the provider has not said yet that there is a call.
  private var stopping: String?
  private var deadline: Timestamp
  /// When the provider is asked next how far it is.
  private var nextAsk: Timestamp?

  /// A call that is being asked for.
  package init(_ limits: Limits, at now: Timestamp) {
    self.limits = limits
    deadline = now + limits.ringTime + limits.timeLimit + limits.ringGrace
  }

  /// Whether nothing is to be done for it any more, unless the provider says that it goes on after all.
  package var isOver: Bool { phase == .over }
  /// Whether it was stopped before the provider said that there is a call.
  package var isStopping: Bool { stopping != nil }
  /// The provider's name for it.
  package var providerCallID: String? { sid }

  /// The one way in: appends what follows from `event`.
  package mutating func handle(_ event: Event, at now: Timestamp, into actions: inout [Action]) {
    switch event {
    case .created(.success(let call)): created(call, at: now, &actions)
    case .created(.failure(let fault)): notCreated(fault, &actions)
    case .status(let status, let sid): told(status, sid, at: now, &actions)
    case .fetched(let result): fetched(result, at: now, &actions)
    case .streamOpened: streamOpened(&actions)
    case .streamClosed: streamClosed(at: now, &actions)
    case .talkEnded: nextAsk = nextAsk.map { min($0, now + Self.talkEndPause) }
    case .hungUp(let fault): hungUp(fault, at: now, &actions)
    case .stop(let why): stop(why, at: now, &actions)
    case .tick: tick(at: now, &actions)
    }
  }

  // MARK: - The provider's word

  private mutating func created(_ call: TwilioCallAnswer, at now: Timestamp, _ actions: inout [Action]) {
    guard phase != .over else { return goesOn(call.status, call.sid, at: now, &actions) }
    learn(call.sid, &actions)
    guard phase == .placing else { return }
    phase = .ringing(until: now + limits.ringTime + limits.ringGrace)
    nextAsk = limits.askEvery.map { now + $0 }
    if let stopping { return hangUp(.stopped(why: stopping), at: now, &actions) }
    if hasStream {
      phase = .connected
      actions.append(.tell(.connected))
    }
    advance(to: call.status, at: now, &actions)
  }

  private mutating func notCreated(_ fault: DialFault, _ actions: inout [Action]) {
    guard phase == .placing else { return }
    let outcome: DialOutcome =
      fault.isOfTheMoment ? .notPlaced("\(fault)", after: fault.retryAfter) : .refused("\(fault)")
    end(stopping.map { .stopped(why: $0) } ?? outcome, &actions)
  }

  private mutating func learn(_ sid: String, _ actions: inout [Action]) {
    guard self.sid == nil else { return }
    self.sid = sid
    actions.append(.tell(.created(providerCallID: sid)))
  }

  private mutating func told(
    _ status: PhoneCallRecord.Status, _ sid: String, at now: Timestamp, _ actions: inout [Action]
  ) {
    guard self.sid == nil || self.sid == sid else { return }
    if phase == .over { return goesOn(status, sid, at: now, &actions) }
    if phase == .placing {
      created(TwilioCallAnswer(sid: sid, status: status), at: now, &actions)
    } else {
      advance(to: status, at: now, &actions)
    }
  }

  /// A call that was given up before it had a name, because the answer to the request did not come, goes on nevertheless.
  private mutating func goesOn(
    _ status: PhoneCallRecord.Status, _ sid: String, at now: Timestamp, _ actions: inout [Action]
  ) {
    guard self.sid == nil, !status.isFinal else { return }
    self.sid = sid
    retry(nil, at: now, &actions)
  }

  private mutating func fetched(
    _ result: Result<TwilioCallAnswer, DialFault>, at now: Timestamp, _ actions: inout [Action]
  ) {
    switch (phase, result) {
    case (.ringing, .success(let call)), (.answered, .success(let call)), (.connected, .success(let call)):
      advance(to: call.status, at: now, &actions)
    // It was taken, and it is over.
    case (.answered, .failure(.gone)), (.connected, .failure(.gone)): advance(to: .completed, at: now, &actions)
    case (.asking, _): answered(result, at: now, &actions)
    default: break
    }
  }

  /// It has rung as long as it may.
  private mutating func answered(
    _ result: Result<TwilioCallAnswer, DialFault>, at now: Timestamp, _ actions: inout [Action]
  ) {
    switch result {
    case .success(let call) where call.status.isFinal || call.status == .inProgress:
      phase = .ringing(until: now)
      advance(to: call.status, at: now, &actions)
    default: hangUp(.neverConnected(within: limits.ringTime), at: now, &actions)
    }
  }

  /// What comes late or twice changes nothing: a call only goes on.
  private mutating func advance(to status: PhoneCallRecord.Status, at now: Timestamp, _ actions: inout [Action]) {
    guard status.rank > (last?.rank ?? -1) else { return }
    last = status
    switch (status, phase) {
    case (.ringing, .ringing): actions.append(.tell(.ringing))
    case (.inProgress, .ringing), (.inProgress, .asking):
      phase = .answered(until: limits.streamWithin.map { now + $0 })
      actions.append(.tell(.answered))
    case (.completed, .connected): phase = .draining(until: now + limits.endWithin)
    case (_, .hangingUp(let outcome, _)) where status.isFinal: end(outcome, &actions)
    case (.completed, .ringing), (.completed, .asking), (.completed, .answered):
      end(limits.streamWithin == nil ? .completed : .noStream(within: nil), &actions)
    case (.busy, _), (.failed, _), (.noAnswer, _), (.canceled, _):
      if hasStream { phase = .draining(until: now + limits.endWithin) } else { end(.notTaken(status), &actions) }
    default: break
    }
  }

  // MARK: - The stream

  private mutating func streamOpened(_ actions: inout [Action]) {
    guard !hasStream else { return }
    hasStream = true
    switch phase {
    case .placing: break
    case .ringing, .asking, .answered:
      phase = .connected
      actions.append(.tell(.connected))
    case .connected, .draining, .hangingUp, .over: break
    }
  }

  private mutating func streamClosed(at now: Timestamp, _ actions: inout [Action]) {
    switch phase {
    case .connected: hangUp(.completed, at: now, &actions)
    case .draining: end(.completed, &actions)
    case .placing, .ringing, .asking, .answered, .hangingUp, .over: break
    }
  }

  // MARK: - The end

  private mutating func stop(_ why: String, at now: Timestamp, _ actions: inout [Action]) {
    switch phase {
    case .placing: stopping = stopping ?? why
    case .ringing, .asking, .answered, .connected: hangUp(.stopped(why: why), at: now, &actions)
    case .draining: end(.completed, &actions)
    case .hangingUp, .over: break
    }
  }

  private mutating func tick(at now: Timestamp, _ actions: inout [Action]) {
    switch phase {
    case .ringing(let until) where now >= until:
      guard let sid else { break }
      phase = .asking
      actions.append(.fetch(sid: sid))
    case .answered(let until?) where now >= until:
      hangUp(.noStream(within: limits.streamWithin), at: now, &actions)
    case .draining(let until) where now >= until: end(.completed, &actions)
    case .hangingUp(let outcome, let next?) where now >= next: retry(outcome, at: now, &actions)
    case .answered where now >= deadline, .connected where now >= deadline:
      hangUp(.overdue(after: limits.timeLimit), at: now, &actions)
    case .ringing, .answered, .connected: ask(at: now, &actions)
    default: break
    }
  }

  private mutating func ask(at now: Timestamp, _ actions: inout [Action]) {
    guard let next = nextAsk, let period = limits.askEvery, let sid, now >= next else { return }
    nextAsk = now + period
    actions.append(.fetch(sid: sid))
  }

  private mutating func hangUp(_ outcome: DialOutcome, at now: Timestamp, _ actions: inout [Action]) {
    guard sid != nil else { return end(outcome, &actions) }
    retry(outcome, at: now, &actions)
  }

  private mutating func retry(_ outcome: DialOutcome?, at now: Timestamp, _ actions: inout [Action]) {
    guard let sid else { return end(outcome, &actions) }
    hangUps += 1
    phase = .hangingUp(outcome, next: nil)
    actions.append(.hangUp(sid: sid))
  }

  private mutating func hungUp(_ fault: DialFault?, at now: Timestamp, _ actions: inout [Action]) {
    guard case .hangingUp(let outcome, _) = phase else { return }
    guard let fault else { return end(outcome, &actions) }
    guard fault.mayPass, hangUps < Self.hangUpsMax else {
      actions.append(.tell(.notHungUp(why: "\(fault)")))
      return end(outcome, &actions)
    }
    phase = .hangingUp(outcome, next: now + Self.hangUpPause)
  }

  private mutating func end(_ outcome: DialOutcome?, _ actions: inout [Action]) {
    phase = .over
    if let outcome { actions.append(.end(outcome)) }
  }
}
