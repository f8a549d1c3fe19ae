import ArgumentParser

/// The key that commands send to a server that wants one.
struct KeyOption: ParsableArguments {
  @Option(
    help: ArgumentHelp("Key for the server (default: VOICEFORGE_KEY, which other users cannot see).", valueName: "key"))
  var key: String?

  /// The option, or the environment.
  func key(_ settings: Settings) -> String? { key ?? settings[Settings.keyName] }
}

extension Settings {
  /// The variable of the key that commands send.
  static let keyName = "VOICEFORGE_KEY"
}
