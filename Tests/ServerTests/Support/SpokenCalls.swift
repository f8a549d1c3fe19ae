import TestSupport
import CallClient
import CallCore
import CallDriver
import Wires
import WebSockets
import Threads

/// What a scripted call brought home, with every message and when it came.
struct CallOutcome: Sendable {
  var report = CallerReport()
  var messages: [(at: UInt64, message: ServerMessage)] = []
  var isFinished = false

  var errors: [(code: String, message: String, fatal: Bool)] {
    messages.compactMap {
      if case .error(let code, let text, let fatal) = $0.message { (code, text, fatal) } else { nil }
    }
  }
}

/// Places scripted calls on a loop of their own.
enum SpokenCalls {
  enum Fault: Error { case notPlaced, neverEnded(turnsBegun: Int) }

  /// Started once; lives as long as the process.
  static let loop = Result { () throws -> CallerLoop in
    let loop = CallerLoop()
    try loop.start()
    return loop
  }

  /// Starts a call.
  static func start(_ script: CallerScript, at server: TestServer, keepsSamples: Bool = false) throws -> Probe<
    CallOutcome
  > {
    let outcome = Probe(CallOutcome())
    let isPlaced = try loop.get().place(
      script, to: server.callURL, codecs: TestEngines.catalog.codecs, keepsSamples: keepsSamples
    ) { news in
      let now = MonotonicClock.now()
      switch news {
      case .message(let message): outcome.change { $0.messages.append((now, message)) }
      case .finished(let report):
        outcome.change {
          $0.report = report
          $0.isFinished = true
        }
      case .began, .answered: break
      }
    }
    guard isPlaced else { throw Fault.notPlaced }
    return outcome
  }

  /// Places a call and waits for its end.
  static func call(
    _ script: CallerScript, at server: TestServer, keepsSamples: Bool = false, within seconds: Int = 60
  ) throws -> CallOutcome {
    let outcome = try start(script, at: server, keepsSamples: keepsSamples)
    guard outcome.wait(seconds, until: { $0.isFinished }) else {
      throw Fault.neverEnded(turnsBegun: outcome.current.report.turnsBegun)
    }
    return outcome.current
  }

  /// Whether a fresh caller is heard and answered: what must work after every attack.
  static func works(at server: TestServer) throws -> Bool {
    let outcome = try call(CallerScript(flow: "ping", turns: [try TestEngines.turn("Are you there?")]), at: server)
    let record = outcome.report.record?.record
    let caller = record?.transcript.first { $0.role == .caller }
    return record?.outcome == "heard" && outcome.report.latencies.count == 1
      && caller?.text.lowercased().contains("you there") == true
  }
}
