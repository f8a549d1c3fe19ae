import ArgumentParser
import JSON

/// `voiceforge keys revoke`.
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
    let (document, text) = try server.ask("DELETE", "/api/keys/\(id)")
    Terminal.line(json ? text : "Revoked \(document.text(at: "name") ?? id).")
  }
}
