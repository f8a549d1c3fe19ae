import CallCore
import Threads

/// One-time tokens in the addresses of media streams that calls placed from here are connected to. They stand for a key and for a signature:
/// the account that placed the call may be another one than that whose signatures this server believes.
final class StreamPasses: Sendable {
  /// What a stream is let in for.
  struct Pass: Sendable, Equatable {
    /// Id of the key that the call is for; empty where there are none.
    var owner: String
    /// Our id of the call.
    var callID: String
  }

  /// Passes that were not used; the oldest make room. As many as calls may ring at once, and to spare.
  private static let passesMax = 4096
  private static let prefix = "vfs_"
  /// Beyond the time that a telephone may ring.
  static let life = CallDuration.seconds(900)

  private let passes = Locked(OneTimeTokens<Pass>(prefix: prefix, countMax: passesMax))

  /// A token for one stream of a call that was placed from here, whose admission was asked for then.
  func make(for call: PhoneCallRecord, at now: Timestamp) -> String {
    passes.withLock { $0.make(for: Pass(owner: call.owner, callID: call.id), until: now + Self.life) }
  }

  /// Whether a token in an address is one of these.
  static func isPass(_ token: String) -> Bool { token.hasPrefix(prefix) }

  /// Uses a token up.
  /// - Returns: `nil`: it is none, was used, or is too old.
  func use(_ token: String, at now: Timestamp) -> Pass? {
    passes.withLock { $0.use(token, at: now) }
  }
}
