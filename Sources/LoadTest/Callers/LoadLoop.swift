import CallClient
import CallCore
import Simulation
import Threads
import WebSockets
import Wires

/// A thread that carries load calls, a thousand and more.
final class LoadLoop: Sendable {
  /// Time between two ticks in microseconds: arrivals are read to this, which is little against what is measured.
  private static let tickPeriod: UInt64 = 2_000
  /// Ticks of a frame of 20 ms: the calls' packets are spread over so many instants.
  private static let slotCount = 10

  private let loop: ServiceLoop

  init(number: Int, counters: LoadCounters, offersTLS: Bool, key: String?) {
    var configuration = ServiceLoopConfiguration()
    configuration.name = "load \(number)"
    configuration.checksMasking = false
    configuration.checksTextByPiece = false
    configuration.offersTLSClients = offersTLS
    configuration.ticksWhenIdle = true
    configuration.restsFromCount = 0
    configuration.messageBytesMax = ServerMessage.frameBytesMax
    configuration.tickPeriod = .microseconds(Int64(Self.tickPeriod))
    configuration.tickSlotCount = Self.slotCount
    loop = ServiceLoop(configuration: configuration) {
      LoadLoopHandler(counters: counters, key: key, slotCount: Self.slotCount, tickPeriod: Self.tickPeriod)
    }
  }

  func start() throws(WebSocketError) { try loop.start() }

  /// Calls that are up on it.
  var connectionCount: Int { loop.connectionCount }

  /// Begins a call.
  /// - Returns: false when the loop takes no more work; nothing happens then.
  func place(_ recorded: RecordedCaller, call: Int, to callee: LoadOrder.Callee) -> Bool {
    loop.post { context in
      (context.handler as? LoadLoopHandler)?.place(recorded, call: call, to: callee, in: context)
    }
  }

  /// Ends every call; their ends are still reported.
  func abort() {
    _ = loop.post { context in (context.handler as? LoadLoopHandler)?.abort() }
  }

  /// Reports what is left and joins the thread.
  func stop() {
    _ = loop.post { context in (context.handler as? LoadLoopHandler)?.report() }
    loop.stop()
  }
}

/// Ticks the load calls of one loop, each in its own tick of the frame, and counts what they report. Lives on the loop's thread.
final class LoadLoopHandler: LoopHandler {
  /// Rounds of ticks between two reports to the counters: 100 ms.
  private static let reportRounds = 5

  /// What was counted since the last report.
  var figures = LoadFigures()
  private let counters: LoadCounters
  private let key: String?
  private var slots: [[any LoadCallClient]]
  private var round = 0
  private var due: TickDue

  init(counters: LoadCounters, key: String?, slotCount: Int, tickPeriod: UInt64) {
    self.counters = counters
    self.key = key
    due = TickDue(period: tickPeriod)
    slots = Array(repeating: [], count: slotCount)
  }

  func place(_ recorded: RecordedCaller, call: Int, to callee: LoadOrder.Callee, in context: LoopContext) {
    let caller = ReplayedCaller(recorded: recorded, phase: call * 7)
    switch callee {
    case .server(let url):
      connect(
        ReplayCallClient(caller: caller, loop: self),
        WebSocketClientRequest(url: url, subprotocol: "voiceforge.v1", key: key), in: context)
    case .bot(let target):
      let placed: BotCall
      do throws(CallFailure) {
        placed = try target.call(UInt64(call) + 1, flow: recorded.testCase.agent.flow)
      } catch {
        return countEnd(.failed(error.description), wasAccepted: false)
      }
      connect(
        BotLoadClient(
          ReplayedBotCall(caller: caller, side: placed.makeSide(), agentPause: target.agentPause), loop: self),
        placed.request, in: context)
    }
  }

  private func connect(_ client: any LoadCallClient, _ request: WebSocketClientRequest, in context: LoopContext) {
    let slot = slots.indices.min { slots[$0].count < slots[$1].count } ?? 0
    slots[slot].append(client)
    context.connect(request, handler: client)
  }

  func abort() {
    let now = MonotonicClock.now()
    for client in slots.joined() { client.abort(at: now) }
  }

  /// Adds what was counted to the counters.
  func report() {
    counters.add(figures)
    figures.reset()
  }

  func countAccepted() {
    figures.accepted += 1
    counters.countAccepted()
  }

  func countEnd(_ end: CallEnd, wasAccepted: Bool) {
    figures.count(end)
    counters.countEnd(end, wasAccepted: wasAccepted, at: MonotonicClock.now())
  }

  func tick(at now: UInt64, slot: Int) {
    due.begin(at: now)
    for client in slots[slot] { client.tick(at: now, due: due.instant) }
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
  /// Counts a call that is over.
  mutating func count(_ end: CallEnd) {
    switch end {
    case .completed: completed += 1
    case .refused(_, let reason):
      refused += 1
      if let reason { refusals.add(of: reason) }
    case .cutOff: cutOff += 1
    case .unreachable(let reason), .failed(let reason):
      failures.add(of: reason)
    }
  }
}

/// Knows when the ticks of a loop were due, from when they came: they are a period apart, and none comes early.
struct TickDue {
  /// A tick that is later than so many periods follows a stall: ticks were left out, and the count begins anew.
  private static let stalledPeriods: UInt64 = 12

  private let period: UInt64
  /// When the present tick is due, as far as is known, in microseconds of the clock.
  private(set) var instant: UInt64 = 0

  /// - Parameter period: of the ticks, in microseconds.
  init(period: UInt64) { self.period = period }

  /// Called at the beginning of each tick.
  mutating func begin(at now: UInt64) {
    instant += period
    if now < instant || now - instant > period * Self.stalledPeriods { instant = now }
  }
}
