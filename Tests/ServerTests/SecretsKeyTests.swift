import CallCore
import CallDriver
import CallServer
import Stores
import Testing

@Suite("The key of secrets")
struct SecretsKeyTests {
  /// One example of AES-256-GCM with a nonce of 12 bytes.
  struct Vector: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let key, nonce, plain, associated, cipher, tag: String
  }

  /// From NIST's CAVP file gcmEncryptExtIV256.rsp, and test cases 13 to 16 of the specification that SP 800-38D was made from.
  static let vectors = [
    Vector(
      testDescription: "CAVP, nothing", key: "b52c505a37d78eda5dd34f20c22540ea1b58963cf8e5bf8ffa85f9f2492505b4",
      nonce: "516c33929df5a3284ff463d7", plain: "", associated: "", cipher: "",
      tag: "bdc1ac884d332457a1d2664f168c76f0"),
    Vector(
      testDescription: "CAVP, text", key: "31bdadd96698c204aa9ce1448ea94ae1fb4a9a0b3c9d773b51bb1822666b8f22",
      nonce: "0d18e06c7c725ac9e362e1ce", plain: "2db5168e932556f8089a0622981d017d", associated: "",
      cipher: "fa4362189661d163fcd6a56d8bf0405a", tag: "d636ac1bbedd5cc3ee727dc2ab4a9489"),
    Vector(
      testDescription: "CAVP, text and associated data",
      key: "92e11dcdaa866f5ce790fd24501f92509aacf4cb8b1339d50c9c1240935dd08b", nonce: "ac93a1a6145299bde902f21a",
      plain: "2d71bcfa914e4ac045b2aa60955fad24", associated: "1e0889016f67601c8ebea4943bc23ad6",
      cipher: "8995ae2e6df3dbf96fac7b7137bae67f", tag: "eca5aa77d51d4a0a14d9c51e1da474ab"),
    Vector(
      testDescription: "case 13", key: String(repeating: "0", count: 64), nonce: String(repeating: "0", count: 24),
      plain: "", associated: "", cipher: "", tag: "530f8afbc74536b9a963b4f1c4cb738b"),
    Vector(
      testDescription: "case 14", key: String(repeating: "0", count: 64), nonce: String(repeating: "0", count: 24),
      plain: String(repeating: "0", count: 32), associated: "", cipher: "cea7403d4d606b6e074ec5d3baf39d18",
      tag: "d0d1c8a799996bf0265b98b5d48ab919"),
    Vector(
      testDescription: "case 16", key: "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
      nonce: "cafebabefacedbaddecaf888",
      plain: "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
        + "b16aedf5aa0de657ba637b39",
      associated: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
      cipher: "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838"
        + "c5f61e6393ba7a0abcc9f662", tag: "76fc6ece0f4e1768cddf8853bb2d551b"),
  ]

  static func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }

  @Test("seals and opens as NIST's examples say", arguments: vectors)
  func vector(vector: Vector) throws {
    let key = try SecretsKey(vector.key)
    let (nonce, associated) = (Self.bytes(vector.nonce), Self.bytes(vector.associated))
    let sealed = key.sealed(Self.bytes(vector.plain), nonce: nonce, associated: associated)
    #expect(sealed == Self.bytes(vector.cipher + vector.tag))
    #expect(key.opened(sealed, nonce: nonce, associated: associated) == Self.bytes(vector.plain))
    for index in sealed.indices {
      var changed = sealed
      changed[index] ^= 1
      #expect(key.opened(changed, nonce: nonce, associated: associated) == nil)
    }
    #expect(key.opened(sealed, nonce: nonce, associated: associated + [0]) == nil)
    #expect(key.opened(sealed.dropLast(), nonce: nonce, associated: associated) == nil)
    #expect(key.opened([], nonce: nonce, associated: associated) == nil)
    #expect(key.opened(sealed, nonce: nonce.dropLast(), associated: associated) == nil)
  }

  @Test(
    "a key is 32 bytes in hexadecimal digits of either case or Base64 of either alphabet",
    arguments: [
      "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
      "00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF",
      "ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8=", "ABEiM0RVZneImaq7zN3u_wARIjNEVWZ3iJmqu8zd7v8",
    ])
  func forms(text: String) throws {
    let first = try SecretsKey("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")
    #expect(try SecretsKey(text).id == first.id)
  }

  @Test(
    "anything else is none, and the error does not repeat it",
    arguments: [
      "", "0", "secret", String(repeating: "a", count: 63), String(repeating: "g", count: 64),
      String(repeating: "a", count: 65), "ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v9=",
      "ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v",
      "ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8==", "ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v!=",
      String(repeating: "٣", count: 64),
    ])
  func wrong(text: String) {
    let error = #expect(throws: SecretsKey.TextError.self) { try SecretsKey(text) }
    #expect(error.map { text.isEmpty || !"\($0)".contains(text) || text == "0" } == true)
  }

  @Test("each sealing differs, opens in its place only and with its key only, and nothing of a key is printed")
  func places() throws {
    let text = String(repeating: "5a", count: 32)
    let (key, other) = (try SecretsKey(text), try SecretsKey(String(repeating: "a5", count: 32)))
    let (one, two) = (key.seal([1, 2, 3], for: "here"), key.seal([1, 2, 3], for: "here"))
    #expect(one.nonce != two.nonce && one.sealed != two.sealed && one.keyID == key.id)
    #expect(key.open(one, for: "here") == [1, 2, 3])
    #expect(key.open(one, for: "there") == nil && other.open(one, for: "here") == nil)
    var forged = one
    forged.keyID = other.id
    #expect(other.open(forged, for: "here") == nil)
    var dumped = ""
    dump(key, to: &dumped)
    #expect(
      !"\(key) \(String(reflecting: key)) \(dumped)".contains("5a5a") && !dumped.contains("90, 90")
        && !dumped.contains("bytes"))
    #expect(key.id.utf8.count == 16 && key.id != other.id)
  }

  @Test("a key that is missing, another one and damage are told apart")
  func faults() throws {
    let (key, old) = (
      try SecretsKey(String(repeating: "01", count: 32)), try SecretsKey(String(repeating: "02", count: 32))
    )
    let secret = try SecretsKeys(current: old).seal([7], for: "a")
    #expect(try SecretsKeys(current: key, previous: old).open(secret, for: "a") == [7])
    #expect(throws: SecretsKeys.Fault.otherKey(old.id)) { try SecretsKeys(current: key).open(secret, for: "a") }
    #expect(throws: SecretsKeys.Fault.damaged) { try SecretsKeys(current: old).open(secret, for: "b") }
    #expect(throws: SecretsKeys.Fault.noKey) { try SecretsKeys().open(secret, for: "a") }
    #expect(throws: SecretsKeys.Fault.noKey) { try SecretsKeys(previous: old).seal([7], for: "a") }
  }

  @Test("a rotation seals everything anew, may be repeated, and leaves what it cannot open")
  func rotation() throws {
    let (key, old, lost) = (
      try SecretsKey(String(repeating: "01", count: 32)), try SecretsKey(String(repeating: "02", count: 32)),
      try SecretsKey(String(repeating: "03", count: 32))
    )
    let store = MemoryTelephonyStore<TelephonyProvider>(limits: .providers)
    for (id, sealer) in [("a", old), ("b", key), ("c", lost), ("d", nil)] {
      var provider = TelephonyProvider(
        id: id, owner: "k", kind: .custom, name: id, createdAtUnixMicroseconds: 1)
      provider.credentials = sealer?.seal(Array(id.utf8), for: provider.sealedPlace)
      #expect(store.add(provider) == .done)
    }
    let rotation = SecretsRotation(SecretsKeys(current: key, previous: old))
    #expect(try rotation.run(on: store) == .init(sealed: 1, current: 1, unread: ["c"]))
    #expect(try rotation.run(on: store) == .init(sealed: 0, current: 2, unread: ["c"]))
    for id in ["a", "b"] {
      let provider = try #require(store.one(id: id))
      let secret = try #require(provider.credentials)
      #expect(key.open(secret, for: provider.sealedPlace) == Array(id.utf8))
    }
  }
}
