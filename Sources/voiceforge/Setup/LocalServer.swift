import CallCore
import CallDriver
import CallServer
import Engines
import FoundationEssentials
import Glibc
import Logging
import Stores
import WebSockets

/// A server in this process, put together from the settings.
struct LocalServer {
  let server: VoiceServer
  let engines: EngineCatalog
  let settings: ServerSettings

  /// - Parameter hasTests: whether it offers the test cases over REST.
  init(settings: ServerSettings, environment: Settings, flowFolder: String?, hasTests: Bool = false, log: Logger) throws
  {
    let flows = try FlowFolder.read(flowFolder ?? environment.flowFolder)
    let tests = hasTests ? try Self.tests(environment, flows) : nil
    if let folder = settings.webFolder, !FileManager.default.fileExists(atPath: folder) {
      throw CommandFault("there is no folder \(folder) for the page; correct VOICEFORGE_WEB")
    }
    let engines = EngineCatalog(folder: environment.engineFolder, loading: .inBackground)
    var settings = settings
    settings.version = VoiceForge.version
    settings.today = { Today.text() }
    do throws(WebSocketError) {
      server = try VoiceServer(
        settings: settings, engines: engines, flows: flows, store: MemoryCallStore(), tests: tests,
        matchedVoices: MemoryMatchedVoiceStore(),
        generator: settings.allowsLoad ? LoadProgram(today: settings.today) : nil, log: log)
      try server.start()
    } catch {
      throw CommandFault(Self.explanation(of: error))
    }
    self.engines = engines
    self.settings = settings
  }

  /// The cases of the folder, and room for runs.
  private static func tests(_ environment: Settings, _ flows: FlowLibrary) throws -> TestShelf {
    let cases = MemoryTestCaseStore()
    let change = try cases.add(try CaseFiles.atStart(flows, environment))
    guard change == .done else { throw CommandFault("the test cases cannot be kept: \(change)") }
    return TestShelf(cases: cases, runs: MemoryTestRunStore(), readSound: CaseFiles.sound)
  }

  /// Waits until calls are taken.
  /// - Throws: which engines cannot be used, and what to do.
  func waitForEngines() throws(CommandFault) {
    while !server.isReady {
      if let trouble = engineTrouble { throw CommandFault(trouble, .failed) }
      if StopSignal.came(within: 20) { throw CommandFault("stopped", .failed) }
    }
  }

  /// `EngineCatalog.trouble` of its engines.
  var engineTrouble: String? { engines.trouble }

  /// The address of the page.
  var url: String {
    let host = settings.address.contains(":") ? "[\(settings.address)]" : settings.address
    return "http://\(host):\(server.port)"
  }

  /// Whether only this machine can reach it.
  var isLoopback: Bool { settings.address.hasPrefix("127.") || settings.address == "::1" }

  /// Where calls are placed.
  var callURL: String { url.replacing("http://", with: "ws://") + "/v1/call" }

  private static func explanation(of error: WebSocketError) -> String {
    switch error {
    case .addressInUse(let address, let port):
      "port \(port) of \(address) is in use; choose another with --port, or 0 for any free one"
    case .cannotListen(let address, let port, let code):
      "cannot listen on \(address):\(port): \(String(cString: strerror(code)))"
    case .invalidAddress(let address): "--host \(address) is not an IPv4 or IPv6 address in digits"
    case .system(let call, let code): "\(call): \(String(cString: strerror(code)))"
    case .contextUnavailable: "libwebsockets could not start"
    case .alreadyStarted: "the server was started twice"
    }
  }
}
