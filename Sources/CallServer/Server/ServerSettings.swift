public import CallCore
public import Formats
public import WebSockets

/// How a server is run. The defaults suit one person on one machine.
public struct ServerSettings: Sendable {
  /// IPv4 or IPv6 address in digits. Loopback: nothing is reachable from outside unless asked.
  public var address = "127.0.0.1"
  /// 0 takes any free port.
  public var port: UInt16 = 8080
  /// Threads that carry calls; one for each core.
  public var mediaLoops = 2
  /// Threads that run the speech engines; one for each core.
  public var speechThreads = 2
  /// Whether calls are taken. A node that makes speech for others takes none, and all its speech threads work for them.
  public var takesCalls = true
  /// Calls at once; further ones are answered 503.
  public var callsMax = 500
  /// How much load is taken on before further calls are answered 503 although there are lines.
  public var admission = AdmissionLimits()
  /// Origins of pages, such as `https://desk.example`, that may call and use REST beside the server's own. Without keys the server
  /// answers to their hosts, too.
  public var allowedOrigins: Set<String> = []
  /// Servers that the tools of flows may ask.
  public var toolHosts = ToolHosts()
  /// A key with all scopes, from the environment: at least 16 characters that nobody can guess. Never logged or answered. `nil`: none.
  public var apiKey: String?
  /// What is known of Twilio, whose webhooks and media streams are then believed by their signatures only.
  public var twilio = TwilioSettings()
  /// Calls that are placed through it; off unless set up.
  public var dialing = DialSettings()
  /// The files with which the server speaks TLS, and nothing else then; `nil`: it speaks none.
  public var certificate: ServerCertificate?
  /// Whether another server stands in front of this one, ends TLS and says in `X-Forwarded-For` where requests come from.
  public var isBehindProxy = false
  /// Whether the `trustedProxies`, of which there is one at least, write a header of the PROXY protocol, version 2, before each connection.
  public var hasProxyProtocol = false
  /// Servers that are believed in `X-Forwarded-For` where `isBehindProxy` holds; empty: whoever reaches this one.
  public var trustedProxies: [IPNetwork] = []
  /// The files of the page; `nil` serves no page.
  public var page: StaticFiles?
  /// Time for the first message of a call.
  public var startWithin = CallDuration.seconds(5)
  /// How long calls are still taken while `/readyz` says already that the server goes down, for balancers that do not try another one.
  public var lameDuckTime = CallDuration.zero
  /// How long calls may go on when the server is told to stop.
  public var drainTime = CallDuration.seconds(20)
  /// Voice of flows that name none.
  public var defaultVoice = "heart"
  /// What bounds each call.
  public var limits = TurnLimits()
  /// Whether keys that telephones send as sound are found in calls over `CallWire.keysInSound`.
  public var hearsKeyTones = true
  /// Whether the agent's own voice is taken out of calls where it comes back.
  public var cancelsEcho = true
  /// While at most so many calls go on, words are shown while the caller still speaks.
  public var partialsUpTo = 4
  /// How often they are shown.
  public var partialInterval = CallDuration.seconds(1)
  /// What bounds the runs of test cases.
  public var testRuns = TestRunLimits()
  /// Those that test cases can name.
  public var callers = CallerLibrary()
  /// What bounds speech for whoever is in no call.
  public var speech = SpeechLimits()
  /// What bounds questions to the language model for whoever is in no call.
  public var chat = ChatLimits()
  /// When a thread is said to stand, and when the process ends itself for it.
  public var stall = StallSettings()
  /// Whether load tests may be run on this server over REST. Off unless asked: whoever reaches the page could keep it busy.
  public var allowsLoad = false
  /// What bounds them.
  public var loads = LoadLimits()
  /// Flow of test cases that name none, as the predecessor's JSON does, and of telephone calls whose stream names none.
  public var defaultFlow = "appointment"
  /// Today, as `YYYY-MM-DD`, for flows that ask for dates.
  public var today: @Sendable () -> String = { "" }
  /// The local time for flows, as `15:30`.
  public var now: @Sendable () -> String = { "" }
  /// What is written down of calls' events.
  public var traces = CallTraceSettings()
  /// Which calls' spans are sent, where any are.
  public var traceSampler = TraceSampler()
  /// Which of several servers this is, in calls' records, `/metrics` and `/readyz`: letters, digits, `.`, `-` and `_`; empty: not told.
  public var nodeName = ""
  /// The version that `/healthz` names.
  public var version = "0.1.0"

  /// The defaults.
  public init() {}
}

/// What is known of the Twilio account whose calls come here.
public struct TwilioSettings: Sendable {
  /// Signs what Twilio sends; never logged or answered. `nil`: requests are not checked by signature.
  public var authToken: String?
  /// The address by which Twilio reaches this server, such as `https://voice.example`, without a path; `nil`: what `Host` says.
  public var publicURL: String?
  /// Whether `/twilio/stream` itself is refused, as its signature is the same for every call: only the one-time addresses are answered that
  /// `POST /twilio/voice` gives out.
  public var opensOneTimeStreamsOnly = false

  /// Nothing is known.
  public init() {}
}
