import CallCore
import CallDriver
import Logging
import Threads
import WebSockets

/// What happens on the control loop beside HTTP: the look at the load, at who has waited too long for speech and, now and then, at the
/// stores and what was used. It takes no WebSockets in.
final class ControlLoop: LoopHandler {
  private let watch: LoadWatch
  private let scheduler: SpeechScheduler

  private let server: ServerContext

  init(watch: LoadWatch, scheduler: SpeechScheduler, server: ServerContext) {
    self.watch = watch
    self.scheduler = scheduler
    self.server = server
  }

  func tick(at now: UInt64, slot: Int) {
    server.endLameDuckWhenDue()
    watch.check(at: now)
    scheduler.sweep(at: now)
    server.dials.tick()
    server.phoneCalls?.writeWhenDue()
    server.campaigns?.stepWhenDue(on: server.duties, beginsCalls: server.drainPhase == .serving)
    server.storeWatch.refreshWhenDue(in: server)
    server.warmPromptsOnceModelsAreTried()
    server.usage.writeWhenDue(at: Timestamp(microseconds: Int64(now)), on: server.duties)
  }
  func opened(_ connection: WebSocketConnection) {}
  func received(
    _ bytes: UnsafeRawBufferPointer, isText: Bool, on connection: WebSocketConnection, at now: UInt64
  ) {}
  func closed(_ connection: WebSocketConnection, code: Int, reason: String) {}
}

/// Looks into the stores whose contents the server knows by heart (keys, those of call tokens, flows, telephone numbers, matched voices), because another server with the same
/// database may have changed them. So a key that was revoked there is refused here after `period` and the time of one question at most,
/// as long as the database answers and one of `ServerContext.duties` is free. The control loop asks for it.
final class StoreWatch: Sendable {
  private struct State {
    var last = Timestamp.zero
    var isLooking = false
    /// What went wrong at the last look, by the store's name.
    var troubles: [String: String] = [:]
  }

  /// Time between two looks: some small questions to a database, which it answers in a millisecond.
  static let period = CallDuration.seconds(2)

  private let state = Locked(State())

  /// What may be out of date, and why; by the store's name.
  var troubles: [String: String] { state.withLock { $0.troubles } }

  /// Has one of the own threads look when it is time to and nobody looks yet.
  func refreshWhenDue(in server: ServerContext) {
    let now = Timestamp(microseconds: Int64(MonotonicClock.now()))
    let isDue = state.withLock { state in
      guard !state.isLooking, now - state.last >= Self.period else { return false }
      state.last = now
      state.isLooking = true
      return true
    }
    guard isDue else { return }
    let isQueued = server.duties.submit(.soon) { [self] in
      refreshAll(in: server)
      state.withLock { $0.isLooking = false }
    }
    // When no place is free, the next look finds more.
    if !isQueued { state.withLock { $0.isLooking = false } }
  }

  private func refreshAll(in server: ServerContext) {
    refresh("keys", "those that were known go on working", server.log) { () throws(StoreError) in
      try server.authorizer.keyService?.refresh()
    }
    refresh("call tokens", "their keys that were known go on working", server.log) { () throws(StoreError) in
      try server.authorizer.keyService?.refreshTokenKeys()
    }
    refresh("flows", "those that were known go on working", server.log) { () throws(StoreError) in
      if try server.flowService.refresh() { server.warmPrompts() }
    }
    refresh("numbers", "telephone numbers that were known go on working", server.log) { () throws(StoreError) in
      try server.numbers?.refresh()
    }
    refresh("voices", "matched voices that were known go on working", server.log) { () throws(StoreError) in
      try server.voices.refresh()
    }
  }

  /// Says it when trouble begins and when it is over, not with every look.
  private func refresh(_ name: String, _ consequence: String, _ log: Logger, _ work: () throws(StoreError) -> Void) {
    var trouble: String?
    do throws(StoreError) { try work() } catch {
      let why = if case .unavailable(let why) = error { why } else { "\(error)" }
      trouble = "\(why); \(consequence)"
    }
    let known = state.withLock { state in
      defer { state.troubles[name] = trouble }
      return state.troubles[name]
    }
    if let trouble, known == nil { log.warning("\(name) cannot be read: \(trouble)") }
    if trouble == nil, known != nil { log.info("\(name) can be read again") }
  }
}
