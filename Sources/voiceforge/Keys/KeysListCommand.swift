import ArgumentParser
import JSON

/// `voiceforge keys list`.
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
    let (document, text) = try server.ask("GET", "/api/keys")
    if json { return Terminal.line(text) }
    guard case .array(let keys)? = document["keys"], !keys.isEmpty else {
      return Terminal.line("There are no keys: whoever reaches the server may use it.")
    }
    var table = TextTable(["ID", "STATE", "SCOPES", "EXPIRES", "LAST USED", "PER MINUTE", "NAME"])
    for key in keys {
      guard case .array(let scopes)? = key["scopes"] else { continue }
      let names = scopes.compactMap { if case .string(let name) = $0 { name } else { nil } }
      table.add([
        key.text(at: "id") ?? "", key.text(at: "state") ?? "", names.joined(separator: ","),
        Self.minute(key, "expiresAt"),
        Self.minute(key, "lastUsedAt"), key.text(at: "requestsPerMinute") ?? "-", key.text(at: "name") ?? "",
      ])
    }
    for line in table.lines(to: TerminalOutput.output.columns, in: .output) { Terminal.line(line) }
    if document["lasting"] == .bool(false) { Terminal.note("These keys are in memory and end with the server.") }
  }

  /// An instant to the minute.
  private static func minute(_ key: JSONValue, _ name: String) -> String {
    key.text(at: name).map { String($0.prefix(16)).replacing("T", with: " ") } ?? "-"
  }
}
