import CallClient
import CallServer
import Glibc
import LoadTest
import Wires

/// Whom a load calls.
struct LoadTarget {
  let callee: LoadOrder.Callee
  /// For the server; `nil`: none is sent.
  let key: String?
  /// Of each server that takes the calls; empty: nothing is known of what they use.
  private let figures: [ServerWatch.Source]
  /// One that was started for the load.
  private let server: ServerProcess?

  /// A server of our own is left alone until it has used less than this share of a core for half a second: until then it makes the
  /// sentences that its flows will need. At most `quietMax`.
  private static let quietCores = 0.2
  private static let quietMax = 30.0
  /// Calls that the server takes beyond those that are wanted, so that one that has just ended is in no other's way.
  private static let spareCalls = 100

  /// A server that runs already.
  /// - Parameter nodes: addresses of the servers behind it, whose figures are read instead; `nil`: it is one itself.
  init(_ target: CallTarget, key: String?, nodes: [String]? = nil) {
    (callee, self.key, server) = (.server(target.url), key, nil)
    figures = (nodes ?? [target.server]).map { .metrics($0, key: key) }
  }

  /// Somebody's bot.
  /// - Parameter process: of this machine, in which it runs; `nil`: nothing is known of what it uses.
  init(_ bot: BotTarget, process: Int32?) {
    (callee, key, figures, server) = (.bot(bot), nil, process.map { [.process($0)] } ?? [], nil)
  }

  private init(_ server: ServerProcess, wire: CallWire) {
    let address = server.url.replacing("http://", with: "ws://")
    callee =
      wire == .voiceforge
      ? .server(address + "/v1/call")
      : .bot(BotTarget(wire: wire, url: address + (wire == .realtime ? "/v1/realtime" : "/\(wire.rawValue)/stream")))
    (key, figures, self.server) = (nil, [.process(server.id)], server)
  }

  /// Where calls are placed.
  var url: String { callee.url }
  /// Reads what the callee uses.
  var watches: [ServerWatch] { figures.map(ServerWatch.init) }

  /// Starts a server and waits until it has made what it makes ahead.
  /// - Parameters:
  ///   - calls: that it is to take at once.
  ///   - wire: over which they come.
  ///   - flows: folder of its flows.
  ///   - options: further ones, as on a command line.
  static func start(calls: Int, over wire: CallWire, flows: String?, options: String) throws -> LoadTarget {
    let server = try ServerProcess(
      ["--calls", "\(calls + spareCalls)"] + (flows.map { ["--flows", $0] } ?? [])
        + options.split(separator: " ").map(String.init))
    let probe = ServerProbe(address: server.url)
    probe.waitForEngines()
    try checkEngines(of: probe)
    waitForQuiet(ServerWatch(.process(server.id)))
    return LoadTarget(server, wire: wire)
  }

  /// Ends a server that was started for the load.
  func close() { server?.stop() }

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
        watch.sample()
        let before = watch.reading
        if StopSignal.isReceived(within: 500) { return }
        watch.sample()
        guard let cores = watch.reading?.cores(since: before), cores >= quietCores else { return }
      }
    }
  }
}

/// A server in a process of its own, so that what it uses is its own. It ends with this process, however that ends: its standard input is
/// a pipe from here, and it stops when that is closed.
final class ServerProcess {
  /// How long a server may take until it listens; it takes 20 ms.
  private static let startMax: Int32 = 15_000
  /// How long it may take to end before it is killed, in milliseconds.
  private static let endMax = 5_000

  /// Such as `http://127.0.0.1:40123`.
  let url: String
  private let child: ChildProgram
  private var isStopped = false

  var id: pid_t { child.id }

  /// Starts `voiceforge serve` on a free port and waits until it listens.
  /// - Parameter arguments: further ones.
  init(_ arguments: [String]) throws {
    // In memory: calls of a load have no place in a database that the settings name.
    let usual = ["serve", "--port", "0", "--drain", "0", "--stop-with-input", "--in-memory"]
    do throws(LoadGeneratorFault) {
      // A server for this load alone wants no key.
      child = try ChildProgram(usual + arguments, variables: ["VOICE_API_KEY": ""], readsErrors: false)
    } catch {
      throw CommandFault("the server for the load could not be started: \(error)", .failed)
    }
    guard let url = Self.address(in: child.output) else {
      child.end(within: 0)
      throw CommandFault(
        "the server that was started for the load did not come up; try `voiceforge serve`", .unreachable)
    }
    self.url = url
  }

  deinit { stop() }

  /// Ends it, by force when it takes too long.
  func stop() {
    guard !isStopped else { return }
    isStopped = true
    child.end(within: Self.endMax)
  }

  /// Reads until the address is there.
  private static func address(in descriptor: Int32) -> String? {
    var text = ""
    var piece = [UInt8](repeating: 0, count: 4096)
    while true {
      if let line = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        .first(where: { $0.contains(" serves on http") }),
        let word = line.split(separator: " ").first(where: { $0.hasPrefix("http") })
      {
        return String(word)
      }
      var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&waited, 1, startMax) > 0 else { return nil }
      let count = read(descriptor, &piece, piece.count)
      guard count > 0 else { return nil }
      text += String(decoding: piece[..<count], as: UTF8.self)
    }
  }
}
