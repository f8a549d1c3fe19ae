import Glibc
import LoadTest

/// The server that a load goes to.
enum LoadTarget {
  case running(CallTarget, key: String?)
  case own(ServerProcess)

  /// A server of our own is left alone until it has used less than this share of a core for half a second: until then it makes the
  /// sentences that its flows will need. At most `quietMax`.
  private static let quietCores = 0.2
  private static let quietMax = 30.0
  /// Calls that the server takes beyond those that are wanted, so that one that has just ended is in no other's way.
  private static let spareCalls = 100

  /// Where calls are placed.
  var url: String {
    switch self {
    case .running(let target, _): target.url
    case .own(let server): server.url.replacing("http://", with: "ws://") + "/v1/call"
    }
  }

  /// The key that it wants.
  var key: String? {
    switch self {
    case .running(_, let key): key
    case .own: nil
    }
  }

  /// Where its figures come from.
  var watch: ServerWatch {
    switch self {
    case .running(let target, let key): ServerWatch(.metrics(target.server, key: key))
    case .own(let server): ServerWatch(.process(server.id))
    }
  }

  /// - Throws: `CommandFault` with exit code 4 when nobody answers there.
  /// - Parameter key: for the server; `nil`: none is sent.
  static func open(_ url: String, key: String?) throws -> LoadTarget {
    guard case .running(let target) = try CallServerChoice.open(to: url) else {
      preconditionFailure("a target that was named runs already")
    }
    return .running(target, key: key)
  }

  /// Starts a server and waits until it has made what it makes ahead.
  /// - Parameters:
  ///   - calls: that it is to take at once.
  ///   - flows: folder of its flows.
  ///   - options: further ones, as on a command line.
  static func start(calls: Int, flows: String?, options: String) throws -> LoadTarget {
    let server = try ServerProcess(
      ["--calls", "\(calls + spareCalls)"] + (flows.map { ["--flows", $0] } ?? [])
        + options.split(separator: " ").map(String.init))
    let probe = ServerProbe(address: server.url)
    CallServerChoice.waitForEngines(of: probe)
    try checkEngines(of: probe)
    waitForQuiet(ServerWatch(.process(server.id)))
    return .own(server)
  }

  /// Ends a server that was started for the load.
  func close() {
    if case .own(let server) = self { server.stop() }
  }

  private static func checkEngines(of probe: ServerProbe) throws {
    guard probe.isReady() else {
      throw CommandFault(
        "the server's speech engines are missing, so no call can be taken\n`make setup` installs them, `voiceforge doctor` shows "
          + "what is missing", .failed)
    }
  }

  private static func waitForQuiet(_ watch: ServerWatch) {
    ProgressLine.during("the server makes the sentences that its flows need …") {
      for _ in 0..<Int(quietMax * 2) {
        watch.look()
        let before = watch.reading
        if StopSignal.came(within: 500) { return }
        watch.look()
        guard let cores = watch.reading?.cores(since: before), cores >= quietCores else { return }
      }
    }
  }
}
