import CallCore
import CallServer
import Testing

/// Servers with one store, in virtual time: each has the keys of the store and a memory of its own.
@Suite("Signed call tokens")
struct SignedCallTokensTests {
  private static let now: Int64 = 1_760_000_000

  private static func key(_ number: Int, age: CallDuration = .seconds(3600)) -> TokenKey {
    TokenKey(number: number, secret: Array(repeating: UInt8(number), count: TokenKey.byteCount), age: age)
  }

  private static func server(_ keys: TokenKey...) -> SignedCallTokens {
    var tokens = SignedCallTokens()
    tokens.load(keys)
    return tokens
  }

  private func made(by tokens: SignedCallTokens, _ kind: SignedCallTokens.Kind = .call, for id: String = "a") throws
    -> String
  {
    try #require(tokens.make(kind, for: id, seconds: 30, at: Self.now))
  }

  @Test("a token of one server opens one call at another, within its 30 s, and stands for its key")
  func elsewhere() throws {
    var (one, other) = (Self.server(Self.key(1)), Self.server(Self.key(1)))
    let token = try made(by: one, for: "0123456789ab")
    #expect(token.hasPrefix("vft_1.1.\(Self.now + 30).") && SignedCallTokens.isToken(token))
    #expect(token.utf8.count <= 200)
    #expect(other.use(token, at: Self.now + 29) == "0123456789ab")
    #expect(other.use(token, at: Self.now + 29) == nil)
    #expect(one.use(token, at: Self.now + 30) == nil)
    #expect(try made(by: one) != made(by: one))
  }

  @Test("a token that is given back is good once more, and no other becomes so")
  func givenBack() throws {
    var tokens = Self.server(Self.key(1))
    let (token, other) = (try made(by: tokens), try made(by: tokens))
    #expect(tokens.use(token, at: Self.now) == "a")
    #expect(tokens.use(other, at: Self.now) == "a")
    tokens.giveBack(token)
    tokens.giveBack(token)
    tokens.giveBack("vft_1.nonsense")
    #expect(tokens.use(token, at: Self.now) == "a")
    #expect(tokens.use(token, at: Self.now) == nil)
    #expect(tokens.use(other, at: Self.now) == nil)
  }

  @Test("a client secret opens as many calls as wanted until it is over, and passes for no call token")
  func secrets() throws {
    var other = Self.server(Self.key(1))
    let secret = try made(by: Self.server(Self.key(1)), .clientSecret)
    #expect(secret.hasPrefix("ek_1."))
    for second in [0, 15, 29] as [Int64] { #expect(other.use(secret, at: Self.now + second) == "a") }
    #expect(other.use(secret, at: Self.now + 30) == nil)
    #expect(other.use("vft_1." + secret.dropFirst("ek_1.".count), at: Self.now) == nil)
  }

  @Test("a token with any part changed is none, nor one of a key that is not known")
  func forged() throws {
    var other = Self.server(Self.key(1))
    let token = try made(by: Self.server(Self.key(1)))
    let parts = token.split(separator: ".").map(String.init)
    for place in parts.indices {
      for change in [parts[place] + "0", String(parts[place].dropLast()), ""] {
        let forged = parts[..<place] + [change] + parts[(place + 1)...]
        #expect(other.use(forged.joined(separator: "."), at: Self.now) == nil, "\(forged)")
      }
    }
    for nonsense in [".", "vft_1.....", token + ".", "." + token, String(repeating: ".", count: 600)] {
      #expect(other.use(nonsense, at: Self.now) == nil, "\(nonsense)")
    }
    #expect(other.use(try made(by: Self.server(Self.key(2))), at: Self.now) == nil)
    #expect(other.use(token, at: Self.now) == "a")
  }

  @Test("a new key signs when every server had time to read it; tokens of the one before stay good")
  func rotation() throws {
    let new = Self.key(2, age: SignedCallTokens.settling - .microseconds(1))
    let (before, young, settled) = (
      Self.server(Self.key(1)), Self.server(new, Self.key(1)), Self.server(Self.key(2), Self.key(1))
    )
    var slow = before
    #expect(slow.use(try made(by: young), at: Self.now) == "a")
    var rotated = settled
    #expect(try made(by: settled).hasPrefix("vft_1.2."))
    #expect(rotated.use(try made(by: before), at: Self.now) == "a")
    #expect(try made(by: Self.server(Self.key(3, age: .zero))).hasPrefix("vft_1.3."))
    #expect(SignedCallTokens.rotation.seconds > Double(CallTokens.secretSeconds.upperBound) * 2)
  }

  @Test("a token of the environment's key ends with a change of that key, and one of another key does not")
  func environmentKey() throws {
    func server(_ text: String?) -> SignedCallTokens {
      var tokens = SignedCallTokens(environmentKey: text.map { ("environment", $0) })
      tokens.load([Self.key(1)])
      return tokens
    }
    for kind in [SignedCallTokens.Kind.call, .clientSecret] {
      for id in ["environment", "0123456789ab"] {
        let token = try made(by: server("planted-old-key"), kind, for: id)
        var (same, changed, none) = (server("planted-old-key"), server("planted-new-key"), server(nil))
        let isOther = id != "environment"
        #expect(same.use(token, at: Self.now) == id)
        #expect(changed.use(token, at: Self.now) == (isOther ? id : nil), "\(kind) of \(id)")
        #expect(none.use(token, at: Self.now) == (isOther ? id : nil), "\(kind) of \(id)")
      }
    }
  }

  @Test("without keys no token can be made, and none is good")
  func keyless() throws {
    var tokens = Self.server()
    #expect(!tokens.canSign && tokens.make(.call, for: "a", seconds: 30, at: Self.now) == nil)
    #expect(tokens.use(try made(by: Self.server(Self.key(1))), at: Self.now) == nil)
  }

  @Test("an API key uses up half of the memory at most, and has it back when the tokens are over")
  func shares() throws {
    var tokens = Self.server(Self.key(1))
    func used(_ id: String, at now: Int64) -> Int {
      for count in 0... {
        guard let token = tokens.make(.call, for: id, seconds: 30, at: now), tokens.use(token, at: now) == id else {
          return count
        }
      }
      return 0
    }
    #expect(used("a", at: Self.now) == SignedCallTokens.usedMax / 2)
    #expect(used("b", at: Self.now) == SignedCallTokens.usedMax / 4)
    #expect(used("a", at: Self.now + 29) == 0)
    #expect(used("a", at: Self.now + 30) == SignedCallTokens.usedMax / 2)
  }
}
