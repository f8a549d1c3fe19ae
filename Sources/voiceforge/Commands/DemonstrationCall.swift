import CallClient
import CallCore
import CallDriver
import CallServer
import Engines
import Foundation

/// One call over the real socket with a spoken caller, shown as it goes.
struct DemonstrationCall {
  let local: LocalServer

  /// What the caller says to the sample flow `appointment`.
  static let lines = [
    "I would like to book an appointment.", "Next Tuesday.", "At half past three.", "Yes, that's right.", "Anna Miller.",
    "Yes.",
  ]

  /// Waits for the engines, calls, and shows the call to its end.
  func place() throws {
    let call = SpokenCall(flow: "appointment", lines: Self.lines.map { .init(say: $0) }, engines: local.engines)
    Terminal.line("Loading the speech engines …")
    let script = try call.script()
    while !local.server.isReady { Thread.sleep(forTimeInterval: 0.02) }
    Terminal.line("Placing a demonstration call to \(local.callURL)\n")
    let report = try TerminalCall(script: script, url: local.callURL, codecs: local.engines.codecs).run()
    if let failure = report.failure { throw CommandFault("the demonstration call failed: \(failure)", .failed) }
    Terminal.line("\nOpen \(local.url) and talk to the agent yourself.")
  }
}
