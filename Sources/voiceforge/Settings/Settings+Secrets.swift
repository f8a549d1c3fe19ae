import CallServer

/// Which keys of secrets the environment gives.
extension Settings {
  /// `VOICEFORGE_SECRETS_KEY`, which seals the credentials of telephone providers, and `VOICEFORGE_SECRETS_KEY_OLD`, which still opens them.
  /// - Throws: when either is none. The fault does not show it.
  func secretsKeys() throws(CommandFault) -> SecretsKeys {
    SecretsKeys(
      current: try secretsKey("VOICEFORGE_SECRETS_KEY"), previous: try secretsKey("VOICEFORGE_SECRETS_KEY_OLD"))
  }

  private func secretsKey(_ name: String) throws(CommandFault) -> SecretsKey? {
    guard let text = self[name] else { return nil }
    do throws(SecretsKey.TextError) { return try SecretsKey(text) } catch { throw CommandFault("\(name): \(error)") }
  }
}
