import Bounds
import CallCore
import Threads

/// One-time tokens in the addresses of media streams. For a call that was placed from here a token stands for a key and for a signature: the account that
/// placed the call may be another one than that whose signatures this server believes. For a call that came in, with a request that Twilio signed, the
/// stream is signed, too; its token makes that signature one that is good once, as neither holds a time.
final class StreamPasses: Sendable {
  /// What a stream is let in for.
  struct Pass: Sendable, Equatable {
    /// Id of the key that the call is for; empty where there are none.
    var owner = ""
    /// Our id of a call that was placed from here; `nil`: the call came in.
    var callID: String?
    /// The signature of the request with which the call came in.
    fileprivate var signature: String?
  }

  private struct State: Sendable {
    var tokens = OneTimeTokens<Pass>(prefix: prefix, countMax: passesMax)
    /// By the signature of the request with which a call came in: its token, until that is used.
    var incoming = BoundedStore<String, (token: String, until: Timestamp)?>(entriesMax: passesMax)
  }

  /// Passes that were not used; the oldest make room. As many as calls may ring at once, and to spare. And so many signed requests are remembered: an older
  /// one that comes again is answered, with a token for whose address nobody has a signature.
  private static let passesMax = 4096
  private static let prefix = "vfs_"
  /// Beyond the time that a telephone may ring.
  static let life = CallDuration.seconds(900)
  /// Twilio opens the stream of a call that came in at once.
  static let incomingLife = CallDuration.seconds(60)

  private let state = Locked(State())

  /// A token for one stream of a call that was placed from here, whose admission was asked for then.
  func make(for call: PhoneCallRecord, at now: Timestamp) -> String {
    state.withLock { $0.tokens.make(for: Pass(owner: call.owner, callID: call.id), until: now + Self.life) }
  }

  /// A token for the stream of a call that came in. A request that comes again, as its answer was lost, gets the same one.
  /// - Parameter signature: of the request, found right.
  /// - Returns: `nil`: the stream was opened, or the time for it is over.
  func make(forIncoming signature: String, at now: Timestamp) -> String? {
    state.withLock { state in
      if let known = state.incoming[signature] {
        guard let known, known.until > now else { return nil }
        return known.token
      }
      let until = now + Self.incomingLife
      let token = state.tokens.make(for: Pass(signature: signature), until: until)
      state.incoming.put((token, until), for: signature)
      return token
    }
  }

  /// Whether a token in an address is one of these.
  static func isPass(_ token: String) -> Bool { token.hasPrefix(prefix) }

  /// Uses a token up.
  /// - Parameter isSigned: whether the request for the stream is; without it the token of a call that came in is left as it is.
  /// - Returns: `nil`: it is none, was used, or is too old.
  func use(_ token: String, isSigned: Bool, at now: Timestamp) -> Pass? {
    state.withLock { state in
      guard let pass = state.tokens.use(token, at: now, where: { $0.callID != nil || isSigned }) else { return nil }
      if let signature = pass.signature { state.incoming.put(nil, for: signature) }
      return pass
    }
  }
}
