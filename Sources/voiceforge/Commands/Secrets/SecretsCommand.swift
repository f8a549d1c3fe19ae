import ArgumentParser
import CallCore
import CallDriver
import CallServer
import Logging
import Stores

struct SecretsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "secrets",
    abstract: "The key with which credentials of telephone providers are kept in a database.",
    discussion: """
      EXAMPLES
        voiceforge secrets status             with which keys they are sealed
        VOICEFORGE_SECRETS_KEY=$(openssl rand -hex 32) VOICEFORGE_SECRETS_KEY_OLD=… voiceforge secrets rotate
                                              seal all of them anew

      To change the key without a pause: give every server the new key as VOICEFORGE_SECRETS_KEY and the old one as \
      VOICEFORGE_SECRETS_KEY_OLD and start it again, run `voiceforge secrets rotate`, then take the old one away. Keys are read from the \
      environment only and never printed; their ids say nothing of them. A rotation that was interrupted is simply run again.
      """,
    subcommands: [StatusCommand.self, RotateCommand.self])

  struct DatabaseOption: ParsableArguments {
    @Option(
      help:
        "Address of the database (default: DATABASE_URL). Everybody on this machine can see a password that stands here."
    )
    var database: String?

    /// The accounts in the database, for as long as `work` takes.
    func withProviders(
      _ environment: Settings, _ work: (any TelephonyResourceStore<TelephonyProvider>) throws -> Void
    ) throws {
      guard let url = database ?? environment["DATABASE_URL"] else {
        throw CommandFault(
          "there is no database: name one with --database or DATABASE_URL; a server without one forgets its credentials when it stops"
        )
      }
      let stores = try StoreSet(
        database: url, settings: try environment.database(), log: try environment.log(.warning))
      defer { stores.close() }
      try work(stores.providers)
    }
  }

  struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "status", abstract: "Say with which keys credentials are sealed.")

    @OptionGroup var database: DatabaseOption

    func run() throws {
      let environment = try Settings()
      let keys = try environment.secretsKeys()
      try database.withProviders(environment) { providers in
        let sealed = try providers.all(of: nil).compactMap(\.credentials)
        let counts = Dictionary(grouping: sealed, by: \.keyID).mapValues(\.count)
        for (id, count) in counts.sorted(by: { $0.key < $1.key }) {
          let name =
            id == keys.current?.id
            ? "  VOICEFORGE_SECRETS_KEY" : id == keys.previous?.id ? "  VOICEFORGE_SECRETS_KEY_OLD" : ""
          Terminal.line("key \(id)  \(count) sealed\(name)")
        }
        if counts.isEmpty { Terminal.line("no credentials are kept") }
        if let current = keys.current { Terminal.line("VOICEFORGE_SECRETS_KEY is key \(current.id)") }
      }
    }
  }

  struct RotateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "rotate",
      abstract: "Seal all credentials with VOICEFORGE_SECRETS_KEY that are sealed with VOICEFORGE_SECRETS_KEY_OLD.")

    @OptionGroup var database: DatabaseOption

    func run() throws {
      let environment = try Settings()
      let keys = try environment.secretsKeys()
      guard let current = keys.current, let previous = keys.previous else {
        let missing = keys.current == nil ? "VOICEFORGE_SECRETS_KEY" : "VOICEFORGE_SECRETS_KEY_OLD"
        throw CommandFault(
          "\(missing) is not set: the new key is VOICEFORGE_SECRETS_KEY, the old one VOICEFORGE_SECRETS_KEY_OLD")
      }
      guard current.id != previous.id else {
        throw CommandFault("VOICEFORGE_SECRETS_KEY and VOICEFORGE_SECRETS_KEY_OLD are the same key")
      }
      try database.withProviders(environment) { providers in
        let rotation = try SecretsRotation(keys).run(on: providers)
        Terminal.line(
          "\(rotation.sealed) sealed anew with key \(current.id), \(rotation.current) were already, \(rotation.unread.count) cannot be read"
        )
        guard rotation.unread.isEmpty else {
          throw CommandFault(
            "the credentials of these accounts were sealed with another key, or changed since, and stay as they are: "
              + rotation.unread.prefix(20).joined(separator: ", "), .failed)
        }
      }
    }
  }
}
