import Bounds
package import CallCore
import WebSockets

/// Decides what a key is good for. A value: it is told the keys and the time, so that it can be tested in virtual time.
package struct APIKeyAuthenticator: Sendable {
  private struct Entry {
    var key: APIKey
    var budget: TokenBucket?
  }

  /// How far the kept time of the last use may be behind.
  package static let useInterval = CallDuration.seconds(60)

  private var entries: [String: Entry] = [:]
  private var isKnown = false
  /// Whether there was ever a key. From then on keys are asked for, also when somebody removes all of them from the store by hand.
  private var isProtected = false
  private var wrong = FailedKeyThrottle()
  /// Uses that the store does not know yet.
  private var unwritten: [String: Int64] = [:]

  /// An authenticator that does not know yet which keys there are, and lets nobody in.
  package init() {}

  /// Whether keys are asked for. A key that is revoked or expired still protects: taking away the last one must not open the door.
  package var isLocked: Bool { !isKnown || isProtected }

  /// Begins with a key that is in no store, so that its holder is let in while the store does not answer.
  package mutating func begin(with key: APIKey, at time: KeyTime) { load(key, at: time) }

  /// Keys that still count.
  package func count(at time: KeyTime) -> Int { entries.values.count { Self.fault(of: $0.key, at: time) == nil } }

  /// Takes over what the store has; budgets go on.
  package mutating func load(_ keys: [APIKey], at time: KeyTime) {
    var fresh: [String: Entry] = [:]
    for key in keys { fresh[key.id] = entry(for: key, at: time) }
    entries = fresh
    isKnown = true
    isProtected = isProtected || !fresh.isEmpty
  }

  /// Takes over one key that was added or changed.
  package mutating func load(_ key: APIKey, at time: KeyTime) {
    entries[key.id] = entry(for: key, at: time)
    isProtected = true
  }

  /// A key as it is known here, with its last use.
  package subscript(id: String) -> APIKey? { entries[id]?.key }

  /// Whether keys can still be managed when `id` is gone.
  package func canLose(_ id: String, at time: KeyTime) -> Bool {
    let managers = entries.values.filter { $0.key.scopes.contains(.manage) && Self.fault(of: $0.key, at: time) == nil }
    return managers.isEmpty || managers.contains { $0.key.id != id }
  }

  /// Judges a request.
  /// - Parameters:
  ///   - presented: the key that came with it.
  ///   - peer: the address it came from.
  package mutating func check(
    _ presented: KeySecret?, for scope: KeyScope, from peer: ClientAddress, at time: KeyTime
  ) -> KeyVerdict {
    guard isLocked else { return .open }
    guard let presented else { return .refused(isKnown ? .missing : .unknown) }
    if opens(presented, from: peer, at: time) { return use(presented.id, for: scope, at: time) }
    // Where the store is not known yet, only a key of another form than its keys have can be told to be wrong.
    guard isKnown || entries[presented.id] != nil else { return .refused(.unknown) }
    return refuse(presented.form, from: peer, at: time)
  }

  /// Whether a key is one of those known here. A guess at the environment's key is not looked at where too many came from.
  private func opens(_ presented: KeySecret, from peer: ClientAddress, at time: KeyTime) -> Bool {
    if presented.form == .guess, wrong.wait(for: peer, .guess, at: time.monotonic) != nil { return false }
    return entries[presented.id].map { presented.opens($0.key) } ?? false
  }

  /// Whether a request would be let in. Counts nothing: asked before its body is received.
  package func admits(_ presented: KeySecret?, for scope: KeyScope, from peer: ClientAddress, at time: KeyTime) -> Bool
  {
    guard isLocked else { return true }
    guard let presented, opens(presented, from: peer, at: time), let entry = entries[presented.id],
      Self.fault(of: entry.key, at: time) == nil
    else { return false }
    return entry.key.scopes.contains(scope) && entry.budget?.seconds(at: time.monotonic) == nil
  }

  /// Judges a request whose sender was found to hold the key `id`.
  package mutating func use(_ id: String, for scope: KeyScope, at time: KeyTime) -> KeyVerdict {
    guard let key = entries[id]?.key else { return .refused(.wrong) }
    if let fault = Self.fault(of: key, at: time) { return .refused(fault) }
    guard key.scopes.contains(scope) else { return .refused(.scope(scope)) }
    if let seconds = entries[id]?.budget?.takeOrWait(at: time.monotonic) {
      return .refused(.rate(retryAfterSeconds: seconds))
    }
    recordUse(of: key, at: time)
    return .accepted(id: id)
  }

  /// Why the holder of the key `id` may not do this, whose key nobody shows now; `nil`: he may. Counts nothing.
  package func refusal(of scope: KeyScope, to id: String, at time: KeyTime) -> KeyRefusal? {
    guard isLocked else { return nil }
    guard let key = entries[id]?.key else { return isKnown ? .wrong : .unknown }
    return Self.fault(of: key, at: time) ?? (key.scopes.contains(scope) ? nil : .scope(scope))
  }

  /// Counts a wrong key or token.
  package mutating func refuse(_ form: FailedKeyThrottle.Form, from peer: ClientAddress, at time: KeyTime) -> KeyVerdict
  {
    if let seconds = wrong.wait(for: peer, form, at: time.monotonic) {
      return .refused(.throttled(retryAfterSeconds: seconds))
    }
    wrong.recordFailure(from: peer, form, at: time.monotonic)
    return .refused(.wrong)
  }

  /// The uses that the store is to know; asked once, they count as written.
  package mutating func drainUnwritten() -> [String: Int64] {
    defer { unwritten = [:] }
    return unwritten
  }

  private mutating func recordUse(of key: APIKey, at time: KeyTime) {
    let last = key.lastUsedAtUnixMicroseconds ?? .min
    guard last < time.unixMicroseconds - Self.useInterval.microseconds else { return }
    entries[key.id]?.key.lastUsedAtUnixMicroseconds = time.unixMicroseconds
    unwritten[key.id] = time.unixMicroseconds
  }

  private func entry(for key: APIKey, at time: KeyTime) -> Entry {
    var entry = Entry(key: key)
    let known = entries[key.id]
    if let known, known.key.requestsPerMinute == key.requestsPerMinute {
      entry.budget = known.budget
    } else {
      entry.budget = key.requestsPerMinute.map { TokenBucket(perMinute: $0, atOnce: $0) }
    }
    if let used = known?.key.lastUsedAtUnixMicroseconds {
      entry.key.lastUsedAtUnixMicroseconds = max(used, key.lastUsedAtUnixMicroseconds ?? used)
    }
    return entry
  }

  private static func fault(of key: APIKey, at time: KeyTime) -> KeyRefusal? {
    if key.revokedAtUnixMicroseconds != nil { return .revoked }
    if let end = key.expiresAtUnixMicroseconds, end <= time.unixMicroseconds { return .expired }
    return nil
  }
}

/// What becomes of a request, as far as keys go.
package enum KeyVerdict: Sendable, Equatable {
  /// There are no keys: whoever reaches the server may use it.
  case open
  /// The key with this id was given, and is good for it.
  case accepted(id: String)
  /// Not with this, and why.
  case refused(KeyRefusal)
}

/// Why a request is not answered, as far as keys go.
package enum KeyRefusal: Error, Sendable, Equatable {
  /// No key was given.
  case missing
  /// There is no such key, or no such call token any more.
  case wrong
  /// The key is right, but its time is over.
  case expired
  /// The key is right, but was revoked.
  case revoked
  /// The key is good, but not for this.
  case scope(KeyScope)
  /// The key made all its requests of this minute.
  case rate(retryAfterSeconds: Int)
  /// Too many wrong keys came from this address.
  case throttled(retryAfterSeconds: Int)
  /// The store of keys has not answered since the start, so nobody can say whether the key is right.
  case unknown

  /// In `/metrics`.
  package var name: String {
    switch self {
    case .missing: "missing"
    case .wrong: "wrong"
    case .expired: "expired"
    case .revoked: "revoked"
    case .scope: "scope"
    case .rate: "rate"
    case .throttled: "throttled"
    case .unknown: "unknown"
    }
  }

  /// All of `name`.
  package static let names = ["missing", "wrong", "expired", "revoked", "scope", "rate", "throttled", "unknown"]

  /// 401, 403, 429 or 503 as RFC 9110 and RFC 6750 want them.
  var response: HTTPResponse {
    switch self {
    case .missing:
      Self.unauthorized("this server wants a key: send it as `Authorization: Bearer KEY` or `x-api-key: KEY`", nil)
    case .wrong: Self.unauthorized("there is no such key", "invalid_token")
    case .expired: Self.unauthorized("the key has expired", "invalid_token")
    case .revoked: Self.unauthorized("the key was revoked", "invalid_token")
    case .scope(let scope):
      .problem(status: 403, detail: "the key is not good for this: it lacks the scope \(scope.rawValue)")
    case .rate(let seconds): .later(seconds, status: 429, "the key has made all its requests of this minute")
    case .throttled(let seconds):
      .later(
        seconds, status: 429, "too many wrong keys came from this address; made keys and call tokens go on working")
    case .unknown:
      .later(2, "the keys of this server cannot be read now, so nobody is let in but the holder of VOICE_API_KEY")
    }
  }

  private static func unauthorized(_ detail: String, _ error: String?) -> HTTPResponse {
    var response = HTTPResponse.problem(status: 401, detail: detail)
    let parameter = error.map { ", error=\"\($0)\"" } ?? ""
    response.headers.append(("www-authenticate", "Bearer realm=\"voiceforge\"\(parameter)"))
    return response
  }
}

/// Now, on the two clocks that keys need: rates must not jump when the day's clock is set, and expiry is a date.
package struct KeyTime: Sendable {
  /// Of the monotonic clock.
  package var monotonic: Timestamp
  /// Microseconds since 1970 UTC.
  package var unixMicroseconds: Int64

  package init(monotonic: Timestamp, unixMicroseconds: Int64) {
    self.monotonic = monotonic
    self.unixMicroseconds = unixMicroseconds
  }

  /// Whole seconds since 1970 UTC.
  package var unixSeconds: Int64 { unixMicroseconds / 1_000_000 }
}
