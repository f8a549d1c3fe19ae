import CallCore
import CallServer
import Engines
import Foundation
import Logging
import Stores
import WebSockets

/// A server in this process, put together from the settings.
struct LocalServer {
  let server: VoiceServer
  let engines: EngineCatalog
  let settings: ServerSettings

  init(settings: ServerSettings, environment: Settings, flowFolder: String?, log: Logger) throws {
    let flows = try FlowFolder.read(flowFolder ?? environment.flowFolder)
    let engines = EngineCatalog(folder: environment.engineFolder, loading: .inBackground)
    var settings = settings
    settings.version = VoiceForge.version
    settings.today = { String(ISO8601DateFormatter().string(from: Date()).prefix(10)) }
    do throws(WebSocketError) {
      server = try VoiceServer(
        settings: settings, engines: engines, flows: flows, store: MemoryCallStore(), log: log)
      try server.start()
    } catch {
      throw CommandFault(Self.explanation(of: error))
    }
    self.engines = engines
    self.settings = settings
  }

  /// The address of the page.
  var url: String {
    let host = settings.address.contains(":") ? "[\(settings.address)]" : settings.address
    return "http://\(host):\(server.port)"
  }

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
