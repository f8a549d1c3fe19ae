import CallCore
import CallServer
import TestSupport
import Testing

/// What a key is good for, in virtual time: nothing here waits.
@Suite("Keys in virtual time")
struct APIKeyAuthenticatorTests {
  private static let birth: Int64 = 1_700_000_000_000_000
  private static let peer = ClientAddress("192.0.2.1") ?? .unknown
  private static let other = ClientAddress("198.51.100.1") ?? .unknown

  private func time(_ seconds: Double) -> KeyTime {
    let microseconds = Int64(seconds * 1_000_000)
    return KeyTime(monotonic: Timestamp(microseconds: microseconds), unixMicroseconds: Self.birth + microseconds)
  }

  private func authenticator(_ adjust: (inout APIKey) -> Void = { _ in }) -> (
    authenticator: APIKeyAuthenticator, secret: KeySecret
  ) {
    let secret = KeySecret.random()
    var key = secret.sealed(name: "one", scopes: [.call, .read], at: Self.birth)
    adjust(&key)
    var authenticator = APIKeyAuthenticator()
    authenticator.load([key], at: time(0))
    return (authenticator, secret)
  }

  @Test("an authenticator that does not know its keys lets nobody in; one without keys everybody")
  func open() {
    var authenticator = APIKeyAuthenticator()
    #expect(authenticator.check(nil, for: .read, from: Self.peer, at: time(0)) == .refused(.unknown))
    #expect(authenticator.check(.random(), for: .read, from: Self.peer, at: time(0)) == .refused(.unknown))
    authenticator.load([], at: time(0))
    #expect(authenticator.check(nil, for: .manage, from: Self.peer, at: time(0)) == .open)
  }

  @Test("what the holder of a key may do is known without its text, and not any more once it is revoked or over")
  func rights() {
    var (authenticator, secret) = authenticator { $0.expiresAtUnixMicroseconds = Self.birth + 60_000_000 }
    #expect(authenticator.refusal(of: .call, to: secret.id, at: time(59)) == nil)
    #expect(authenticator.refusal(of: .dial, to: secret.id, at: time(59)) == .scope(.dial))
    #expect(authenticator.refusal(of: .call, to: secret.id, at: time(60)) == .expired)
    for id in ["", "another"] { #expect(authenticator.refusal(of: .call, to: id, at: time(0)) == .wrong) }
    var key = secret.sealed(name: "one", scopes: [.call], at: Self.birth)
    key.revokedAtUnixMicroseconds = Self.birth
    authenticator.load(key, at: time(0))
    #expect(authenticator.refusal(of: .call, to: secret.id, at: time(1)) == .revoked)
    var empty = APIKeyAuthenticator()
    #expect(empty.refusal(of: .dial, to: "any", at: time(0)) == .unknown)
    empty.load([], at: time(0))
    #expect(empty.refusal(of: .dial, to: "", at: time(0)) == nil)
  }

  @Test(
    "an authenticator that does not know its keys lets in who has the environment's, and counts what is wrong in its place"
  )
  func environmentOnly() {
    let secret = KeySecret(presented: "planted-0123456789abcdef")
    var authenticator = APIKeyAuthenticator()
    authenticator.begin(with: secret.sealed(name: "VOICE_API_KEY", scopes: [.read], at: Self.birth), at: time(0))
    #expect(
      authenticator.check(secret, for: .read, from: Self.peer, at: time(1)) == .accepted(id: KeySecret.environmentID))
    #expect(authenticator.check(nil, for: .read, from: Self.peer, at: time(1)) == .refused(.unknown))
    for _ in 0..<100 {
      #expect(authenticator.check(.random(), for: .read, from: Self.peer, at: time(1)) == .refused(.unknown))
    }
    let wrong = KeySecret(presented: "planted-0123456789abcdeX")
    for _ in 0..<FailedKeyThrottle.perMinute {
      #expect(authenticator.check(wrong, for: .read, from: Self.other, at: time(1)) == .refused(.wrong))
    }
    #expect(
      authenticator.check(wrong, for: .read, from: Self.other, at: time(1))
        == .refused(.throttled(retryAfterSeconds: 3)))
  }

  @Test("keys that are removed from the store by hand leave the door locked")
  func vanished() {
    var (authenticator, secret) = authenticator()
    authenticator.load([], at: time(1))
    #expect(authenticator.isLocked)
    #expect(authenticator.check(nil, for: .read, from: Self.peer, at: time(1)) == .refused(.missing))
    #expect(authenticator.check(secret, for: .read, from: Self.peer, at: time(1)) == .refused(.wrong))
  }

  @Test("keys have their form, and two are never alike")
  func form() throws {
    let texts = (0..<100).map { _ in KeySecret.random().text }
    #expect(Set(texts).count == 100)
    for text in texts { #expect(text.wholeMatch(of: /vf_[0-9a-f]{12}_[0-9a-f]{64}/) != nil) }
    let secret = KeySecret.random()
    let (one, two) = (
      secret.sealed(name: "a", scopes: [.read], at: 0), secret.sealed(name: "a", scopes: [.read], at: 0)
    )
    #expect(one.digest != two.digest && one.salt != two.salt && one.digest.count == 32)
    #expect(secret.opens(one) && secret.opens(two))
    for index in [3, 20, secret.text.utf8.count - 1] {
      var bytes = Array(secret.text.utf8)
      bytes[index] ^= 1
      #expect(!KeySecret(presented: String(decoding: bytes, as: UTF8.self)).opens(one))
    }
    #expect(!KeySecret(presented: String(secret.text.dropLast())).opens(one))
    #expect(!KeySecret(presented: secret.text + "0").opens(one))
  }

  @Test("a digest is HMAC-SHA256: salt and text of RFC 4231, test case 2")
  func digest() {
    let key = APIKey(
      id: "environment", name: "", scopes: [], createdAtUnixMicroseconds: 0, salt: Array("Jefe".utf8),
      digest: [
        0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e, 0x6a, 0x04, 0x24, 0x26, 0x08, 0x95, 0x75, 0xc7, 0x5a, 0x00,
        0x3f, 0x08, 0x9d, 0x27, 0x39, 0x83, 0x9d, 0xec, 0x58, 0xb9, 0x64, 0xec, 0x38, 0x43,
      ])
    #expect(KeySecret(presented: "what do ya want for nothing?").opens(key))
    #expect(!KeySecret(presented: "what do ya want for nothing!").opens(key))
  }

  @Test("the right key, the wrong one, none, and one for something else")
  func verdicts() {
    var (authenticator, secret) = authenticator()
    #expect(authenticator.check(secret, for: .read, from: Self.peer, at: time(1)) == .accepted(id: secret.id))
    #expect(authenticator.check(secret, for: .manage, from: Self.peer, at: time(1)) == .refused(.scope(.manage)))
    #expect(authenticator.check(nil, for: .read, from: Self.peer, at: time(1)) == .refused(.missing))
    #expect(authenticator.check(.random(), for: .read, from: Self.peer, at: time(1)) == .refused(.wrong))
    let forged = KeySecret(presented: "vf_\(secret.id)_" + String(repeating: "0", count: 64))
    #expect(authenticator.check(forged, for: .read, from: Self.peer, at: time(1)) == .refused(.wrong))
    #expect(authenticator.check(KeySecret(presented: ""), for: .read, from: Self.peer, at: time(1)) == .refused(.wrong))
  }

  @Test("a key counts until the microsecond in which it expires, and not once it is revoked")
  func ends() {
    var (authenticator, secret) = authenticator { $0.expiresAtUnixMicroseconds = Self.birth + 10_000_000 }
    #expect(authenticator.check(secret, for: .read, from: Self.peer, at: time(9.999_999)) == .accepted(id: secret.id))
    #expect(authenticator.check(secret, for: .read, from: Self.peer, at: time(10)) == .refused(.expired))
    #expect(authenticator.isLocked && authenticator.count(at: time(10)) == 0)
    #expect(authenticator.check(nil, for: .read, from: Self.peer, at: time(11)) == .refused(.missing))
    var (other, theirs) = self.authenticator { $0.revokedAtUnixMicroseconds = Self.birth }
    #expect(other.check(theirs, for: .read, from: Self.peer, at: time(1)) == .refused(.revoked))
  }

  @Test("60 requests a minute: 60 at once, and then one a second")
  func rate() {
    var (authenticator, secret) = authenticator { $0.requestsPerMinute = 60 }
    for _ in 0..<60 {
      #expect(authenticator.check(secret, for: .read, from: Self.peer, at: time(5)) == .accepted(id: secret.id))
    }
    #expect(
      authenticator.check(secret, for: .read, from: Self.other, at: time(5)) == .refused(.rate(retryAfterSeconds: 1)))
    #expect(
      authenticator.check(secret, for: .read, from: Self.peer, at: time(5.9)) == .refused(.rate(retryAfterSeconds: 1)))
    #expect(authenticator.check(secret, for: .read, from: Self.peer, at: time(6)) == .accepted(id: secret.id))
    #expect(
      authenticator.check(secret, for: .read, from: Self.peer, at: time(6)) == .refused(.rate(retryAfterSeconds: 1)))
    for _ in 0..<60 {
      #expect(authenticator.check(secret, for: .read, from: Self.peer, at: time(600)) == .accepted(id: secret.id))
    }
    #expect(
      authenticator.check(secret, for: .read, from: Self.peer, at: time(600)) == .refused(.rate(retryAfterSeconds: 1)))
  }

  @Test("before a body comes it is asked whether its key would do, which uses nothing up")
  func admits() {
    var (authenticator, secret) = authenticator { $0.requestsPerMinute = 1 }
    for _ in 0..<3 { #expect(authenticator.admits(secret, for: .read, from: Self.peer, at: time(5))) }
    #expect(!authenticator.admits(secret, for: .manage, from: Self.peer, at: time(5)))
    #expect(!authenticator.admits(nil, for: .read, from: Self.peer, at: time(5)))
    for _ in 0..<100 { #expect(!authenticator.admits(.random(), for: .read, from: Self.peer, at: time(5))) }
    #expect(authenticator.check(secret, for: .read, from: Self.peer, at: time(5)) == .accepted(id: secret.id))
    #expect(!authenticator.admits(secret, for: .read, from: Self.peer, at: time(5)))
    let (old, theirs) = self.authenticator { $0.expiresAtUnixMicroseconds = Self.birth }
    #expect(!old.admits(theirs, for: .read, from: Self.peer, at: time(1)))
    var open = APIKeyAuthenticator()
    open.load([], at: time(0))
    #expect(open.admits(nil, for: .manage, from: Self.peer, at: time(1)))
  }

  @Test("what is taken over from the store again keeps its budget; a slow rate says how long to wait")
  func budgetGoesOn() {
    var (authenticator, secret) = authenticator { $0.requestsPerMinute = 2 }
    for _ in 0..<2 {
      #expect(authenticator.check(secret, for: .read, from: Self.peer, at: time(0)) == .accepted(id: secret.id))
    }
    guard let key = authenticator[secret.id] else {
      Issue.record("the key is gone")
      return
    }
    authenticator.load([key], at: time(1))
    #expect(
      authenticator.check(secret, for: .read, from: Self.peer, at: time(1)) == .refused(.rate(retryAfterSeconds: 29)))
  }

  @Test("wrong keys: 20 of each form from an address, then it waits; right ones that were made are good at once")
  func throttle() {
    var (authenticator, secret) = authenticator()
    let environment = KeySecret(presented: "an-environment-key")
    authenticator.load(environment.sealed(name: "VOICE_API_KEY", scopes: [.read], at: Self.birth), at: time(0))
    let forged = KeySecret(presented: "vf_\(secret.id)_" + String(repeating: "0", count: 64))
    for wrong in [forged, .random(), KeySecret(presented: "an-environment-kex")] {
      let peer = wrong.form == .made && wrong.id != secret.id ? Self.other : Self.peer
      for _ in 0..<FailedKeyThrottle.perMinute {
        #expect(authenticator.check(wrong, for: .read, from: peer, at: time(1)) == .refused(.wrong))
      }
      for _ in 0..<1000 {
        #expect(
          authenticator.check(wrong, for: .read, from: peer, at: time(1)) == .refused(.throttled(retryAfterSeconds: 3)))
        #expect(authenticator.check(secret, for: .read, from: peer, at: time(1)) == .accepted(id: secret.id))
        #expect(authenticator.admits(secret, for: .read, from: peer, at: time(1)))
      }
    }
    // Guesses were made at one address only, and keys of the other form do not count as such.
    #expect(
      authenticator.check(environment, for: .read, from: Self.other, at: time(1)) == .accepted(id: environment.id))
    #expect(
      authenticator.check(environment, for: .read, from: Self.peer, at: time(1))
        == .refused(.throttled(retryAfterSeconds: 3)))
    #expect(!authenticator.admits(environment, for: .read, from: Self.peer, at: time(1)))
    #expect(authenticator.check(environment, for: .read, from: Self.peer, at: time(4)) == .accepted(id: environment.id))
  }

  @Test("the environment's key is guessed 20 times a minute at most, however often it was right from there")
  func guessed() {
    var authenticator = APIKeyAuthenticator()
    let environment = KeySecret(presented: "an-environment-key")
    authenticator.begin(with: environment.sealed(name: "VOICE_API_KEY", scopes: [.read], at: Self.birth), at: time(0))
    var looked = 0
    for tick in 0..<36_000 {  // ten minutes, sixty a second
      let now = time(Double(tick) / 60)
      if tick % 600 == 0 { _ = authenticator.check(environment, for: .read, from: Self.peer, at: now) }
      let guess = KeySecret(presented: "guess-\(tick)")
      if authenticator.check(guess, for: .read, from: Self.peer, at: now) == .refused(.wrong) { looked += 1 }
    }
    #expect(looked <= 11 * FailedKeyThrottle.perMinute, "\(looked) guesses were looked at")
  }

  @Test(
    "one address is one, however it is written",
    arguments: [
      [
        "192.0.2.1", "192.0.2.1:80", "192.0.2.1:65535", " 192.0.2.1\t", "192.000.002.001", "192.0.02.1:1",
        "::ffff:192.0.2.1", "::FFFF:C000:201", "[::ffff:192.0.2.1]:7", "\"192.0.2.1\"", "\r\n 192.0.2.1",
      ],
      [
        "2001:db8:1:2::1", "2001:DB8:1:2::1", "2001:0db8:0001:0002:0:0:0:1", "[2001:db8:1:2::1]",
        "[2001:db8:1:2::1]:443",
        "2001:db8:1:2:ffff::9", "2001:db8:1:2::1%eth0", "[2001:db8:1:2::1%25eth0]:1", "\"[2001:db8:1:2::1]:1\"",
      ],
    ])
  func written(texts: [String]) throws {
    let first = try #require(ClientAddress(texts[0]))
    for text in texts { #expect(ClientAddress(text) == first, "\(text)") }
    #expect(ClientAddress("192.0.2.2") != first && ClientAddress("2001:db8:1:3::1") != first)
    for text in [
      "", "unknown", "_hidden", "192.0.2", "192.0.2.256", "192.0.2.1.1", "1.2.3.x", "[::1", "::g", ":", "1..2.3",
    ] {
      let isBracketed = text == "[::1"
      #expect((ClientAddress(text) == nil) != isBracketed, "\(text)")
    }
  }

  @Test("20,000 addresses take no more room than the table has, free nobody, and lock out no other network")
  func manyAddresses() throws {
    var wrong = FailedKeyThrottle()
    let now = time(0).monotonic
    for _ in 0..<FailedKeyThrottle.perMinute { wrong.recordFailure(from: Self.peer, .guess, at: now) }
    #expect(wrong.wait(for: Self.peer, .guess, at: now) == 3)
    for number in 0..<20_000 {
      let address = try #require(ClientAddress("2001:db8:\(String(number, radix: 16))::1"))
      wrong.recordFailure(from: address, .guess, at: Timestamp(microseconds: Int64(number)))
    }
    #expect(wrong.count <= FailedKeyThrottle.sourcesMax + FailedKeyThrottle.networksMax + 2)
    let after = Timestamp(microseconds: 20_000)
    #expect(wrong.wait(for: Self.peer, .guess, at: after) != nil)
    #expect(wrong.wait(for: try #require(ClientAddress("2001:db8:ffff::1")), .guess, at: after) != nil)
    #expect(wrong.wait(for: try #require(ClientAddress("2001:db9::1")), .guess, at: after) == nil)
    #expect(wrong.wait(for: Self.other, .guess, at: after) == nil)
    // A minute later all is forgotten.
    let later = Timestamp(microseconds: 120_000_000)
    for _ in 0..<2 { wrong.recordFailure(from: Self.other, .guess, at: later) }
    #expect(wrong.count == 1)
  }

  @Test("uses are written once a minute at most")
  func uses() {
    var (authenticator, secret) = authenticator()
    for second in [0.0, 1, 59] { _ = authenticator.check(secret, for: .read, from: Self.peer, at: time(second)) }
    #expect(authenticator.drainUnwritten() == [secret.id: Self.birth])
    #expect(authenticator.drainUnwritten().isEmpty)
    _ = authenticator.check(secret, for: .read, from: Self.peer, at: time(61))
    #expect(authenticator.drainUnwritten() == [secret.id: Self.birth + 61_000_000])
  }

  @Test("a call token is good once, for 30 s, and there are so many at most")
  func tokens() throws {
    var tokens = CallTokens()
    let first = try tokens.make(for: "a", at: time(0).monotonic)
    #expect(first.hasPrefix(CallTokens.prefix) && first.count == 4 + 64)
    #expect(tokens.use(first + "0", at: time(1).monotonic) == nil)
    #expect(tokens.use(first, at: time(1).monotonic) == "a")
    #expect(tokens.use(first, at: time(1).monotonic) == nil)
    let late = try tokens.make(for: "a", at: time(0).monotonic)
    #expect(tokens.use(late, at: time(30).monotonic) == nil)
  }

  @Test("a client secret is good as often as wanted, until it is over")
  func secrets() throws {
    var tokens = CallTokens()
    let secret = try tokens.makeSecret(for: "a", seconds: 60, at: time(0).monotonic)
    #expect(secret.hasPrefix(CallTokens.secretPrefix))
    for second in [1.0, 30, 59] { #expect(tokens.use(secret, at: time(second).monotonic) == "a") }
    #expect(tokens.use(secret, at: time(60).monotonic) == nil)
    #expect(tokens.count(at: time(60).monotonic) == 0)
  }

  @Test("one key has half of the tokens at most, and some are left for every other")
  func shares() throws {
    var tokens = CallTokens()
    func fill(_ key: String) -> Int {
      for count in 0... {
        do throws(CallTokens.Refusal) { _ = try tokens.make(for: key, at: time(40).monotonic) } catch {
          #expect(error == .share(retryAfterSeconds: 30))
          return count
        }
      }
      return 0
    }
    #expect(fill("a") == CallTokens.countMax / 2)
    #expect(fill("b") == CallTokens.countMax / 4)
    for number in 0..<8 { #expect(fill("\(number)") > 0) }
    #expect(fill("a") == 0)
    _ = try tokens.make(for: "new", at: time(69).monotonic)
    _ = try tokens.make(for: "a", at: time(70).monotonic)
    #expect(tokens.count(at: time(70).monotonic) == 2)
  }

  @Test("the last key that can manage keys is not lost")
  func lastManager() {
    var (authenticator, secret) = authenticator()
    #expect(authenticator.canLose(secret.id, at: time(0)))
    let manager = KeySecret.random()
    authenticator.load(manager.sealed(name: "m", scopes: [.manage], at: Self.birth), at: time(0))
    #expect(authenticator.canLose(secret.id, at: time(0)))
    #expect(!authenticator.canLose(manager.id, at: time(0)))
  }
}
