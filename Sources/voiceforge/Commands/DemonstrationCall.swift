import CallClient
import CallCore
import CallDriver
import CallServer

/// One call over the real socket with a spoken caller, shown as it goes.
struct DemonstrationCall {
  let local: LocalServer

  /// What the caller says to the sample flow `appointment`.
  static let lines = [
    "I would like to book an appointment.", "Next Tuesday.", "At half past three.", "Yes, that's right.",
    "Anna Miller.",
    "Yes.",
  ]

  /// Calls, and shows the call to its end. The engines must be there.
  func place() throws {
    let voices = local.engines.voices.map(\.id)
    let usual = ScriptMaker.voice(besides: nil)
    let voice = voices.contains(usual) ? usual : voices.last ?? usual
    let maker = ScriptMaker(codecs: local.engines.codecs, engines: local.engines, voice: voice)
    let script = try maker.script(for: CallPlan(saying: Self.lines), flow: "appointment")
    Terminal.line("Placing a demonstration call to \(local.callURL)\n")
    let (report, wasStopped) = try TerminalCall(
      script: script, url: local.callURL, key: local.server.ownKey, codecs: local.engines.codecs
    ).run()
    if wasStopped { return }
    if let failure = report.failure { throw CommandFault("the demonstration call failed: \(failure)", .failed) }
    Terminal.line("\nOpen \(local.url) and talk to the agent yourself.")
  }
}
