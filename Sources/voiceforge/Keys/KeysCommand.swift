import ArgumentParser

/// `voiceforge keys`.
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
