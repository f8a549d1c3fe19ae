import CallClient
import CallCore
import CallDriver
import CallWire
import Foundation

/// A scripted call, shown line by line as it goes on.
struct TerminalCall {
  let script: CallerScript
  let url: String
  let codecs: any AudioCodecFactory
  var keepsSamples = false
  var isQuiet = false

  /// Places the call and waits for its end; Ctrl-C hangs up.
  /// - Returns: what the caller brought home.
  func run() throws -> CallerReport {
    let loop = CallerLoop(offersTLS: url.hasPrefix("wss:"))
    try loop.start()
    defer { loop.stop() }
    let outcome = Guarded<CallerReport?>(nil)
    let isQuiet = isQuiet
    let isPlaced = loop.place(script, to: url, codecs: codecs, keepsSamples: keepsSamples) { news in
      if !isQuiet { CallLines.lines(for: news).forEach(Terminal.line) }
      if case .finished(let report) = news { outcome.with { $0 = report } }
    }
    guard isPlaced else { throw CommandFault("the caller's loop takes no work", .failed) }
    while true {
      if let report = outcome.with({ $0 }) { return report }
      if StopSignal.came(within: 50) { loop.hangUp() }
    }
  }
}
