package import CallCore

/// Call tokens that every server with the same store knows, because a key of the store signs them: nothing is kept of one that is made. A
/// value that is told the time.
///
/// A token is `vft_1.KEY.END.NONCE.ID.SIGNATURE`: the number of the key that signs it, the second of 1970 UTC at which it is over, 16
/// hexadecimal digits that no other has, the id of the API key that it stands for, and HMAC-SHA-256 of all that stands before it, as 64
/// hexadecimal digits. Where that id is the one of the environment's key, a fingerprint of its text is signed, too: the id outlives a change
/// of the key. A client secret begins with `ek_1.` instead, so that neither passes for the other.
///
/// Which tokens were used is known to each server for itself: a token opens one call at each at most.
package struct SignedCallTokens: Sendable {
  /// What a token is for.
  package enum Kind: Sendable {
    /// One call.
    case call
    /// Any number of calls until it is over.
    case clientSecret

    fileprivate var prefix: String { (self == .call ? CallTokens.prefix : CallTokens.secretPrefix) + "1" }
  }

  private struct Contents {
    var kind: Kind
    var end: Int64
    var nonce: String
    var keyID: String
  }

  /// Longest time that one key signs. Longer than any token lives, so that a key is given up long after its last token is over.
  package static let rotation = CallDuration.seconds(86_400)
  /// Time in which every server has read a new key: some 5 s as long as the database answers. It signs nothing before.
  package static let settling = CallDuration.seconds(60)
  /// Used tokens that are remembered until they are over, which bounds their memory to about 1 MB. As with `CallTokens.countMax` an API key
  /// may use another one while it has fewer than are left for all; beyond that a token is not accepted.
  package static let usedMax = 8192

  private let environmentKey: (id: String, text: String)?
  private var keys: [TokenKey] = []
  private var used: [String: (keyID: String, end: Int64)] = [:]
  private var usedByKey: [String: Int] = [:]

  /// Without keys of the store: no token can be made, and none is good.
  /// - Parameter environmentKey: the API key of the environment; its tokens are good where the same one is set.
  package init(environmentKey: (id: String, text: String)? = nil) { self.environmentKey = environmentKey }

  /// Whether tokens can be made.
  package var canSign: Bool { !keys.isEmpty }

  /// Takes over the keys of the store, the newest first.
  package mutating func load(_ keys: [TokenKey]) { self.keys = keys }

  /// Whether a text can only be one of these, be it good or not: `CallTokens` have no dot.
  package static func isToken(_ text: String) -> Bool { text.contains(".") }

  /// Makes a token for the holder of the API key `id`.
  /// - Parameters:
  ///   - seconds: how long it is good, 1 and up.
  ///   - now: seconds since 1970 UTC.
  /// - Returns: `nil` without keys.
  package func make(_ kind: Kind, for id: String, seconds: Int, at now: Int64) -> String? {
    guard let newest = keys.first else { return nil }
    let key = newest.age >= Self.settling ? newest : keys.last ?? newest
    var generator = SystemRandomNumberGenerator()
    let nonce = KeySecret.hex(KeySecret.bytes(8, &generator))
    let text = "\(kind.prefix).\(key.number).\(now + Int64(seconds)).\(nonce).\(id)"
    return "\(text).\(signature(of: text, for: id, by: key))"
  }

  /// Uses a token, and uses it up here unless it is a client secret.
  /// - Parameter now: seconds since 1970 UTC.
  /// - Returns: the id of the API key that it stands for; `nil` when it is none of ours, is over, or was used here.
  package mutating func use(_ text: String, at now: Int64) -> String? {
    guard let token = contents(of: text), token.end > now else { return nil }
    if token.kind == .clientSecret { return token.keyID }
    if used.count >= Self.usedMax / 2 { forget(at: now) }
    let own = usedByKey[token.keyID] ?? 0
    guard used[token.nonce] == nil, own < Self.usedMax - used.count else { return nil }
    used[token.nonce] = (token.keyID, token.end)
    usedByKey[token.keyID] = own + 1
    return token.keyID
  }

  /// Lets a token be used again whose call was not taken.
  package mutating func giveBack(_ text: String) {
    guard let token = contents(of: text), used.removeValue(forKey: token.nonce) != nil else { return }
    usedByKey[token.keyID, default: 1] -= 1
  }

  private mutating func forget(at now: Int64) {
    used = used.filter { $0.value.end > now }
    usedByKey = used.values.reduce(into: [:]) { $0[$1.keyID, default: 0] += 1 }
  }

  /// What stands in a token whose signature is right.
  private func contents(of text: String) -> Contents? {
    guard text.utf8.count <= KeySecret.charactersMax, let dot = text.lastIndex(of: ".") else { return nil }
    let signed = String(text[..<dot])
    let parts = signed.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 5, let kind = [Kind.call, .clientSecret].first(where: { $0.prefix == parts[0] }),
      let key = keys.first(where: { String($0.number) == parts[1] }), let end = Int64(parts[2])
    else { return nil }
    let given = Array(text[text.index(after: dot)...].utf8)
    guard KeyedDigest.isEqual(given, Array(signature(of: signed, for: String(parts[4]), by: key).utf8))
    else { return nil }
    return Contents(kind: kind, end: end, nonce: String(parts[3]), keyID: String(parts[4]))
  }

  private func signature(of text: String, for id: String, by key: TokenKey) -> String {
    var signed = text
    if let environmentKey, environmentKey.id == id {
      signed += "." + KeySecret.hex(KeyedDigest.hmacSHA256(environmentKey.text.utf8, key: key.secret))
    }
    return KeySecret.hex(KeyedDigest.hmacSHA256(signed.utf8, key: key.secret))
  }
}
