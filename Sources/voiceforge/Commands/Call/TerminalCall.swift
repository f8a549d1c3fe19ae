import CallClient
import CallCore
import CallDriver
import Formats
import JSON
import Threads
import WebSockets
import Wires

/// A scripted call, shown line by line as it goes on.
struct TerminalCall {
  let script: CallerScript
  let url: String
  /// For the server; `nil`: none is sent.
  var key: String?
  let codecs: any AudioCodecFactory
  var keepsSamples = false
  /// Where it is shown; `nil` shows nothing.
  var output: TerminalOutput? = .output

  /// Places the call and waits for its end; Ctrl-C hangs up.
  /// - Returns: what the caller brought home, and whether Ctrl-C ended the call.
  func run() throws -> (report: CallerReport, wasStopped: Bool) {
    let loop = CallerLoop(offersTLS: url.hasPrefix("wss:"), key: key)
    try loop.start()
    defer { loop.stop() }
    let outcome = Locked<CallerReport?>(nil)
    let screen = Locked(output.map(CallScreen.init))
    let isPlaced = loop.place(script, to: url, codecs: codecs, keepsSamples: keepsSamples) { news in
      screen.withLock { $0?.show(news) }
      if case .finished(let report) = news { outcome.withLock { $0 = report } }
    }
    guard isPlaced else { throw CommandFault("the caller's loop takes no work", .failed) }
    return wait(for: outcome, on: loop)
  }

  private func wait(for outcome: Locked<CallerReport?>, on loop: CallerLoop) -> (CallerReport, Bool) {
    var stops = 0
    while true {
      if let report = outcome.withLock({ $0 }) { return (report, stops > 0) }
      guard StopSignal.isReceived(within: 50) else { continue }
      stops += 1
      // A server that does not answer the hang-up is not waited for a second time.
      guard stops == 1 else { break }
      loop.hangUp()
    }
    var report = CallerReport()
    report.reason = .callerHungUp
    return (report, true)
  }
}

/// What came of a call from the terminal.
struct CallOutcome {
  let report: CallerReport
  let url: String
  let script: CallerScript
  /// Whether the user hung up.
  let wasStopped: Bool
  let saved: String?

  /// What went wrong, with the exit code; `nil` when the call went as planned.
  var fault: CommandFault? {
    if let failure = report.failure { return fault(of: failure) }
    guard let reason = report.reason else { return CommandFault("the call ended without a reason", .failed) }
    guard Self.goodReasons.contains(reason) else {
      return CommandFault("the call failed: \(reason.rawValue)", .failed)
    }
    let turns = script.turns.count
    guard wasStopped || report.turnsBegun == turns else {
      return CommandFault(
        "the call ended before \(turns - report.turnsBegun) of \(turns) turns could be said, so it shows nothing about them",
        .invalid)
    }
    return nil
  }

  /// A sentence when the caller itself was too slow for its latencies to count.
  var lateness: String? {
    guard !report.latencies.isEmpty, report.packetsLate * 100 > report.packetsSent else { return nil }
    return
      "this machine was busy: \(report.packetsLate) of \(report.packetsSent) packets left late, latencies are too long"
  }

  /// How conversations end that ran as they should.
  private static let goodReasons: Set<CloseReason> = [.completed, .callerHungUp, .noInput, .noMatch, .transferred]

  private func fault(of failure: CallerReport.Failure) -> CommandFault {
    switch failure {
    case .notConnected(.invalidURL): CommandFault("--target: \(failure)")
    case .notConnected(.unreachable), .notConnected(.timedOut):
      CommandFault("\(url): \(failure); start a server there with `voiceforge serve`", .unreachable)
    case .notConnected(.refused(404, _, _)):
      CommandFault("\(url): \(failure); calls of VoiceForge are placed at ws://HOST:PORT/v1/call", .unreachable)
    // Before the call was up: a flow or a voice that the server does not have. It names those that it has.
    case .refused(WireFault.Code.outOfRange.rawValue, let message) where report.packetsSent == 0: CommandFault(message)
    case .notConnected, .refused, .brokenOff: CommandFault("the call failed: \(failure)", .failed)
    }
  }
}

extension CallOutcome: JSONDocument {
  func writeMembers(to writer: inout JSONWriter) {
    writer.field("target", url)
    writer.field("flow", script.flow)
    writer.field("failure", fault?.description)
    writer.field("turnsPlanned", script.turns.count)
    writer.field("turnsSaid", report.turnsBegun)
    writer.objects("latencies", report.latencies) { writer, latency in
      writer.field("turn", latency.turn)
      writer.field("heardMs", latency.latency.milliseconds)
    }
    writer.object("packets") { writer in
      writer.field("sent", report.packetsSent)
      writer.field("late", report.packetsLate)
      writer.field("received", report.packetsReceived)
    }
    writer.field("saved", saved)
    if let record = report.record {
      writer.object("record", record.writeMembers)
    } else {
      writer.field("record", String?.none)
    }
  }
}
