import CallCore
import CallServer
import Testing

/// What a key is good for, in virtual time: nothing here waits.
@Suite("Keys in virtual time")
struct KeyRingTests {
  private static let birth: Int64 = 1_700_000_000_000_000

  private func time(_ seconds: Double) -> KeyTime {
    let microseconds = Int64(seconds * 1_000_000)
    return KeyTime(monotonic: Timestamp(microseconds: microseconds), unixMicroseconds: Self.birth + microseconds)
  }

  private func ring(_ adjust: (inout APIKey) -> Void = { _ in }) -> (ring: KeyRing, secret: KeySecret) {
    let secret = KeySecret.random()
    var key = secret.sealed(name: "one", scopes: [.call, .read], at: Self.birth)
    adjust(&key)
    var ring = KeyRing()
    ring.take([key], at: time(0))
    return (ring, secret)
  }

  @Test("a ring that does not know its keys lets nobody in; one without keys everybody")
  func open() {
    var ring = KeyRing()
    #expect(ring.check(nil, for: .read, from: "1.2.3.4", at: time(0)) == .refused(.unknown))
    #expect(ring.check(.random(), for: .read, from: "1.2.3.4", at: time(0)) == .refused(.unknown))
    ring.take([], at: time(0))
    #expect(ring.check(nil, for: .manage, from: "1.2.3.4", at: time(0)) == .open)
  }

  @Test("a ring that does not know its keys lets in who has the environment's, and counts what is wrong in its place")
  func environmentOnly() {
    let secret = KeySecret(presented: "planted-0123456789abcdef")
    var ring = KeyRing()
    ring.begin(with: secret.sealed(name: "VOICE_API_KEY", scopes: [.read], at: Self.birth), at: time(0))
    #expect(ring.check(secret, for: .read, from: "p", at: time(1)) == .accepted(id: KeySecret.environmentID))
    #expect(ring.check(nil, for: .read, from: "p", at: time(1)) == .refused(.unknown))
    for _ in 0..<100 { #expect(ring.check(.random(), for: .read, from: "p", at: time(1)) == .refused(.unknown)) }
    let wrong = KeySecret(presented: "planted-0123456789abcdeX")
    for _ in 0..<WrongKeys.perMinute {
      #expect(ring.check(wrong, for: .read, from: "q", at: time(1)) == .refused(.wrong))
    }
    #expect(ring.check(wrong, for: .read, from: "q", at: time(1)) == .refused(.throttled(retryAfterSeconds: 3)))
  }

  @Test("keys that are removed from the store by hand leave the door locked")
  func vanished() {
    var (ring, secret) = ring()
    ring.take([], at: time(1))
    #expect(ring.isLocked)
    #expect(ring.check(nil, for: .read, from: "p", at: time(1)) == .refused(.missing))
    #expect(ring.check(secret, for: .read, from: "p", at: time(1)) == .refused(.wrong))
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
    var (ring, secret) = ring()
    #expect(ring.check(secret, for: .read, from: "p", at: time(1)) == .accepted(id: secret.id))
    #expect(ring.check(secret, for: .manage, from: "p", at: time(1)) == .refused(.scope(.manage)))
    #expect(ring.check(nil, for: .read, from: "p", at: time(1)) == .refused(.missing))
    #expect(ring.check(.random(), for: .read, from: "p", at: time(1)) == .refused(.wrong))
    let forged = KeySecret(presented: "vf_\(secret.id)_" + String(repeating: "0", count: 64))
    #expect(ring.check(forged, for: .read, from: "p", at: time(1)) == .refused(.wrong))
    #expect(ring.check(KeySecret(presented: ""), for: .read, from: "p", at: time(1)) == .refused(.wrong))
  }

  @Test("a key counts until the microsecond in which it expires, and not once it is revoked")
  func ends() {
    var (ring, secret) = ring { $0.expiresAtUnixMicroseconds = Self.birth + 10_000_000 }
    #expect(ring.check(secret, for: .read, from: "p", at: time(9.999_999)) == .accepted(id: secret.id))
    #expect(ring.check(secret, for: .read, from: "p", at: time(10)) == .refused(.expired))
    #expect(ring.isLocked && ring.count(at: time(10)) == 0)
    #expect(ring.check(nil, for: .read, from: "p", at: time(11)) == .refused(.missing))
    var (other, theirs) = self.ring { $0.revokedAtUnixMicroseconds = Self.birth }
    #expect(other.check(theirs, for: .read, from: "p", at: time(1)) == .refused(.revoked))
  }

  @Test("60 requests a minute: 60 at once, and then one a second")
  func rate() {
    var (ring, secret) = ring { $0.requestsPerMinute = 60 }
    for _ in 0..<60 { #expect(ring.check(secret, for: .read, from: "p", at: time(5)) == .accepted(id: secret.id)) }
    #expect(ring.check(secret, for: .read, from: "q", at: time(5)) == .refused(.rate(retryAfterSeconds: 1)))
    #expect(ring.check(secret, for: .read, from: "p", at: time(5.9)) == .refused(.rate(retryAfterSeconds: 1)))
    #expect(ring.check(secret, for: .read, from: "p", at: time(6)) == .accepted(id: secret.id))
    #expect(ring.check(secret, for: .read, from: "p", at: time(6)) == .refused(.rate(retryAfterSeconds: 1)))
    for _ in 0..<60 { #expect(ring.check(secret, for: .read, from: "p", at: time(600)) == .accepted(id: secret.id)) }
    #expect(ring.check(secret, for: .read, from: "p", at: time(600)) == .refused(.rate(retryAfterSeconds: 1)))
  }

  @Test("before a body comes it is asked whether its key would do, which uses nothing up")
  func admits() {
    var (ring, secret) = ring { $0.requestsPerMinute = 1 }
    for _ in 0..<3 { #expect(ring.admits(secret, for: .read, from: "p", at: time(5))) }
    #expect(!ring.admits(secret, for: .manage, from: "p", at: time(5)))
    #expect(!ring.admits(nil, for: .read, from: "p", at: time(5)))
    for _ in 0..<100 { #expect(!ring.admits(.random(), for: .read, from: "p", at: time(5))) }
    #expect(ring.check(secret, for: .read, from: "p", at: time(5)) == .accepted(id: secret.id))
    #expect(!ring.admits(secret, for: .read, from: "p", at: time(5)))
    let (old, theirs) = self.ring { $0.expiresAtUnixMicroseconds = Self.birth }
    #expect(!old.admits(theirs, for: .read, from: "p", at: time(1)))
    var open = KeyRing()
    open.take([], at: time(0))
    #expect(open.admits(nil, for: .manage, from: "p", at: time(1)))
  }

  @Test("what is taken over from the store again keeps its budget; a slow rate says how long to wait")
  func budgetGoesOn() {
    var (ring, secret) = ring { $0.requestsPerMinute = 2 }
    for _ in 0..<2 { #expect(ring.check(secret, for: .read, from: "p", at: time(0)) == .accepted(id: secret.id)) }
    guard let key = ring[secret.id] else {
      Issue.record("the key is gone")
      return
    }
    ring.take([key], at: time(1))
    #expect(ring.check(secret, for: .read, from: "p", at: time(1)) == .refused(.rate(retryAfterSeconds: 29)))
  }

  @Test("wrong keys: 20 from an address, then it waits; others do not, nor a key that was right from there before")
  func throttle() {
    var (ring, secret) = ring()
    #expect(ring.check(secret, for: .read, from: "old", at: time(0)) == .accepted(id: secret.id))
    for peer in ["old", "bad"] {
      for _ in 0..<WrongKeys.perMinute {
        #expect(ring.check(.random(), for: .read, from: peer, at: time(1)) == .refused(.wrong))
      }
      #expect(ring.check(.random(), for: .read, from: peer, at: time(1)) == .refused(.throttled(retryAfterSeconds: 3)))
    }
    #expect(ring.check(secret, for: .read, from: "bad", at: time(1)) == .refused(.throttled(retryAfterSeconds: 3)))
    #expect(ring.check(secret, for: .read, from: "old", at: time(1)) == .accepted(id: secret.id))
    #expect(ring.check(secret, for: .read, from: "other", at: time(1)) == .accepted(id: secret.id))
    #expect(ring.check(secret, for: .read, from: "bad", at: time(4)) == .accepted(id: secret.id))
    #expect(ring.check(.random(), for: .read, from: "bad", at: time(4)) == .refused(.wrong))
    #expect(ring.check(.random(), for: .read, from: "bad", at: time(4)) == .refused(.throttled(retryAfterSeconds: 3)))
  }

  @Test("20,000 addresses take no more room than the table has")
  func manyPeers() {
    var wrong = WrongKeys()
    for number in 0..<20_000 { wrong.noteWrong(from: "\(number)", at: Timestamp(microseconds: Int64(number))) }
    #expect(wrong.peerCount <= WrongKeys.peersMax)
  }

  @Test("uses are written once a minute at most")
  func uses() {
    var (ring, secret) = ring()
    for second in [0.0, 1, 59] { _ = ring.check(secret, for: .read, from: "p", at: time(second)) }
    #expect(ring.takeUnwritten() == [secret.id: Self.birth])
    #expect(ring.takeUnwritten().isEmpty)
    _ = ring.check(secret, for: .read, from: "p", at: time(61))
    #expect(ring.takeUnwritten() == [secret.id: Self.birth + 61_000_000])
  }

  @Test("a call token is good once, for 30 s, and there are so many at most")
  func tokens() throws {
    var tokens = CallTokens()
    let made = tokens.make(for: "a", at: time(0).monotonic)
    let first = try #require(made)
    #expect(first.hasPrefix(CallTokens.prefix) && first.count == 4 + 64)
    #expect(tokens.use(first + "0", at: time(1).monotonic) == nil)
    #expect(tokens.use(first, at: time(1).monotonic) == "a")
    #expect(tokens.use(first, at: time(1).monotonic) == nil)
    let other = tokens.make(for: "a", at: time(0).monotonic)
    let late = try #require(other)
    #expect(tokens.use(late, at: time(30).monotonic) == nil)
    for _ in 0..<CallTokens.countMax { #expect(tokens.make(for: "b", at: time(40).monotonic) != nil) }
    #expect(tokens.make(for: "b", at: time(69).monotonic) == nil)
    #expect(tokens.make(for: "b", at: time(70).monotonic) != nil)
  }

  @Test("the last key that can manage keys is not lost")
  func lastManager() {
    var (ring, secret) = ring()
    #expect(ring.canLose(secret.id, at: time(0)))
    let manager = KeySecret.random()
    ring.take(manager.sealed(name: "m", scopes: [.manage], at: Self.birth), at: time(0))
    #expect(ring.canLose(secret.id, at: time(0)))
    #expect(!ring.canLose(manager.id, at: time(0)))
  }
}
