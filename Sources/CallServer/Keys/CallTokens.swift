package import CallCore
import WebSockets
package import Wires

/// Tokens that stand for a key while one call is opened, because a page can give a WebSocket no header and a key in an address would
/// stay in logs. A value that is told the time.
package struct CallTokens: Sendable {
  /// Why no token was made.
  package enum Refusal: Error, Equatable {
    /// The key has its share, of which one is over after so many seconds.
    case share(retryAfterSeconds: Int)
    /// There are too many of all keys.
    case full(retryAfterSeconds: Int)
  }

  private struct Token {
    var keyID: String
    var until: Timestamp
    /// Whether it opens any number of calls until then.
    var isReusable = false
    /// What the sessions of a client secret begin with.
    var preset: RealtimePreset?
  }

  /// How long a token is good: a page opens its call at once.
  package static let life = CallDuration.seconds(30)
  /// Tokens that were given out and not used yet. A key gets another one while it has fewer than are left for all, so that one alone
  /// may have half of them, two a third each, and some are always left for whoever has none.
  package static let countMax = 1024
  /// What a token begins with.
  package static let prefix = "vft_"
  /// What a client secret of the Realtime protocol begins with; its clients look for that.
  package static let secretPrefix = "ek_"
  /// How long a client secret may be good, in seconds, as OpenAI has it.
  package static let secretSeconds = 10...7200

  /// By digest, so that finding one takes no comparison that its texts could be guessed by.
  private var tokens: [[UInt8]: Token] = [:]
  private let salt: [UInt8]

  /// None yet.
  package init() {
    var generator = SystemRandomNumberGenerator()
    salt = KeySecret.bytes(16, &generator)
  }

  /// Tokens that were given out and can still be used.
  package func count(at now: Timestamp) -> Int { tokens.values.count { $0.until > now } }

  /// Makes a token for the holder of the key `id`.
  package mutating func make(for id: String, at now: Timestamp) throws(Refusal) -> String {
    try make(Token(keyID: id, until: now + Self.life), Self.prefix, at: now)
  }

  /// Makes a client secret for the holder of the key `id`, which opens calls until it is over.
  /// - Parameters:
  ///   - seconds: of `secretSeconds`.
  ///   - preset: what its sessions begin with.
  package mutating func makeSecret(
    for id: String, seconds: Int, preset: RealtimePreset? = nil, at now: Timestamp
  ) throws(Refusal) -> String {
    let token = Token(keyID: id, until: now + .seconds(seconds), isReusable: true, preset: preset)
    return try make(token, Self.secretPrefix, at: now)
  }

  /// What the sessions of a client secret begin with; `nil`: nothing was said of them, or there is no such secret.
  package func preset(ofSecret text: String, at now: Timestamp) -> RealtimePreset? {
    guard text.utf8.count <= KeySecret.charactersMax, let (_, token) = token(text), token.until > now else {
      return nil
    }
    return token.preset
  }

  private mutating func make(_ token: Token, _ prefix: String, at now: Timestamp) throws(Refusal) -> String {
    if tokens.count >= Self.countMax / 2 { tokens = tokens.filter { $0.value.until > now } }
    let own = tokens.values.filter { $0.keyID == token.keyID }
    guard own.count < Self.countMax - tokens.count else {
      let first = (own.isEmpty ? Array(tokens.values) : own).map(\.until).min() ?? now + Self.life
      let seconds = max(1, Int(((first - now).microseconds + 999_999) / 1_000_000))
      throw own.isEmpty ? .full(retryAfterSeconds: seconds) : .share(retryAfterSeconds: seconds)
    }
    var generator = SystemRandomNumberGenerator()
    let text = prefix + KeySecret.hex(KeySecret.bytes(32, &generator))
    tokens[digest(of: text)] = token
    return text
  }

  /// Uses a token, and uses it up unless it is a client secret.
  /// - Returns: the id of the key it stands for; `nil` when there is no such token, or its time is over.
  package mutating func use(_ text: String, at now: Timestamp) -> String? {
    guard text.utf8.count <= KeySecret.charactersMax, let (place, token) = token(text) else { return nil }
    let isGood = token.until > now
    if !isGood || !token.isReusable { tokens[place] = nil }
    return isGood ? token.keyID : nil
  }

  private func token(_ text: String) -> ([UInt8], Token)? {
    let place = digest(of: text)
    return tokens[place].map { (place, $0) }
  }

  private func digest(of text: String) -> [UInt8] { KeyedDigest.hmacSHA256(text.utf8, key: salt) }
}
