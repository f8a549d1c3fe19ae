import ArgumentParser
import CallCore
import JSON
import Formats

/// `voiceforge keys create`.
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
  @Option(help: ArgumentHelp("What it is good for: call, read, manage or speech; repeatable.", valueName: "scope"))
  var scope: [String]
  @Option(help: ArgumentHelp("How long it is good, such as 12h or 30d (default: for ever).", valueName: "time"))
  var expires: String?
  @Option(help: ArgumentHelp("Requests in a minute (default: no limit).", valueName: "requests"))
  var rate: Int?
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
      throw CommandFault("--scope: expected at least one of call, read, manage, speech")
    }
    request.expiresInSeconds = try expires.map(Self.seconds)
    request.requestsPerMinute = rate
    let (document, text) = try server.ask("POST", "/api/keys", body: request.jsonText)
    if json { return Terminal.line(text) }
    Terminal.line(document.text(at: "key") ?? "")
    Terminal.note(
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
