import ArgumentParser
import CallCore
import CallDriver
import CallServer
import Engines
import FoundationEssentials
import Glibc
import Logging

/// The server that a call goes to: one that runs already, or one that is started for the call.
struct CallServerChoice {
  let url: String
  /// One that was started for the call.
  private var local: LocalServer?

  /// A server that runs already.
  init(_ target: CallTarget) { url = target.url }

  private init(_ local: LocalServer) { (url, self.local) = (local.callURL, local) }

  /// Those of a server that was started for the call; `nil` where it runs elsewhere.
  var engines: (any SpeechEngines)? { local?.engines }

  /// Ends a server that was started for the call.
  func close() { local?.stop() }

  /// Why the call's trace could not be written, once the server is closed; `nil`: it was, or none was asked for.
  var traceFault: String? { local?.server.traceFault }

  /// The server of this machine, as the settings name it, or else one in this process.
  /// - Parameters:
  ///   - flows: folder of flows; a server of its own is started for them.
  ///   - trace: file for the call's trace; likewise.
  static func openHere(_ settings: Settings, flows: String?, trace: String? = nil) throws -> CallServerChoice {
    let (host, port) = (settings.host, try settings.port())
    let probe = ServerProbe(host: host, port: port)
    if flows == nil, trace == nil, case .found = probe.check() {
      Terminal.errorLine("Calling the server at \(probe.address).")
      probe.waitForEngines()
      return CallServerChoice(try CallTarget(probe.address))
    }
    let reason =
      switch (flows, trace) {
      case (_?, _): "A server with these flows is started in this process for the call."
      case (nil, _?): "A server that writes the trace is started in this process for the call."
      case (nil, nil): "No server answers at \(probe.address); one is started in this process for the call."
      }
    Terminal.errorLine(reason)
    var server = ServerSettings()
    server.port = 0
    server.drainTime = .zero
    server.traces.logsWords = try settings.logsWords()
    if let trace { server.traces.file = { _ in trace } }
    let log = try settings.log(.critical)  // what fails is told by the call itself
    let local = try LocalServer(settings: server, environment: settings, flowFolder: flows, log: log)
    try ProgressLine.during("loading the speech engines …") { try local.waitForEngines() }
    return CallServerChoice(local)
  }

}

/// Where a call is placed.
struct CallTarget {
  /// Such as `ws://127.0.0.1:8080/v1/call`.
  let url: String
  /// The same server over HTTP, such as `http://127.0.0.1:8080`.
  let server: String

  /// - Parameters:
  ///   - text: a URL; the scheme may be that of the page, and it and the path may be left out.
  ///   - option: where it stood.
  ///   - example: a right one.
  /// - Throws: when it is none, with one that is.
  init(
    _ text: String, option: String = "--target", example: String = "ws://127.0.0.1:8080/v1/call"
  ) throws(CommandFault) {
    if let end = text.firstRange(of: "://"), text[..<end.lowerBound].contains("+") {
      throw CommandFault("\(option): \(text) is the address of a bot, which `voiceforge simulate` and `load` call")
    }
    var rest = Substring(text)
    var isSecure = false
    for (scheme, secure) in [("ws://", false), ("http://", false), ("wss://", true), ("https://", true)]
    where text.lowercased().hasPrefix(scheme) {
      rest = rest.dropFirst(scheme.count)
      isSecure = secure
    }
    let host = rest.prefix { !"/?".contains($0) }
    let path = rest.dropFirst(host.count)
    guard !host.isEmpty, !rest.contains("://"), !rest.contains(where: \.isWhitespace) else {
      throw CommandFault("\(option): expected an address such as \(example), got \"\(text)\"")
    }
    let secure = isSecure ? "s" : ""
    url = "ws\(secure)://\(host)\(path.isEmpty || path == "/" ? "/v1/call" : path)"
    server = "http\(secure)://\(host)"
  }

  /// One at which a server answers, with its engines if they come in time.
  /// - Parameter otherwise: what can be done without a server there.
  /// - Throws: `CommandFault` with exit code 4 when nobody answers there.
  static func reached(
    _ named: String, otherwise: String = "leave out --target to call one that is started for the call"
  ) throws(CommandFault) -> CallTarget {
    let target = try CallTarget(named)
    let probe = ServerProbe(address: target.server)
    if case .nobody(let why) = probe.check() {
      throw CommandFault(
        "nobody answers at \(target.server) (\(why)); start a server there with `voiceforge serve`, or \(otherwise)",
        .unreachable)
    }
    probe.waitForEngines()
    return target
  }
}

/// The key that commands send to a server that wants one.
struct KeyOption: ParsableArguments {
  @Option(
    help: ArgumentHelp("Key for the server (default: VOICEFORGE_KEY, which other users cannot see).", valueName: "key"))
  var key: String?

  /// The option, or the environment.
  func key(_ settings: Settings) -> String? { key ?? settings[Settings.keyName] }
}

extension Settings {
  /// The variable of the key that commands send.
  static let keyName = "VOICEFORGE_KEY"
}
