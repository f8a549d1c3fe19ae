import CallCore
import CallDriver
import Threads

/// What the server counts, for `/metrics`. Touched a few times a call, never for a packet.
final class ServerFigures: Sendable {
  struct Counts: Sendable {
    var callsStarted = 0
    var callsRefused: [RefusalReason: Int] = [:]
    var callsEnded: [CloseReason: Int] = [:]
    var turns = 0
    /// Turns that were answered aloud, by what ended them.
    var turnsEnded: [TurnEnding: Int] = [:]
    var bargeIns = 0
    var engineFailures = 0
    /// Calls in which the agent's own voice came back.
    var callsWithEcho = 0
    var recordsLost = 0
    var peerFaults = 0
    var packetsSent = 0
    var packetsLate = 0
    var packetsReceived = 0
    var packetsLost = 0
    var callsRecorded = 0
    var callMicroseconds: Int64 = 0
    var turnLatency = LatencyHistogram()
    /// Of the turns for which a language model was asked, by stage.
    var modelStages: [ModelStage: LatencyHistogram] = [:]
  }

  private let counts = Locked(Counts())

  var now: Counts { counts.withLock { $0 } }

  /// Calls whose record is complete, and their length together, seconds.
  var recorded: (calls: Int, seconds: Double) {
    counts.withLock { ($0.callsRecorded, Double($0.callMicroseconds) / 1_000_000) }
  }

  /// Counts one more.
  func add(_ figure: any WritableKeyPath<Counts, Int> & Sendable) { counts.withLock { $0[keyPath: figure] += 1 } }

  /// Counts a call that was not taken.
  func countRefusal(_ reason: RefusalReason) { counts.withLock { $0.callsRefused[reason, default: 0] += 1 } }

  func count(packets: (all: Int, late: Int)) {
    counts.withLock {
      $0.packetsSent += packets.all
      $0.packetsLate += packets.late
    }
  }

  func count(_ call: StoredCall) {
    let record = call.record
    counts.withLock { counts in
      if let reason = record.reason { counts.callsEnded[reason, default: 0] += 1 }
      counts.turns += record.turns
      counts.bargeIns += record.timeline.count { $0.kind == .bargeIn }
      counts.engineFailures += record.timeline.count { $0.kind == .engineFailed }
      if record.echoDelay != nil { counts.callsWithEcho += 1 }
      counts.packetsReceived += record.audio.received
      counts.packetsLost += record.audio.lost
      counts.callsRecorded += 1
      counts.callMicroseconds += record.duration.microseconds
      for latency in record.turnLatencies { counts.add(latency) }
    }
  }
}

/// What a turn spends with a language model. The raw values stand in the names of `/metrics`.
enum ModelStage: String, CaseIterable {
  case firstToken = "first_token"
  case firstSentence = "first_sentence"
  case tools

  /// For `/metrics`.
  var help: String {
    switch self {
    case .firstToken: "Questions to the language model until the first piece of each answer, by turn."
    case .firstSentence: "First pieces of its answers until the first sentence, by turn."
    case .tools: "Requests of its tools until their answers, by turn with any."
    }
  }
}

extension ServerFigures.Counts {
  fileprivate mutating func add(_ latency: TurnLatency) {
    turnLatency.add(latency.total)
    if let ending = latency.endedBy { turnsEnded[ending, default: 0] += 1 }
    guard let model = latency.model else { return }
    modelStages[.firstToken, default: LatencyHistogram()].add(model.firstToken)
    modelStages[.firstSentence, default: LatencyHistogram()].add(model.firstSentence)
    // Most turns use no tool: they would hide how long those take that do.
    if model.tools > .zero { modelStages[.tools, default: LatencyHistogram()].add(model.tools) }
  }
}

/// Turn latencies by class, as Prometheus wants them.
struct LatencyHistogram: Sendable {
  /// Upper ends of the classes in milliseconds: fine around the goal (620 ms) and the time when a turn counts as late (2,750 ms).
  static let classEndsMs = [200, 400, 500, 550, 600, 650, 700, 800, 1000, 1250, 1500, 2000, 2750, 4000, 8000]

  /// Turns of each class; the last are those beyond.
  private(set) var counts = [Int](repeating: 0, count: classEndsMs.count + 1)
  private(set) var sumMs = 0

  mutating func add(_ latency: CallDuration) {
    sumMs += latency.milliseconds
    counts[Self.classEndsMs.firstIndex { latency.milliseconds <= $0 } ?? Self.classEndsMs.count] += 1
  }
}
