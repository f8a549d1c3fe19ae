import ArgumentParser
import CallClient
import CallCore
import CallDriver
import CallServer
import FoundationEssentials
import Glibc
import Logging
import RemoteServices
import Stores
import WebSockets

struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve the page, REST and calls.",
    discussion: """
      EXAMPLES
        voiceforge serve                      on http://127.0.0.1:8080
        voiceforge serve --port 0             on any free port, which is printed
        voiceforge serve --demo               and place one demonstration call
        voiceforge serve --flows my/flows     with your own flows
        VOICE_API_KEY=$(openssl rand -hex 32) voiceforge serve --host 0.0.0.0 --tls-certificate cert.pem --tls-key key.pem
                                              for other machines too
        VOICE_API_KEY=$(openssl rand -hex 32) voiceforge serve --host 0.0.0.0 --behind-proxy
                                              the same through a proxy that speaks TLS
        USE_DATABASE=true DATABASE_URL=postgres://me:secret@127.0.0.1/calls voiceforge serve
                                              keep everything in PostgreSQL
        voiceforge serve --trace-dir traces   write what happens in each call into traces/CALL.jsonl, for `voiceforge replay`
        VOICEFORGE_LOG_LEVEL=debug voiceforge serve
                                              tell each event of each call on standard error, words masked
        OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 voiceforge serve
                                              send a trace of each call to an OpenTelemetry collector
        voiceforge serve --role speech --port 8081
        VOICEFORGE_SPEECH_URL=http://127.0.0.1:8081 voiceforge serve --role calls
                                              two nodes: one makes the speech, one carries the calls

      Ctrl-C or SIGTERM takes calls for --lame-duck more, then none, lets those that are up go on for --drain seconds, ends the rest
      and exits 0. A second Ctrl-C ends them at once.
      """)

  @Option(help: "Address to listen on, in digits (default: VOICEFORGE_HOST, or 127.0.0.1).")
  var host: String?
  @Option(help: "Port to listen on; 0 takes any free one (default: VOICEFORGE_PORT, or 8080).")
  var port: UInt16?
  @Option(help: "Folder of flow files (default: VOICEFORGE_FLOWS, or Samples/flows).")
  var flows: String?
  @Option(help: "Folder of models, NAME/model.yaml each (default: VOICEFORGE_MODELS, or models where there is one).")
  var models: String?
  @Option(help: "Folder of hibari voices, NAME.onnx each (default: VOICEFORGE_VOICES, or voices where there is one).")
  var voices: String?
  @Option(help: "Calls at once; further ones are answered 503 (default: VOICEFORGE_CALLS, or 500).")
  var calls: Int?
  @Option(help: "Threads that carry calls.")
  var loops = Processors.count
  @Option(
    help: """
      Threads that run the speech engines (default: one for each processor; with --role calls \(RemoteService.requestsMax), which \
      wait for the other node).
      """)
  var workers: Int?
  @Option(
    help: """
      all: calls, with the engines of this machine. speech: makes and recognises speech for others, takes no calls. calls: with the \
      speech of VOICEFORGE_SPEECH_URL (default: VOICEFORGE_ROLE, or all).
      """)
  var role: NodeRole?
  @Option(help: "Seconds that calls may go on after Ctrl-C.")
  var drain = 20
  @Option(
    help: ArgumentHelp(
      "How long calls are still taken after Ctrl-C, such as 10s, while /readyz says already that the server goes down: for balancers that try no other server.",
      valueName: "seconds"))
  var lameDuck = SecondsOption(seconds: 0)
  @Option(
    help: """
      Name of this server in calls' records, the log, /metrics and /readyz, where several share a database (default: VOICEFORGE_NODE, or \
      the name of the machine).
      """)
  var node: String?
  @Option(
    help: """
      Address of a PostgreSQL database for everything that is kept, such as postgres://user:password@host/database \
      (default: DATABASE_URL, where USE_DATABASE=true; without, everything is kept in memory). Everybody on this machine can see \
      a password that stands here.
      """)
  var database: String?
  @Flag(help: "Keep everything in memory, whatever USE_DATABASE says.")
  var inMemory = false
  @Option(
    name: .customLong("allow-origin"),
    help: ArgumentHelp(
      "Origin of another site's page, such as https://desk.example, that may call and use REST; repeatable. Without keys the server "
        + "answers to the page's host too.", valueName: "origin"))
  var allowOrigin: [String] = []
  @Option(
    help: ArgumentHelp(
      "PEM file of the certificate, with its chain (default: VOICEFORGE_TLS_CERTIFICATE).", valueName: "file"))
  var tlsCertificate: String?
  @Option(
    help: ArgumentHelp("PEM file of its key, without a password (default: VOICEFORGE_TLS_KEY).", valueName: "file"))
  var tlsKey: String?
  @Flag(
    help: "Another server ends TLS in front of this one and sends X-Forwarded-For (default: VOICEFORGE_BEHIND_PROXY).")
  var behindProxy = false
  @Option(
    help: ArgumentHelp(
      "Address or network of such a server, such as 10.0.0.0/8, that alone is believed in X-Forwarded-For; repeatable, and says --behind-proxy (default: VOICEFORGE_TRUSTED_PROXIES, with commas; without, every server is believed).",
      valueName: "network"))
  var trustedProxy: [String] = []
  @Flag(
    help:
      "Each trusted proxy writes a header of the PROXY protocol, version 2, before each connection (default: VOICEFORGE_PROXY_PROTOCOL)."
  )
  var proxyProtocol = false
  @Option(
    help: ArgumentHelp(
      "Write the events and actions of each call into a file of this folder, which is made. Traces hold what was said.",
      valueName: "folder"))
  var traceDir: String?
  @Flag(help: "Stop when standard input ends, as when the program that started this one is gone.")
  var stopWithInput = false
  @Flag(inversion: .prefixedNo, help: "Place one demonstration call when everything is loaded.")
  var demo = false

  func validate() throws {
    guard !inMemory || database == nil else { throw ValidationError("--in-memory and --database exclude each other") }
    if let calls, !Settings.callsRange.contains(calls) {
      throw ValidationError("--calls: expected 1 to 100000, got \(calls)")
    }
    guard (1...64).contains(loops) else { throw ValidationError("--loops: expected 1 to 64, got \(loops)") }
    if let workers, !(1...64).contains(workers) {
      throw ValidationError("--workers: expected 1 to 64, got \(workers)")
    }
    for origin in allowOrigin where WebOrigin(origin) == nil {
      throw ValidationError(
        "--allow-origin: expected an origin without a path, such as https://desk.example, got \(origin)")
    }
    guard (0...3600).contains(lameDuck.seconds) else {
      throw ValidationError("--lame-duck: expected 0 to 3600 seconds, got \(lameDuck.seconds)")
    }
    guard (0...3600).contains(drain) else { throw ValidationError("--drain: expected 0 to 3600, got \(drain)") }
  }

  func run() throws {
    StopSignal.block()
    Self.leaveNoMemoryImage()
    if stopWithInput { StopSignal.raiseWhenInputEnds() }
    let environment = try Settings()
    let role = try role ?? environment.role()
    let settings = try settings(environment, role)
    var log = try environment.log()
    log[metadataKey: "node"] = "\(settings.nodeName)"
    let database = inMemory ? nil : try database ?? environment.databaseURL()
    let local = try LocalServer(
      settings: settings, role: role, environment: environment, flowFolder: flows,
      models: environment.modelFolder(models: models, voices: voices),
      database: database, hasTests: true,
      asksForKeys: true, collector: try environment.spanCollector(node: settings.nodeName),
      // Kept in memory for once, with the settings of a server that has a database: then there are none.
      sharedLoads: inMemory ? nil : try environment.sharedLoads(database), log: log)
    Terminal.line("VoiceForge serves on \(local.url) (Ctrl-C stops it)")
    Terminal.errorLine(KeyNotice(asksForKeys: local.server.asksForKeys, isLasting: local.keysAreLasting).text)
    if waitForEngines(of: local) { try serveUntilStopped(local) }
    Terminal.line("Stopped.")
  }

  /// A memory image would hold what callers said, and keys.
  private static func leaveNoMemoryImage() {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
  }

  /// Says once when no call can be taken; the page and REST are served all the same.
  /// - Returns: false when the user stopped the server meanwhile.
  private func waitForEngines(of local: LocalServer) -> Bool {
    while !local.server.isReady {
      if let trouble = local.engines.trouble {
        Terminal.errorLine(
          "voiceforge: \(trouble)\nThe page and REST are served\(local.engines.isTroubleLasting ? "; start again when the engines are there" : "")."
        )
        return true
      }
      if StopSignal.isReceived(within: 20) {
        local.stop()
        return false
      }
    }
    return true
  }

  private func serveUntilStopped(_ local: LocalServer) throws {
    defer { stop(local) }
    if demo, local.server.isReady { try DemonstrationCall(local: local).place() }
    _ = StopSignal.wait()
  }

  private func stop(_ local: LocalServer) {
    let calls = local.server.callCount
    if lameDuck.seconds > 0 {
      Terminal.line(
        "Stopping: calls are taken for \(lameDuck.seconds) s more, and may go on for \(drain) s then; Ctrl-C again ends them now"
      )
    } else if calls > 0 {
      Terminal.line("Stopping: \(calls) calls may go on for \(drain) s; Ctrl-C again ends them now")
    }
    local.stop(isImpatient: { StopSignal.isReceived(within: 0) })
  }

  /// Programs that ask a node which only makes speech: as many as four nodes send that carry calls, and half as many again, so that
  /// each of the four is below its share. The engines' time is theirs.
  private static let speechRequestsMax = 6 * RemoteService.requestsMax

  private func settings(_ environment: Settings, _ role: NodeRole) throws -> ServerSettings {
    var settings = ServerSettings()
    settings.takesCalls = role != .speech
    if role == .speech {
      (settings.speech.requestsMax, settings.speech.streamsMax) = (Self.speechRequestsMax, 2 * Self.speechRequestsMax)
    }
    guard settings.takesCalls || !demo else {
      throw CommandFault("--demo places a call, and a node with --role speech takes none: leave one of them out")
    }
    settings.address = host ?? environment.host
    settings.port = try port ?? environment.port()
    settings.callsMax = try calls ?? environment.calls()
    settings.admission = try environment.admission()
    settings.mediaLoops = loops
    settings.speechThreads = workers ?? (role == .calls ? RemoteService.requestsMax : Processors.count)
    settings.drainTime = .seconds(drain)
    settings.lameDuckTime = .seconds(lameDuck.seconds)
    settings.nodeName = try environment.nodeName(option: node)
    settings.twilio = try environment.twilio()
    settings.dialing = try environment.dialing()
    settings.allowedOrigins = Set(allowOrigin)
    if let flow = environment.defaultFlow { settings.defaultFlow = flow }
    settings.toolHosts = try environment.toolHosts()
    settings.hearsKeyTones = try environment.hearsKeyTones()
    settings.cancelsEcho = try environment.cancelsEcho()
    settings.apiKey = try environment.apiKey()
    settings.certificate = try CertificateFiles(
      certificate: tlsCertificate ?? environment["VOICEFORGE_TLS_CERTIFICATE"],
      key: tlsKey ?? environment["VOICEFORGE_TLS_KEY"]
    ).checked()
    settings.trustedProxies = try environment.trustedProxies(options: trustedProxy)
    settings.hasProxyProtocol = try environment.hasProxyProtocol(
      isAsked: proxyProtocol, from: settings.trustedProxies)
    settings.isBehindProxy = try behindProxy || environment.isBehindProxy() || !settings.trustedProxies.isEmpty
    settings.page = try environment.page()
    settings.allowsLoad = try environment.allowsLoad()
    if settings.certificate != nil, demo || settings.allowsLoad {
      throw CommandFault(
        "\(demo ? "--demo" : "VOICEFORGE_ALLOW_LOAD") calls this server by its address, which certificates do not name: leave it out "
          + "with --tls-certificate, and use `voiceforge \(demo ? "call" : "load") --target wss://...`")
    }
    settings.stall = try environment.stall()
    settings.traceSampler = try environment.traceSampler()
    settings.traces.logsWords = try environment.logsWords()
    settings.traces.file = try traceDir.map { folder in try TraceFolder.files(in: folder) }
    settings.testRuns.transcriptEntriesMax = try environment.transcriptEntries()
    return settings
  }
}

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

/// What a server that starts says about keys.
struct KeyNotice {
  let asksForKeys: Bool
  /// Whether keys are there after a restart.
  let isLasting: Bool

  /// One line, or two.
  var text: String {
    let now =
      asksForKeys
      ? "Requests need a key."
      : "No key is asked for: whoever reaches this address from this machine may use everything."
    let later =
      isLasting
      ? ""
      : " Keys made with `voiceforge keys create` are kept in memory and end with this server; VOICE_API_KEY comes back."
    return "voiceforge: " + now + later
  }
}
