import CallCore
import CallDriver
import Logging
import WebSockets

/// Looks into the stores whose contents the server knows by heart (keys, flows, matched voices), because another server with the same
/// database may have changed them. So a key that was revoked there is refused here after `period` and the time of one question at most,
/// as long as the database answers and one of `ServerContext.duties` is free. The control loop asks for it.
final class StoreWatch: Sendable {
  private struct State {
    var last = Timestamp.zero
    var isLooking = false
    /// What went wrong at the last look, by the store's name.
    var troubles: [String: String] = [:]
  }

  /// Time between two looks: three small questions to a database, which it answers in a millisecond.
  static let period = CallDuration.seconds(2)

  private let state = Guarded(State())

  /// What may be out of date, and why; by the store's name.
  var troubles: [String: String] { state.with { $0.troubles } }

  /// Has one of the own threads look when it is time to and nobody looks yet.
  func lookWhenDue(in exchange: ServerContext) {
    let now = Timestamp(microseconds: Int64(MonotonicClock.now()))
    let isDue = state.with { state in
      guard !state.isLooking, now - state.last >= Self.period else { return false }
      state.last = now
      state.isLooking = true
      return true
    }
    guard isDue else { return }
    let isQueued = exchange.duties.submit(.soon) { [self] in
      look(in: exchange)
      state.with { $0.isLooking = false }
    }
    // When no place is free, the next look finds more.
    if !isQueued { state.with { $0.isLooking = false } }
  }

  private func look(in exchange: ServerContext) {
    note("keys", "those that were known go on working", exchange.log) { () throws(StoreError) in
      try exchange.doorkeeper.desk?.refresh()
    }
    note("flows", "those that were known go on working", exchange.log) { () throws(StoreError) in
      if try exchange.flowShelf.refresh() { exchange.warmPrompts() }
    }
    note("voices", "matched voices that were known go on working", exchange.log) { () throws(StoreError) in
      try exchange.voices.refresh()
    }
  }

  /// Says it when trouble begins and when it is over, not with every look.
  private func note(_ name: String, _ consequence: String, _ log: Logger, _ work: () throws(StoreError) -> Void) {
    var trouble: String?
    do throws(StoreError) { try work() } catch {
      let why = if case .unavailable(let why) = error { why } else { "\(error)" }
      trouble = "\(why); \(consequence)"
    }
    let known = state.with { state in
      defer { state.troubles[name] = trouble }
      return state.troubles[name]
    }
    if let trouble, known == nil { log.warning("\(name) cannot be read: \(trouble)") }
    if trouble == nil, known != nil { log.info("\(name) can be read again") }
  }
}
