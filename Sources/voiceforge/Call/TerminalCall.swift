import CallClient
import CallCore
import CallDriver
import Threads

/// A scripted call, shown line by line as it goes on.
struct TerminalCall {
  let script: CallerScript
  let url: String
  /// For the server; `nil`: none is sent.
  var key: String?
  let codecs: any AudioCodecFactory
  var keepsSamples = false
  /// Where it is shown; `nil` shows nothing.
  var outlet: TerminalOutput? = .output

  /// Places the call and waits for its end; Ctrl-C hangs up.
  /// - Returns: what the caller brought home, and whether Ctrl-C ended the call.
  func run() throws -> (report: CallerReport, wasStopped: Bool) {
    let loop = CallerLoop(offersTLS: url.hasPrefix("wss:"), key: key)
    try loop.start()
    defer { loop.stop() }
    let outcome = Locked<CallerReport?>(nil)
    let screen = Locked(outlet.map(CallScreen.init))
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
      guard StopSignal.came(within: 50) else { continue }
      stops += 1
      // A server that does not answer the hang-up is not waited for a second time.
      if stops > 1 { return (CallerReport(stoppedBeforeEnd: ()), true) }
      loop.hangUp()
    }
  }
}

extension CallerReport {
  /// Of a caller that went away without waiting for the server.
  fileprivate init(stoppedBeforeEnd: Void) {
    self.init()
    reason = .callerHungUp
  }
}
