import ArgumentParser
import CallCore
import CallDriver
import Formats
import JSON
import WebSockets

struct KeysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys",
    abstract: "Make, list and revoke the keys of a running server.",
    discussion: """
      EXAMPLES
        voiceforge keys create --name admin --scope call --scope read --scope manage
        VOICEFORGE_KEY=vf_... voiceforge keys create --name ci --scope call --expires 30d
        VOICEFORGE_KEY=vf_... voiceforge keys list --target https://voice.example
        VOICEFORGE_KEY=vf_... voiceforge keys revoke 0123456789ab

      From the first key on, every request needs one, so the first one needs the scope manage. A key is shown once, when it is made.
      Search for keys in files with: grep -rE 'vf_[0-9a-f]{12}_[0-9a-f]{64}'
      """,
    subcommands: [KeysCreateCommand.self, KeysListCommand.self, KeysRevokeCommand.self])
}

struct KeysCreateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create",
    abstract: "Make a key. It is shown this once.",
    discussion: """
      EXAMPLES
        voiceforge keys create --name admin --scope call --scope read --scope manage --scope speech
        voiceforge keys create --name ci --scope call --scope read --expires 30d --rate 120
        voiceforge keys create --name dashboard --scope read --json

      SCOPES
        call    place calls
        read    flows, voices, history, test runs and figures
        manage  change test cases, run tests and loads, manage keys
        speech  use the speech engines directly
      """)

  @OptionGroup var server: KeyServer
  @Option(help: "What people call it.")
  var name: String
  @Option(
    help: ArgumentHelp(
      "What it is good for: call, read, manage, speech, model or dial; repeatable.", valueName: "scope"))
  var scope: [String]
  @Option(help: ArgumentHelp("How long it is good, such as 12h or 30d (default: for ever).", valueName: "time"))
  var expires: String?
  @Option(help: ArgumentHelp("Requests in a minute (default: no limit).", valueName: "requests"))
  var rate: Int?
  @Option(
    help: ArgumentHelp("Tokens of the language model on a day of UTC (default: no limit).", valueName: "tokens"))
  var tokensPerDay: Int?
  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    var request = KeyRequest(name: name, scopes: [])
    do throws(WireFault) {
      for one in scope { request.scopes.insert(try KeyRequest.scope(one)) }
    } catch {
      throw CommandFault("--scope: \(error.message)")
    }
    guard !request.scopes.isEmpty else {
      throw CommandFault("--scope: expected at least one of call, read, manage, speech, model, dial")
    }
    request.expiresInSeconds = try expires.map(Self.seconds)
    request.requestsPerMinute = rate
    request.tokensPerDay = tokensPerDay
    let (document, text) = try server.send("POST", "/api/keys", body: request.jsonText)
    if json { return Terminal.line(text) }
    Terminal.line(document.text(at: "key") ?? "")
    Terminal.errorLine(
      "This is \(document.text(at: "name") ?? name), id \(document.text(at: "id") ?? "?"). It is shown this once: keep it where only "
        + "those who may use it can read it.")
  }

  /// A number with d, h, m or s behind it.
  private static func seconds(_ text: String) throws(CommandFault) -> Int {
    let units = ["d": 86_400, "h": 3600, "m": 60, "s": 1]
    guard let unit = text.last.flatMap({ units[String($0)] }), let number = Int(text.dropLast()), number > 0,
      number <= KeyRequest.lifeMaxSeconds / unit
    else {
      throw CommandFault("--expires: expected a time such as 30d, 12h or 45m, at most ten years, got \"\(text)\"")
    }
    return number * unit
  }
}

struct KeysListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the keys, without their secrets.",
    discussion: """
      EXAMPLES
        voiceforge keys list
        voiceforge keys list --target https://voice.example --key vf_...
        voiceforge keys list --json
      """)

  @OptionGroup var server: KeyServer
  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    let (document, text) = try server.send("GET", "/api/keys")
    if json { return Terminal.line(text) }
    guard case .array(let keys)? = document["keys"], !keys.isEmpty else {
      return Terminal.line("There are no keys: whoever reaches the server may use it.")
    }
    var table = TextTable(["ID", "STATE", "SCOPES", "EXPIRES", "LAST USED", "PER MINUTE", "TOKENS A DAY", "NAME"])
    for key in keys {
      guard case .array(let scopes)? = key["scopes"] else { continue }
      let names = scopes.compactMap { if case .string(let name) = $0 { name } else { nil } }
      table.add([
        key.text(at: "id") ?? "", key.text(at: "state") ?? "", names.joined(separator: ","),
        Self.minute(key, "expiresAt"),
        Self.minute(key, "lastUsedAt"), key.text(at: "requestsPerMinute") ?? "-",
        key.text(at: "tokensPerDay") ?? "-", key.text(at: "name") ?? "",
      ])
    }
    table.lines(in: .output).forEach(Terminal.line)
    if document["lasting"] == .bool(false) { Terminal.errorLine("These keys are in memory and end with the server.") }
  }

  /// An instant to the minute.
  private static func minute(_ key: JSONValue, _ name: String) -> String {
    key.text(at: name).map { String($0.prefix(16)).replacing("T", with: " ") } ?? "-"
  }
}

struct KeysRevokeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke",
    abstract: "Take a key's rights away, at once and for good.",
    discussion: """
      EXAMPLES
        voiceforge keys revoke 0123456789ab
        voiceforge keys revoke 0123456789ab --target https://voice.example --key vf_...

      Calls that are up go on. The last key that can manage keys cannot be revoked.
      """)

  @OptionGroup var server: KeyServer
  @Argument(help: "Id of the key, as `voiceforge keys list` shows it.")
  var id: String
  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    guard !id.isEmpty, id.utf8.allSatisfy({ $0 >= 0x61 && $0 <= 0x7A || $0 >= 0x30 && $0 <= 0x39 }) else {
      throw CommandFault("expected the id of a key, such as 0123456789ab, got \"\(id)\"")
    }
    let (document, text) = try server.send("DELETE", "/api/keys/\(id)")
    Terminal.line(json ? text : "Revoked \(document.text(at: "name") ?? id).")
  }
}

/// The server whose keys a command is about.
struct KeyServer: ParsableArguments {
  @Option(
    help: ArgumentHelp("Address of the server (default: the one on this machine).", valueName: "url"))
  var target: String?
  @OptionGroup var access: KeyOption

  private static let patience = Duration.seconds(10)

  /// Asks it.
  /// - Returns: the document that it answers, and its text.
  /// - Throws: what the server says is wrong, or exit code 4 when it does not answer.
  func send(_ method: String, _ path: String, body: String = "") throws -> (document: JSONValue, text: String) {
    let settings = try Settings()
    let address =
      try target.map { try CallTarget($0).server } ?? ServerProbe(host: settings.host, port: settings.port()).address
    let client = HTTPClient()
    defer { client.stop() }
    let key = access.key(settings)
    let request = HTTPClientRequest(
      method: method, url: address + path, body: Array(body.utf8), timeout: Self.patience, responseBytesMax: 1 << 20)
    switch client.ask(request, key: key) {
    case .success(let response): return try document(response, key: key, address)
    case .failure(let error):
      throw CommandFault("\(address) does not answer (\(error)); start a server with `voiceforge serve`", .unreachable)
    }
  }

  private func document(
    _ response: HTTPClientResponse, key: String?, _ address: String
  ) throws -> (document: JSONValue, text: String) {
    guard let document = response.document else {
      throw CommandFault("\(address) is no VoiceForge server: it answers \(response.status)", .unreachable)
    }
    if (200..<300).contains(response.status) { return (document, String(decoding: response.body, as: UTF8.self)) }
    let detail = document.text(at: "detail") ?? "the server answers \(response.status)"
    let remedy = response.status == 401 && key == nil ? "; give it with --key or VOICEFORGE_KEY" : ""
    throw CommandFault(detail + remedy, response.status < 500 ? .wrongInput : .failed)
  }
}
