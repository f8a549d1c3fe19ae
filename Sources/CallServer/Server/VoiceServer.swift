import CallCore
public import CallDriver
import Glibc
public import Logging
import Threads
public import WebSockets

/// The whole server: page, REST and calls on one port.
///
/// ```swift
/// let server = try VoiceServer(
///   settings: settings, engines: engines, flows: flows, store: store, usage: usage, log: log)
/// try server.start()
/// print("http://127.0.0.1:\(server.port)")
/// server.stop()
/// ```
public final class VoiceServer: Sendable {
  let server: ServerContext
  private let control: ServiceLoop
  private let media: [ServiceLoop]
  private let acceptor: Acceptor
  private let client: HTTPClient
  let tests: TestRunQueue?
  let phoneRuns: PhoneRunQueue?
  private let loads: LoadTestService?
  private let stallWatch: StallWatch

  /// Listens at once, answers from `start` on.
  ///
  /// - Parameters:
  ///   - engines: may still be loading; calls are refused until they are there.
  ///   - flows: all of them.
  ///   - store: keeps finished calls.
  ///   - tests: keeps test cases and their runs; `nil`: there are none.
  ///   - keys: keeps the keys; `nil`: there are none, and whoever reaches the server may use it.
  ///   - matchedVoices: keeps voices that were matched to recordings; `nil`: none are matched.
  ///   - usage: keeps what was used by key and day.
  ///   - telephony: keeps accounts at telephone providers; `nil`: nothing of the kind is kept.
  ///   - chatModel: the language model for whoever is in no call; `nil`: there is none.
  ///   - stallEnding: how the process ends when a thread stands for good; see `ServerSettings.stall`.
  ///   - spans: sends the spans of calls; `nil`: they are not sent. To be stopped after the server, which gives it the last ones.
  ///   - generator: places loads on this server; used where `ServerSettings.allowsLoad` says so.
  /// - Throws: when the address cannot be listened on, or the folder of the page is not there.
  public init(
    settings: ServerSettings, engines: any SpeechEngines, flows: FlowService, store: any CallStore,
    tests stores: TestStores? = nil, keys: (any KeyStore)? = nil, matchedVoices: (any MatchedVoiceStore)? = nil,
    usage: any UsageStore, telephony: TelephonyStores? = nil, model: any LanguageModel = AbsentLanguageModel(),
    chatModel: (any ChatRelay)? = nil, meaning: any MeaningComparer = AbsentMeaning(),
    generator: (any LoadGenerator)? = nil, spans: (any SpanExporter)? = nil,
    stallEnding: StallEnding = .ofProcess {}, log: Logger
  ) throws(WebSocketError) {
    ProcessMemory.limitOnce()
    let keyService = keys.map { APIKeyService(store: $0, environmentKey: settings.apiKey, log: log) }
    let client = HTTPClient()
    let server = ServerContext(
      settings: settings, engines: engines, flows: flows, store: store, keys: keyService, client: client,
      matchedVoices: matchedVoices, usage: usage, telephony: telephony, model: model, chatModel: chatModel,
      meaning: meaning, spans: spans, log: log)
    let speechAPI = SpeechAPIContext(server: server)
    let tools = FlowTools(client: client, hosts: settings.toolHosts)
    let forwarder = settings.certificate.map { _ in ControlLoopForwarder() }
    let media = (0..<settings.mediaLoops).map {
      Self.mediaLoop($0, server: server, tools: tools, forwarder: forwarder)
    }
    var configuration = ServiceLoopConfiguration()
    configuration.name = "control"
    configuration.tickPeriod = LoadWatch.period
    configuration.tickSlotCount = 1
    configuration.ticksWhenIdle = true
    configuration.requestBodyBytesMax = max(configuration.requestBodyBytesMax, RouteTable.bodyBytesMax)
    let queue = stores.map { TestRunQueue(stores: $0, server: server) }
    let phoneRuns = queue.flatMap { queue in
      server.dials.missingSettings == nil
        ? PhoneRunQueue(
          queue, dials: server.dials, streams: server.callerStreams, limits: settings.testRuns, log: log) : nil
    }
    let loads =
      settings.allowsLoad ? generator.map { LoadTestService(generator: $0, limits: settings.loads, log: log) } : nil
    let rest = RestHandler(
      context: RestContext(
        server: server, media: media, speechAPI: speechAPI, testRuns: queue, phoneRuns: phoneRuns, loads: loads))
    configuration.httpHandler = rest
    configuration.upgradeRoute = { Self.route($0, media: media, server: server) }
    configuration.bodyBudget = server.bodyBudget
    configuration.responseBudget = server.responseBudget
    control = ServiceLoop(configuration: configuration) {
      ControlLoop(watch: LoadWatch(server: server, media: media), scheduler: speechAPI.scheduler, server: server)
    }
    forwarder?.lead(to: rest, on: control)
    var listening = AcceptorConfiguration()
    listening.isSecure = settings.certificate != nil
    listening.address = settings.address
    listening.port = settings.port
    listening.peerLimits = Self.peerLimits(settings)
    listening.proxies = settings.hasProxyProtocol ? settings.trustedProxies : []
    listening.callPaths = Set(RouteTable.wires.keys)
    acceptor = try Acceptor(configuration: listening, control: control, media: media) {
      server.admissionOfUnknown
    }
    self.server = server
    self.media = media
    self.client = client
    self.loads = loads
    tests = queue
    self.phoneRuns = phoneRuns
    stallWatch = StallWatch(settings: settings.stall, ending: stallEnding, log: log) {
      MetricsText(server: server, media: media).text
    } salvage: {
      Self.endCallsBeforeExit(server, media)
    }
    server.setStandingThreads { [weak stallWatch] in stallWatch?.standing ?? [:] }
    loads?.serve(at: Self.callURL(settings.address, acceptor.port), key: keyService?.ownSecret.text)
  }

  /// The port listened on, also when any was asked for.
  public var port: UInt16 { acceptor.port }
  /// Calls that are up.
  public var callCount: Int { server.capacity.takenCount }
  /// Whether requests need a key now.
  public var asksForKeys: Bool { server.authorizer.keyService?.isLocked ?? false }
  /// A key for calls that this process places on its own server; it ends with the process. `nil` where there are no keys.
  public var ownKey: String? { server.authorizer.keyService?.ownSecret.text }
  /// Why a trace could not be written; `nil` as long as all could.
  public var traceFault: String? { server.traces?.fault }
  /// Whether calls are taken: the engines are there and the server is not stopping.
  public var isReady: Bool { server.speechService != nil && !server.capacity.isClosed }

  /// Starts the threads; the engines go on loading.
  public func start() throws(WebSocketError) {
    server.traces?.start()
    try control.start()
    for loop in media { try loop.start() }
    try acceptor.start()
    server.openWhenReady()
    stallWatch.start(watchedThreads)
  }

  /// Every thread on which others wait. What a pool for duties waits for while the engines load is not watched.
  private var watchedThreads: [WatchedThread] {
    let (server, settings) = (server, server.settings.stall)
    let workers = settings.limits(factor: StallSettings.workerFactor)
    let pools =
      [(server.speechWorkers, "speech")] + [server.requestPool, server.records].map { ($0.workers, $0.name) }
    return ([control] + media).map { WatchedThread.loop($0, settings.limits()) }
      + [WatchedThread.acceptor(acceptor, settings.limits())]
      + pools.flatMap { WatchedThread.workers(of: $0, $1, workers) }
      + WatchedThread.workers(of: server.duties.workers, "duties", workers) { server.speechService != nil }
      + (tests.map {
        WatchedThread.workers(of: $0.workers, "test runs", settings.limits(factor: StallSettings.testRunFactor))
      } ?? [])
  }

  /// Takes calls for `lameDuckTime` more while `/readyz` says that it goes down, then none, lets those that are up or dialed go on for `drainTime`,
  /// ends the rest with a reason and joins all threads.
  ///
  /// - Parameter isImpatient: asked every 50 ms; when it says yes, calls are ended at once.
  public func stop(isImpatient: () -> Bool = { false }) {
    server.beginDrain(isFinal: true)
    server.campaigns?.close()
    loads?.close()
    var hurries = false
    while server.drainPhase == .lameDuck, !hurries {
      usleep(50_000)
      hurries = isImpatient()
    }
    server.refuseCalls()
    let deadline = MonotonicClock.now() + UInt64(server.settings.drainTime.microseconds)
    while callCount > 0 || server.dials.figures.underWay > 0, MonotonicClock.now() < deadline, !hurries {
      usleep(50_000)
      hurries = isImpatient()
    }
    server.capacity.closeForStreams()
    // Before their streams are closed: a run is to say that the server went down, not that the provider went away.
    server.dials.close(within: Self.hangUpTime)
    for loop in media { _ = loop.post { ($0.handler as? MediaLoop)?.stopCalls() } }
    for loop in media { loop.stop() }
    server.traces?.stop()
    acceptor.stopAccepting()
    phoneRuns?.stop()
    tests?.stop()
    control.stop()
    client.stop()
    server.speechWorkers.stop()
    server.requestPool.finish()
    server.soundPool.finish()
    server.encodingPool.finish()
    server.duties.finish()
    server.records.finish()
    // Not before: a thread that stands would be joined for ever.
    stallWatch.stop()
    server.writeLastUsage()
  }

  /// Longest wait until a provider was told to end the calls that were dialed.
  private static let hangUpTime = Duration.seconds(10)
  /// Longest wait for calls on loops that go on, and for their records.
  private static let salvageTime = Duration.seconds(2)

  /// The process ends because a thread stands: calls of the other loops are ended with a reason, and their records kept.
  private static func endCallsBeforeExit(_ server: ServerContext, _ media: [ServiceLoop]) {
    server.refuseCalls()
    server.capacity.closeForStreams()
    let others = media.filter { !$0.load.isStanding }
    for loop in others { _ = loop.post { ($0.handler as? MediaLoop)?.stopCalls() } }
    let deadline = MonotonicClock.now() + UInt64(salvageTime.components.seconds) * 1_000_000
    func isSettled() -> Bool { others.allSatisfy { $0.connectionCount == 0 } && server.records.isIdle }
    while !isSettled(), MonotonicClock.now() < deadline { usleep(20_000) }
    server.writeLastUsage()
  }

  /// A call that begins on a connection which carried other requests before: proxies use theirs again.
  private static func route(_ request: HTTPRequest, media: [ServiceLoop], server: ServerContext) -> UpgradeRoute {
    guard RouteTable.wire(at: request.path) != nil || RouteTable.isCallerStream(request.path),
      let loop = media.min(by: { $0.load.socketCount < $1.load.socketCount })
    else {
      return .here
    }
    // With a token in its path it may be the stream of a telephone call that was taken on already; the media loop knows.
    guard RouteTable.wires[request.path] != nil, case .refuse(let seconds, let reason) = server.admissionOfUnknown
    else { return .loop(loop) }
    return .refuse(.later(seconds, reason))
  }

  /// What one address may have of the server's connections. A handshake of TLS costs a loop a hundred times a request.
  private static func peerLimits(_ settings: ServerSettings) -> PeerLimits? {
    guard !settings.isBehindProxy || settings.hasProxyProtocol else { return nil }
    var limits = PeerLimits()
    if settings.certificate != nil { (limits.startsPerSecondMax, limits.startsAtOnceMax) = (100, 400) }
    return limits
  }

  /// Where this machine places calls: a server that listens on every address is called on loopback.
  private static func callURL(_ address: String, _ port: UInt16) -> String {
    let host = ["0.0.0.0": "127.0.0.1", "::": "[::1]"][address] ?? (address.contains(":") ? "[\(address)]" : address)
    return "ws://\(host):\(port)/v1/call"
  }

  /// The calls of a loop are spread over the 20 ms of a frame. With ticks of 1 ms instead, the waking alone took a tenth of the loop's time.
  private static let tickPeriod = Duration.milliseconds(2)
  private static let tickSlotCount = 10
  /// With fewer calls, most ticks find nothing to read, and what arrives is read at once.
  private static let restsFromCalls = 8

  private static func mediaLoop(_ index: Int, server: ServerContext, tools: FlowTools, forwarder: ControlLoopForwarder?)
    -> ServiceLoop
  {
    var configuration = ServiceLoopConfiguration()
    configuration.name = "media \(index)"
    configuration.messageBytesMax = 65_536
    configuration.subprotocols.append("realtime")
    configuration.certificate = server.settings.certificate
    configuration.httpHandler = forwarder ?? CallPathHandler(server: server)
    configuration.bodyBudget = server.bodyBudget
    configuration.responseBudget = server.responseBudget
    configuration.restsFromCount = restsFromCalls
    configuration.tickPeriod = tickPeriod
    configuration.tickSlotCount = tickSlotCount
    let answers = LoopMailbox()
    let loop = ServiceLoop(configuration: configuration) {
      MediaLoop(server: server, answers: answers, tools: tools, slotCount: tickSlotCount)
    }
    answers.connect(to: loop)
    return loop
  }
}
