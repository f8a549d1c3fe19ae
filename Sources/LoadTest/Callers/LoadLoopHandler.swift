import CallCore
import WebSockets
import Threads

/// Ticks the load calls of one loop, each in its own tick of the frame, and counts what they report. Lives on the loop's thread.
final class LoadLoopHandler: LoopHandler {
  /// Rounds of ticks between two reports to the counters: 100 ms.
  private static let reportRounds = 5

  /// What was counted since the last report.
  var figures = LoadFigures()
  private let counters: LoadCounters
  private let key: String?
  private var slots: [[ReplayCallClient]]
  private var round = 0
  private var due: TickDue

  init(counters: LoadCounters, key: String?, slotCount: Int, tickPeriod: UInt64) {
    self.counters = counters
    self.key = key
    due = TickDue(period: tickPeriod)
    slots = Array(repeating: [], count: slotCount)
  }

  /// Begins a call.
  func place(_ recorded: RecordedCaller, call: Int, to url: String, in context: LoopContext) {
    let slot = slots.indices.min { slots[$0].count < slots[$1].count } ?? 0
    let link = ReplayCallClient(caller: ReplayedCaller(recorded: recorded, phase: call * 7), loop: self)
    slots[slot].append(link)
    context.connect(WebSocketClientRequest(url: url, subprotocol: "voiceforge.v1", key: key), handler: link)
  }

  /// Ends every call.
  func cutOff() {
    let now = MonotonicClock.now()
    for link in slots.joined() { link.cutOff(at: now) }
  }

  /// Adds what was counted to the counters.
  func report() {
    counters.add(figures)
    figures.reset()
  }

  func accepted() {
    figures.accepted += 1
    counters.accepted()
  }

  func over(_ end: CallEnd, wasAccepted: Bool) {
    figures.count(end)
    counters.over(end, wasAccepted: wasAccepted, at: MonotonicClock.now())
  }

  func tick(at now: UInt64, slot: Int) {
    due.begin(at: now)
    for link in slots[slot] { link.tick(at: now, due: due.instant) }
    slots[slot].removeAll { $0.isOver }
    if slot == 0 {
      round += 1
      if round % Self.reportRounds == 0 { report() }
    }
  }

  /// Never called: every connection of this loop has a caller of its own.
  func opened(_ connection: WebSocketConnection) {}
  func received(_ bytes: UnsafeRawBufferPointer, isText: Bool, on connection: WebSocketConnection, at now: UInt64) {}
  func closed(_ connection: WebSocketConnection, code: Int, reason: String) {}
}

extension LoadFigures {
  /// Different reasons of failures that are told apart; further ones are counted as `other`.
  static let reasonsMax = 40

  /// Counts a call that is over.
  mutating func count(_ end: CallEnd) {
    switch end {
    case .completed: completed += 1
    case .refused: refused += 1
    case .cutOff: cutOff += 1
    case .unreachable(let reason), .failed(let reason):
      let isRoom = failures[reason] != nil || failures.count < Self.reasonsMax
      failures[isRoom ? reason : "other", default: 0] += 1
    }
  }
}
