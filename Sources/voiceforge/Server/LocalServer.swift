import CallCore
import CallDriver
import CallServer
import Engines
import Formats
import FoundationEssentials
import Glibc
import Logging
import RemoteServices
import Stores
import WebSockets

/// A server in this process, put together from the settings.
struct LocalServer {
  let server: VoiceServer
  let engines: any SpeechEngines
  let settings: ServerSettings
  private let stores: StoreSet
  /// The speech of another node, where there is one.
  private let remote: RemoteEngines?
  /// The language model, where one is set up: as calls ask it, and as clients do.
  private let models: [RemoteModel]
  /// Sends the spans of calls, where there is a collector.
  private let spans: SpanSender?

  /// - Parameters:
  ///   - role: which engines are loaded here.
  ///   - models: the operator's own models and voices.
  ///   - database: its address; `nil` keeps everything in memory.
  ///   - hasTests: whether it offers the test cases over REST.
  ///   - collector: of the spans of its calls; `nil`: they are not sent.
  ///   - sharedLoads: how generators on other machines are had for load tests; `nil`: they are not.
  ///   - asksForKeys: whether it has keys; without, whoever reaches it may use it.
  init(
    settings: ServerSettings, role: NodeRole = .all, environment: Settings, flowFolder: String?,
    models: ModelFolder? = nil,
    database: String? = nil, hasTests: Bool = false, asksForKeys: Bool = false,
    collector: SpanCollector? = nil, sharedLoads: SharedLoadAccess? = nil, log: Logger
  ) throws {
    let service = try environment.speechService(for: role)
    let chat = try environment.chatService().map { Self.model($0, log: log) }
    let flows = try FlowFolder.load(flowFolder ?? environment.flowFolder)
    let cases = hasTests ? try CaseFiles.atStart(flows.library, environment) : []
    let own = EngineCatalog(
      folder: environment.engineFolder, models: try (models ?? environment.modelFolder()).read(),
      parts: role.engineParts, loading: .inBackground
    ) { log.warning("model \($0)") }
    let model = try environment.modelService().map { Self.model($0, log: log) }
    let remote = service.map { Self.remote($0, role, own: own, log: log) }
    let engines: any SpeechEngines = remote ?? own
    var settings = settings
    settings.version = VoiceForge.version
    settings.chat = try environment.chatLimits()
    if hasTests { settings.callers = try CallerFiles.library(environment) }
    settings.today = { Today.text() }
    settings.now = { Today.timeText() }
    stores =
      try database.map { try StoreSet(database: $0, settings: try environment.database(), log: log) }
      ?? StoreSet(calls: try environment.memoryHistory())
    let tests = hasTests ? try stores.tests(with: cases, log: log) : nil
    if asksForKeys { try stores.check(settings) }
    let stores = stores
    let secrets = try environment.secretsKeys()
    let flowService = try Self.flowService(stores, with: flows, log: log)
    if let flow = environment.defaultFlow, flowService.library[flow] == nil {
      let known = flowService.library.names.joined(separator: ", ")
      throw CommandFault("VOICEFORGE_DEFAULT_FLOW: there is no flow \(flow); there are \(known)")
    }
    let spans = collector.map { Self.spanSender($0, log: log) }
    do throws(WebSocketError) {
      server = try VoiceServer(
        settings: settings, engines: engines, flows: flowService, store: stores.calls, tests: tests,
        keys: asksForKeys ? stores.keys : nil,
        matchedVoices: stores.matchedVoices, usage: stores.usage,
        telephony: stores.telephony(secrets), model: model ?? AbsentLanguageModel(), chatModel: chat,
        meaning: MiniLMComparer(folder: environment.engineFolder),
        generator: settings.allowsLoad ? LoadProgram(today: settings.today, shared: sharedLoads) : nil, spans: spans,
        stallEnding: .ofProcess { stores.close() }, log: log)
      spans?.start()
      try server.start()
    } catch {
      spans?.stop()
      throw CommandFault(Self.explanation(of: error))
    }
    self.engines = engines
    self.remote = remote
    self.models = [model, chat].compactMap(\.self)
    self.settings = settings
    self.spans = spans
  }

  private static func spanSender(_ collector: SpanCollector, log: Logger) -> SpanSender {
    if collector.showsKey {
      log.warning(
        "OTEL_EXPORTER_OTLP_HEADERS go to \(collector.shownURL) without TLS: anybody on the way can read them")
    }
    return SpanSender(collector) { trouble in
      if let trouble {
        log.warning("\(trouble)")
      } else {
        log.info("the collector at \(collector.shownURL) takes spans")
      }
    }
  }

  private static func remote(
    _ service: RemoteService, _ role: NodeRole, own: EngineCatalog, log: Logger
  ) -> RemoteEngines {
    if service.address.showsKey {
      log.warning("VOICEFORGE_SPEECH_KEY goes to \(service.base) without TLS: anybody on the way can read it")
    }
    return RemoteEngines(service, role == .calls ? .instead : .beside, own: own) { trouble in
      if let trouble { log.warning("\(trouble)") } else { log.info("the speech service at \(service.base) answers") }
    }
  }

  private static func model(_ service: ModelService, log: Logger) -> RemoteModel {
    if service.address.showsKey {
      log.warning("OPENAI_API_KEY goes to \(service.address.base) without TLS: anybody on the way can read it")
    }
    return RemoteModel(service)
  }

  private static func flowService(
    _ stores: StoreSet, with flows: FlowSources, log: Logger
  ) throws(CommandFault) -> FlowService {
    do throws(FlowServiceError) {
      return try FlowService(
        stores.flows, files: flows, at: Int64(Date().timeIntervalSince1970 * 1_000_000), nodeFlows: stores.nodeFlows,
        log: log)
    } catch {
      throw CommandFault("\(error)")
    }
  }

  /// Stops the server and then what keeps its calls; see `VoiceServer.stop`.
  func stop(isImpatient: () -> Bool = { false }) {
    remote?.giveUpWaiting()
    server.stop(isImpatient: isImpatient)
    remote?.stop()
    for model in models { model.stop() }
    // Behind the server, whose last calls end with it.
    spans?.stop()
    stores.close()
  }

  /// Waits until calls are taken and every model of the operator's was tried.
  /// - Throws: which engines cannot be used, and what to do.
  func waitForEngines() throws(CommandFault) {
    while !server.isReady || engines.isTryingModels {
      if let trouble = engines.trouble { throw CommandFault(trouble, .failed) }
      if StopSignal.isReceived(within: 20) { throw CommandFault("stopped", .failed) }
    }
  }

  /// Whether its keys are there after a restart.
  var keysAreLasting: Bool { stores.keys.isLasting }

  /// The address of the page.
  var url: String {
    let host = settings.address.contains(":") ? "[\(settings.address)]" : settings.address
    return "http\(settings.certificate == nil ? "" : "s")://\(host):\(server.port)"
  }

  var callURL: String { "ws" + url.dropFirst("http".count) + "/v1/call" }

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

extension SpeechEngines {
  /// Which of the engines that calls need cannot be used, and what to do; `nil` while nothing of the kind is known.
  var trouble: String? {
    let failed = readiness.filter { $0.isNeeded && $0.state == .failed }
    guard !failed.isEmpty else { return nil }
    let missing = failed.filter { $0.name != RemoteEngines.partName }
    guard !missing.isEmpty else {
      return "no call can be taken: \(failed[0].detail)\n"
        + "Calls are taken as soon as it answers; `voiceforge doctor` tries it out."
    }
    let parts = missing.map { "\($0.name): \($0.detail.prefix { $0 != ";" })" }.joined(separator: "\n  ")
    return "speech engines are missing, so no call can be taken\n  \(parts)\n"
      + "`make setup` installs them, `voiceforge doctor` shows what is missing"
  }

  /// Whether it is not yet known of some model of the operator's whether it can be used.
  var isTryingModels: Bool {
    readiness.contains { $0.state == .loading && $0.name.hasPrefix(EngineReadiness.modelPrefix) }
  }

  /// Whether that ends only with a new start: engines of this machine are loaded once.
  var isTroubleLasting: Bool {
    readiness.contains { $0.isNeeded && $0.state == .failed && $0.name != RemoteEngines.partName }
  }
}
