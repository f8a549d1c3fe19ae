import CallCore
import CallDriver
import FoundationEssentials
import Logging
import WebSockets
import Threads
import Wires

/// The keys of a running server. Checks are quick and made on the loops, on what is in memory; only the blocking pool asks the store.
final class APIKeyService: Sendable {
  /// What is counted for `/metrics`.
  struct Counts: Sendable {
    var accepted = 0
    var refused: [String: Int] = [:]
  }

  /// Why a key could not be made or revoked.
  enum Refusal: Error {
    case missing
    case full
    /// Nobody could manage keys any more.
    case lastManager
    /// The key is in the server's environment and comes back with it.
    case environment
    case store(StoreError)
  }

  let store: any KeyStore
  private let log: Logger
  private let authenticator = Locked(APIKeyAuthenticator())
  private let tokens = Locked(CallTokens())
  /// Tokens that the other servers with this store know, too.
  private let signedTokens: Locked<SignedCallTokens>
  private let counts = Locked(Counts())
  /// A key for this process' own calls and reading, such as a load test on itself. It is in no list and ends with the process.
  let ownSecret = KeySecret.random()
  private let ownKey: APIKey
  /// The key of the environment, which is in no store.
  private let environmentKey: APIKey?
  /// One change after another, so that two cannot each leave the other as the last manager.
  private let changing = Locked(())

  /// - Parameter environmentKey: the text of a key with all scopes; `nil`: there is none.
  ///
  /// When the store does not answer, every request is refused until it does, but for those with the environment's key: a server that
  /// does not know its keys must not open.
  init(store: any KeyStore, environmentKey text: String?, log: Logger) {
    self.store = store
    self.log = log
    ownKey = ownSecret.sealed(name: "own", scopes: [.call, .read], at: Self.now.unixMicroseconds)
    environmentKey = text.map {
      KeySecret(presented: $0).sealed(
        name: "VOICE_API_KEY", scopes: Set(KeyScope.allCases), at: Self.now.unixMicroseconds)
    }
    let environment = environmentKey.flatMap { key in text.map { (id: key.id, text: $0) } }
    signedTokens = Locked(SignedCallTokens(environmentKey: environment))
    if let environmentKey { authenticator.withLock { $0.begin(with: environmentKey, at: Self.now) } }
    do throws(StoreError) { try reloadKeys() } catch {
      log.error("the keys cannot be read, so nobody is let in: \(error)")
    }
    do throws(StoreError) { try refreshTokenKeys() } catch {
      log.error("the keys of call tokens cannot be read, so tokens are good at this server only: \(error)")
    }
  }

  static var now: KeyTime {
    KeyTime(
      monotonic: Timestamp(microseconds: Int64(MonotonicClock.now())),
      unixMicroseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
  }

  /// Whether keys are asked for.
  var isLocked: Bool { authenticator.withLock { $0.isLocked } }
  /// Keys that count now.
  var keyCount: Int { authenticator.withLock { $0.count(at: Self.now) } }
  /// Call tokens in this server's memory that can still be used; signed ones are in none.
  var tokenCount: Int { tokens.withLock { $0.count(at: Self.now.monotonic) } }
  /// What was counted so far.
  var figures: Counts { counts.withLock { $0 } }

  /// Judges a request and counts the verdict.
  func check(_ presented: KeySecret?, for scope: KeyScope, from peer: ClientAddress) -> KeyVerdict {
    if isOwn(presented, for: scope) { return count(.accepted(id: ownKey.id)) }
    return count(authenticator.withLock { $0.check(presented, for: scope, from: peer, at: Self.now) })
  }

  /// Whether `check` would let a request in. Counts nothing.
  func admits(_ presented: KeySecret?, for scope: KeyScope, from peer: ClientAddress) -> Bool {
    isOwn(presented, for: scope)
      || authenticator.withLock { $0.admits(presented, for: scope, from: peer, at: Self.now) }
  }

  /// Whether the holder of the key `id`, which was found good for something else, may do this, too. Where no key is asked for, everybody may.
  func grants(_ scope: KeyScope, to id: String) -> Bool {
    refusal(of: scope, to: id) == nil
  }

  /// Why he may not; `nil`: he may.
  func refusal(of scope: KeyScope, to id: String) -> KeyRefusal? {
    authenticator.withLock { $0.refusal(of: scope, to: id, at: Self.now) }
  }

  /// Tokens of the language model that the key `id` may use on a day; `nil`: as many as it likes, or there is no
  /// such key, which `refusal` tells.
  func tokensPerDay(of id: String) -> Int? { authenticator.withLock { $0[id]?.tokensPerDay } }

  private func isOwn(_ presented: KeySecret?, for scope: KeyScope) -> Bool {
    guard let presented, presented.id == ownKey.id, ownKey.scopes.contains(scope) else { return false }
    return presented.opens(ownKey)
  }

  /// Judges a call that is opened with a token.
  func check(token: String, from peer: ClientAddress) -> KeyVerdict {
    let time = Self.now
    let id =
      SignedCallTokens.isToken(token)
      ? signedTokens.withLock { $0.use(token, at: time.unixSeconds) }
      : tokens.withLock { $0.use(token, at: time.monotonic) }
    return count(
      authenticator.withLock { authenticator in
        guard authenticator.isLocked else { return .open }
        if let id { return authenticator.use(id, for: .call, at: time) }
        return authenticator.refuse(.made, from: peer, at: time)
      })
  }

  /// Lets a signed token be used again.
  func giveBack(_ token: String) { signedTokens.withLock { $0.giveBack(token) } }

  /// Makes a token for the holder of the key `id`.
  func makeToken(for id: String) throws(CallTokens.Refusal) -> String {
    let seconds = Int(CallTokens.life.seconds)
    if let token = signedTokens.withLock({ $0.make(.call, for: id, seconds: seconds, at: Self.now.unixSeconds) }) {
      return token
    }
    return try tokens.withLock { tokens throws(CallTokens.Refusal) in try tokens.make(for: id, at: Self.now.monotonic) }
  }

  /// Makes a client secret for the holder of the key `id`. One with a preset is good at this server only, which keeps the preset.
  func makeSecret(for id: String, seconds: Int, preset: RealtimePreset?) throws(CallTokens.Refusal) -> String {
    if preset == nil,
      let secret = signedTokens.withLock({
        $0.make(.clientSecret, for: id, seconds: seconds, at: Self.now.unixSeconds)
      })
    {
      return secret
    }
    return try tokens.withLock { tokens throws(CallTokens.Refusal) in
      try tokens.makeSecret(for: id, seconds: seconds, preset: preset, at: Self.now.monotonic)
    }
  }

  /// What the sessions of a client secret begin with.
  func preset(ofSecret text: String) -> RealtimePreset? {
    tokens.withLock { $0.preset(ofSecret: text, at: Self.now.monotonic) }
  }

  private func count(_ verdict: KeyVerdict) -> KeyVerdict {
    counts.withLock { counts in
      switch verdict {
      case .open: break
      case .accepted: counts.accepted += 1
      case .refused(let refusal): counts.refused[refusal.name, default: 0] += 1
      }
    }
    return verdict
  }
}

// MARK: - Changes, on the blocking pool

extension APIKeyService {
  /// All keys, that of the environment first.
  func all() throws(StoreError) -> [APIKey] {
    let keys = [environmentKey].compactMap { $0 } + (try store.keys())
    return keys.map { key in authenticator.withLock { $0[key.id] } ?? key }
  }

  /// Keeps a new key.
  func add(_ key: APIKey) throws(Refusal) {
    try changing.withLock { _ throws(Refusal) in
      let isFirst = !isLocked
      guard !isFirst || key.scopes.contains(.manage) else { throw .lastManager }
      switch try asking({ () throws(StoreError) in try store.add(key) }) {
      case .done: authenticator.withLock { $0.load(key, at: Self.now) }
      case .taken, .missing, .full: throw .full
      }
      if isFirst { log.notice("there is a key now: from here on every request needs one") }
    }
  }

  /// Takes a key's rights away, at once.
  func revoke(_ id: String) throws(Refusal) -> APIKey {
    guard id != environmentKey?.id else { throw .environment }
    return try changing.withLock { _ throws(Refusal) in
      // Another server may have made the key, or taken away other managers'.
      _ = try asking { () throws(StoreError) in
        try reloadKeys()
        return .done
      }
      let time = Self.now
      guard var key = authenticator.withLock({ $0[id] }) else { throw .missing }
      guard authenticator.withLock({ $0.canLose(id, at: time) }) else { throw .lastManager }
      let change = try asking { () throws(StoreError) in
        try store.revoke(id: id, atUnixMicroseconds: time.unixMicroseconds)
      }
      guard change == .done else { throw .missing }
      key.revokedAtUnixMicroseconds = key.revokedAtUnixMicroseconds ?? time.unixMicroseconds
      authenticator.withLock { $0.load(key, at: time) }
      return key
    }
  }

  /// Tells the store of uses, and takes over what other servers changed there. What is known stays when the store does not answer.
  func refresh() throws(StoreError) {
    try changing.withLock { _ throws(StoreError) in
      var fault: StoreError?
      do throws(StoreError) { try writeUses() } catch { fault = error }
      // Also where no use can be written: a key that was revoked elsewhere must not stay good.
      try reloadKeys()
      if let fault { throw fault }
    }
  }

  private func writeUses() throws(StoreError) {
    for (id, instant) in authenticator.withLock({ $0.drainUnwritten() }) where id != environmentKey?.id {
      _ = try store.recordUse(id: id, atUnixMicroseconds: instant)
    }
  }

  private func reloadKeys() throws(StoreError) {
    let keys = [environmentKey].compactMap { $0 } + (try store.keys())
    authenticator.withLock { $0.load(keys, at: Self.now) }
  }

  /// Takes over the keys of the store that sign call tokens. Those that are known stay when it does not answer.
  func refreshTokenKeys() throws(StoreError) {
    var generator = SystemRandomNumberGenerator()
    let candidate = KeySecret.bytes(TokenKey.byteCount, &generator)
    let keys = try store.tokenKeys(candidate: candidate, rotation: SignedCallTokens.rotation)
    signedTokens.withLock { $0.load(keys) }
  }

  private func asking(_ work: () throws(StoreError) -> KeyChange) throws(Refusal) -> KeyChange {
    do throws(StoreError) { return try work() } catch { throw .store(error) }
  }
}
