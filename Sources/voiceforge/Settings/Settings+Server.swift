import CallCore
import CallServer
import Logging
import Stores
import WebSockets

/// Which settings of the server the environment gives.
extension Settings {
  /// `VOICEFORGE_LOG_LEVEL`: from which level on the log tells something; `nil`: the command's own.
  func logLevel() throws(CommandFault) -> Logger.Level? {
    try choice("VOICEFORGE_LOG_LEVEL") { Logger.Level(rawValue: $0.lowercased()) }
  }

  /// `VOICEFORGE_LOG_WORDS`, or false: whether the log shows what callers say, type and press.
  func logsWords() throws(CommandFault) -> Bool { try flag("VOICEFORGE_LOG_WORDS") ?? false }

  /// What is told on standard error.
  /// - Parameter level: unless `VOICEFORGE_LOG_LEVEL` says another.
  func log(_ level: Logger.Level = .info) throws(CommandFault) -> Logger {
    var log = Logger(label: "voiceforge") { StreamLogHandler.standardError(label: $0) }
    log.logLevel = try logLevel() ?? level
    return log
  }

  /// `--node`, `VOICEFORGE_NODE`, or the name of the machine, of which other characters become `-`.
  /// - Parameter option: what `--node` says.
  /// - Throws: when a name that somebody gave is empty, too long or has other characters.
  func nodeName(option: String?) throws(CommandFault) -> String {
    guard let name = option ?? self["VOICEFORGE_NODE"] else {
      let bytes = Machine.hostName.utf8.prefix(Self.nodeNameMax)
      return String(
        decoding: bytes.map { Self.isOfNodeName(Character(Unicode.Scalar($0))) ? $0 : UInt8(ascii: "-") },
        as: UTF8.self)
    }
    guard (1...Self.nodeNameMax).contains(name.utf8.count), name.allSatisfy(Self.isOfNodeName) else {
      throw CommandFault(
        "\(option == nil ? "VOICEFORGE_NODE" : "--node"): expected 1 to \(Self.nodeNameMax) letters of ASCII, digits, '.', '-' and '_', "
          + "such as voice-1, got \"\(name.prefix(100))\"")
    }
    return name
  }

  /// Longest name of a node: that of a Kubernetes pod.
  private static let nodeNameMax = 253
  private static func isOfNodeName(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || ".-_".contains(character))
  }

  /// `VOICEFORGE_HOST`, or loopback.
  var host: String { self["VOICEFORGE_HOST"] ?? "127.0.0.1" }

  /// `VOICE_API_KEY`: a key with all scopes that the server knows from its start. The name is the predecessor's.
  /// - Throws: when it could be guessed. The fault does not show it.
  func apiKey() throws(CommandFault) -> String? {
    guard let key = self["VOICE_API_KEY"] else { return nil }
    guard (16...512).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw CommandFault(
        "VOICE_API_KEY: expected 16 to 512 printable characters without blanks, such as `openssl rand -hex 32` prints, got "
          + "\(key.utf8.count) bytes")
    }
    return key
  }

  /// `VOICEFORGE_DEFAULT_FLOW`: the flow of telephone calls and of test cases that name none.
  var defaultFlow: String? { self["VOICEFORGE_DEFAULT_FLOW"] }

  /// `TWILIO_AUTH_TOKEN`, `VOICEFORGE_PUBLIC_URL` and `TWILIO_ONE_TIME_STREAMS`: what Twilio signs with, by which address it reaches this server, and
  /// whether a stream may be opened by its fixed address.
  /// - Throws: when either cannot be one. The fault does not show the token.
  /// - Parameter publicURL: instead of the variable's.
  func twilio(publicURL: String? = nil) throws(CommandFault) -> TwilioSettings {
    var settings = TwilioSettings()
    if let token = self["TWILIO_AUTH_TOKEN"] {
      guard (8...512).contains(token.utf8.count) else {
        throw CommandFault("TWILIO_AUTH_TOKEN: expected the token of a Twilio account, got \(token.utf8.count) bytes")
      }
      settings.authToken = token
    }
    if let url = publicURL ?? self["VOICEFORGE_PUBLIC_URL"] {
      let host = ["https://", "http://"].first(where: url.hasPrefix).map { url.dropFirst($0.count) }
      guard let host, !host.isEmpty,
        host.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || ".-:[]".contains($0)) })
      else {
        throw CommandFault(
          "\(publicURL == nil ? "VOICEFORGE_PUBLIC_URL" : "--public-url"): expected https://host or http://host:port without a path, got \"\(url)\""
        )
      }
      settings.publicURL = url
    }
    settings.opensOneTimeStreamsOnly = try flag("TWILIO_ONE_TIME_STREAMS") ?? false
    return settings
  }

  /// `TWILIO_ACCOUNT_SID`, `TWILIO_AUTH_TOKEN`, `TWILIO_BASE_URL`, `TWILIO_FROM_NUMBER`, `VOICEFORGE_DIAL_ALLOW` and its limits: calls that are placed
  /// from here.
  /// - Throws: when one of them cannot be what it is for. The fault shows no token.
  func dialing() throws(CommandFault) -> DialSettings {
    var settings = DialSettings()
    if let text = self["VOICEFORGE_DIAL_ALLOW"] {
      do throws(DialRules.Fault) { settings.rules = try DialRules(text) } catch {
        throw CommandFault("VOICEFORGE_DIAL_ALLOW: \(error.text)")
      }
    }
    if let base = self["TWILIO_BASE_URL"] {
      guard HTTPClient.canAsk(base) else {
        throw CommandFault("TWILIO_BASE_URL: expected an address such as http://127.0.0.1:4010, got \"\(base)\"")
      }
      settings.baseURL = base
    }
    if let sid = self["TWILIO_ACCOUNT_SID"], let token = self["TWILIO_AUTH_TOKEN"] {
      guard (3...64).contains(sid.count), sid.hasPrefix("AC"),
        sid.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
      else { throw CommandFault("TWILIO_ACCOUNT_SID: expected AC and letters and digits, got \"\(sid.prefix(64))\"") }
      var account = TwilioAccount(sid: sid, token: token)
      account.baseURL = settings.baseURL
      settings.account = account
    }
    if let from = self["TWILIO_FROM_NUMBER"] {
      do throws(PhoneNumber.Fault) { settings.from = try PhoneNumber(from).text } catch {
        throw CommandFault("TWILIO_FROM_NUMBER: \(error.text)")
      }
    }
    if let count = try number("VOICEFORGE_DIAL_PER_MINUTE", 1...1000) { settings.limits.perMinute = count }
    if let count = try number("VOICEFORGE_DIAL_PER_DAY", 1...1_000_000) { settings.limits.perDay = count }
    if let count = try number("VOICEFORGE_DIAL_AT_ONCE", 1...100) { settings.limits.atOnce = count }
    if let seconds = try number("VOICEFORGE_DIAL_RING_SECONDS", 5...600) {
      settings.limits.ringTime = .seconds(seconds)
    }
    return settings
  }

  /// `VOICEFORGE_BEHIND_PROXY`, or false: whether another server ends TLS in front of this one.
  func isBehindProxy() throws(CommandFault) -> Bool { try flag("VOICEFORGE_BEHIND_PROXY") ?? false }

  /// `--trusted-proxy`, or `VOICEFORGE_TRUSTED_PROXIES`: which proxies are believed in `X-Forwarded-For`; none: every one.
  /// - Parameter options: what `--trusted-proxy` says.
  func trustedProxies(options: [String]) throws(CommandFault) -> [IPNetwork] {
    let name = options.isEmpty ? "VOICEFORGE_TRUSTED_PROXIES" : "--trusted-proxy"
    let texts = options.isEmpty ? (self[name] ?? "").split(separator: ",").map(String.init) : options
    guard texts.count <= Self.trustedProxiesMax else {
      throw CommandFault("\(name): expected at most \(Self.trustedProxiesMax), got \(texts.count)")
    }
    return try texts.map { text throws(CommandFault) in
      guard let network = IPNetwork(text.filter { $0 != " " }) else {
        throw CommandFault(
          "\(name): expected an address or a network, such as 10.0.0.7 or 10.0.0.0/8, got \"\(text.prefix(100))\"")
      }
      return network
    }
  }

  /// `VOICEFORGE_PROXY_PROTOCOL`, or false: whether trusted proxies tell addresses by the PROXY protocol.
  /// - Parameter isAsked: by `--proxy-protocol`.
  /// - Throws: where no proxy is named: anybody could write such a header.
  func hasProxyProtocol(isAsked: Bool, from proxies: [IPNetwork]) throws(CommandFault) -> Bool {
    let isSet = try flag("VOICEFORGE_PROXY_PROTOCOL") ?? false
    guard isAsked || isSet else { return false }
    guard !proxies.isEmpty else {
      throw CommandFault(
        "\(isAsked ? "--proxy-protocol" : "VOICEFORGE_PROXY_PROTOCOL"): name the proxies that write it, with --trusted-proxy or VOICEFORGE_TRUSTED_PROXIES; anybody else could write any address"
      )
    }
    return true
  }

  /// Proxies that are looked through with each request.
  private static let trustedProxiesMax = 64

  /// `VOICEFORGE_KEY_TONES`, or true: whether keys that telephones send as sound are found in it.
  func hearsKeyTones() throws(CommandFault) -> Bool { try flag("VOICEFORGE_KEY_TONES") ?? true }

  /// `VOICEFORGE_ECHO_CANCELLATION`, or true: whether the agent's own voice is taken out of calls where it comes back.
  func cancelsEcho() throws(CommandFault) -> Bool { try flag("VOICEFORGE_ECHO_CANCELLATION") ?? true }

  /// `VOICEFORGE_TOOL_HOSTS`: servers that flows may ask; every public one where it is not set.
  func toolHosts() throws(CommandFault) -> ToolHosts {
    guard let text = self["VOICEFORGE_TOOL_HOSTS"] else { return ToolHosts() }
    do throws(ToolHosts.Fault) { return try ToolHosts(text) } catch {
      throw CommandFault(
        "VOICEFORGE_TOOL_HOSTS: expected hosts such as orders.example, *.example, 127.0.0.1:9000, 10.0.0.0/8 or *, got \(error.entry)"
      )
    }
  }

  /// `VOICEFORGE_PORT`, or 8080.
  func port() throws(CommandFault) -> UInt16 {
    UInt16(try number("VOICEFORGE_PORT", 0...65_535) ?? 8080)
  }

  /// `VOICEFORGE_CALLS`, or 500.
  func calls() throws(CommandFault) -> Int { try number("VOICEFORGE_CALLS", Self.callsRange) ?? 500 }

  /// `VOICEFORGE_STALL_SECONDS`, or 30: how long a thread may stand before the process ends itself; 0: it never does.
  func stall() throws(CommandFault) -> StallSettings {
    var settings = StallSettings()
    if let seconds = try number("VOICEFORGE_STALL_SECONDS", 0...86_400) {
      guard seconds == 0 || seconds >= 5 else {
        throw CommandFault("VOICEFORGE_STALL_SECONDS: expected 0 for never, or 5 to 86400, got \(seconds)")
      }
      settings.endAfter = seconds == 0 ? nil : .seconds(seconds)
    }
    return settings
  }

  /// `MAX_TRANSCRIPT_SIZE`, or 1000: entries of the transcript of a test run. The name is the predecessor's.
  func transcriptEntries() throws(CommandFault) -> Int { try number("MAX_TRANSCRIPT_SIZE", 1...1_000_000) ?? 1000 }

  /// `VOICEFORGE_ALLOW_LOAD`, or false: whether load tests may be run on the server over REST.
  func allowsLoad() throws(CommandFault) -> Bool { try flag("VOICEFORGE_ALLOW_LOAD") ?? false }

  /// Name of the setting of `sharedLoads`.
  static let loadTargetName = "VOICEFORGE_LOAD_TARGET"

  /// `VOICEFORGE_LOAD_TARGET` and `VOICEFORGE_LOAD_NODES`: the address that generators on other machines call when a load test is begun
  /// over REST, and those of the servers behind it; `nil` where the first is not set.
  /// - Parameter database: in which they meet; `nil`: the server has none.
  func sharedLoads(_ database: String?) throws(CommandFault) -> SharedLoadAccess? {
    let nodesName = "VOICEFORGE_LOAD_NODES"
    guard let text = self[Self.loadTargetName] else {
      guard self[nodesName] == nil else {
        throw CommandFault("\(nodesName) names servers behind \(Self.loadTargetName): set that, too")
      }
      return nil
    }
    guard let database else {
      throw CommandFault(
        "\(Self.loadTargetName): generators on other machines meet in a database: give the server one with USE_DATABASE and DATABASE_URL"
      )
    }
    guard try allowsLoad() else {
      throw CommandFault("\(Self.loadTargetName) is for load tests over REST: set VOICEFORGE_ALLOW_LOAD=true, too")
    }
    let target = try CallTarget(text, option: Self.loadTargetName)
    var nodes: [String] = []
    for node in (self[nodesName] ?? "").split(separator: ",") {
      let address = node.trimmingPrefix { $0 == " " }
      nodes.append(try CallTarget(String(address), option: nodesName, example: "http://10.0.0.1:8080").server)
    }
    return SharedLoadAccess(target: target.url, nodes: nodes, database: database, key: self[Self.keyName])
  }

  /// `DATABASE_URL`, where `USE_DATABASE` asks for a database. The names are the predecessors'.
  func databaseURL() throws(CommandFault) -> String? {
    guard try flag("USE_DATABASE") ?? false else { return nil }
    guard let url = self["DATABASE_URL"] else {
      throw CommandFault(
        "USE_DATABASE asks for a database, and DATABASE_URL does not say which: expected "
          + "postgres://user:password@host:port/database")
    }
    return url
  }

  /// What is kept in a database, and for how long: `VOICEFORGE_HISTORY_DAYS`, `VOICEFORGE_HISTORY_CALLS` and
  /// `VOICEFORGE_HISTORY_MEGABYTES`; 0 days: as long as there is room.
  func database() throws(CommandFault) -> PostgresSettings {
    var settings = PostgresSettings()
    if let days = try number("VOICEFORGE_HISTORY_DAYS", 0...36_500) {
      settings.calls.ageMax = days == 0 ? nil : .seconds(days * 86_400)
      settings.runs.ageMax = settings.calls.ageMax
      settings.phonecalls.ageMax = settings.calls.ageMax
    }
    if let calls = try number("VOICEFORGE_HISTORY_CALLS", 1...1_000_000_000) { settings.calls.entriesMax = calls }
    if let megabytes = try number("VOICEFORGE_HISTORY_MEGABYTES", 1...1_000_000_000) {
      settings.calls.bytesMax = megabytes * 1_000_000
    }
    return settings
  }

  /// The history in memory, where there is no database: 1000 calls or 256 MB, unless `VOICEFORGE_HISTORY_CALLS` and
  /// `VOICEFORGE_HISTORY_MEGABYTES` say otherwise.
  func memoryHistory() throws(CommandFault) -> MemoryCallStore {
    let calls = try number("VOICEFORGE_HISTORY_CALLS", 1...1_000_000_000) ?? 1000
    let megabytes = try number("VOICEFORGE_HISTORY_MEGABYTES", 1...1_000_000_000) ?? 256
    return MemoryCallStore(entriesMax: calls, bytesMax: megabytes * 1_000_000)
  }

  /// The limits of the load; each has its variable.
  func admission() throws(CommandFault) -> AdmissionLimits {
    var limits = AdmissionLimits()
    if let percent = try number("VOICEFORGE_LOOP_SHARE_MAX", 1...100) { limits.loopShareMax = Double(percent) / 100 }
    if let percent = try number("VOICEFORGE_ENGINE_SHARE_MAX", 1...100) {
      limits.engineShareMax = Double(percent) / 100
    }
    if let wait = try number("VOICEFORGE_ENGINE_WAIT_MAX", 1...60_000) { limits.engineWaitMax = .milliseconds(wait) }
    if let queue = try number("VOICEFORGE_ENGINE_QUEUE_MAX", 1...1000) { limits.engineQueueMax = queue }
    if let late = try number("VOICEFORGE_TICK_LATENESS_MAX", 1...1000) { limits.tickLatenessMax = .milliseconds(late) }
    if let starts = try number("VOICEFORGE_CALL_STARTS_MAX", 1...100_000) { limits.callStartsPerSecondMax = starts }
    return limits
  }

  /// Calls at once that may be asked for.
  static let callsRange = 1...100_000

  /// One of the values that a variable may have; `nil` where it is not set.
  func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, _ read: (String) -> Choice?
  ) throws(CommandFault) -> Choice? {
    guard let text = self[name] else { return nil }
    guard let choice = read(text) else {
      throw fault(in: name, expected: "one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))", got: text)
    }
    return choice
  }

  private func fault(in name: String, expected: String, got text: String) -> CommandFault {
    CommandFault("\(name) in the environment or in .env: expected \(expected), got \"\(text)\"")
  }

  func flag(_ name: String) throws(CommandFault) -> Bool? {
    guard let text = self[name] else { return nil }
    switch text.lowercased() {
    case "true", "1", "yes", "on": return true
    case "false", "0", "no", "off": return false
    default: throw fault(in: name, expected: "true or false", got: text)
    }
  }

  func number(_ name: String, _ range: ClosedRange<Int>) throws(CommandFault) -> Int? {
    guard let text = self[name] else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw fault(in: name, expected: "\(range.lowerBound) to \(range.upperBound)", got: text)
    }
    return number
  }
}
