import CCrypto
package import CallCore

/// The key with which credentials are kept: AES-256-GCM of OpenSSL. Neither it nor what it opens is ever printed.
public struct SecretsKey: Sendable, CustomStringConvertible, CustomReflectable {
  /// Why a text is no key. Says nothing of the text but its length.
  public struct TextError: Error, Equatable, CustomStringConvertible {
    /// Characters that it had.
    public let characters: Int

    /// What was expected, and what makes it.
    public var description: String {
      "expected 32 bytes as 64 hexadecimal digits or in Base64, such as `openssl rand -hex 32` prints, got \(characters) characters"
    }
  }

  /// Tells keys apart and says nothing of them: the beginning of a digest with this key.
  public let id: String
  private let bytes: [UInt8]

  private static let byteCount = 32
  private static let nonceCount = 12
  private static let tagCount = 16

  /// - Parameter text: 32 bytes as 64 hexadecimal digits, or in Base64 with or without padding, of either alphabet.
  public init(_ text: String) throws(TextError) {
    guard let bytes = Self.hexadecimal(text) ?? Self.base64(text) else {
      throw TextError(characters: text.unicodeScalars.count)
    }
    self.init(bytes: bytes)
  }

  private init(bytes: [UInt8]) {
    self.bytes = bytes
    id = KeySecret.hex(Array(KeyedDigest.hmacSHA256("voiceforge secrets key".utf8, key: bytes).prefix(8)))
  }

  /// The key's id.
  public var description: String { "key \(id)" }
  /// Empty: `dump` shows nothing.
  public var customMirror: Mirror { Mirror(self, children: []) }

  /// Seals bytes so that they can be opened in the same place only.
  /// - Parameters:
  ///   - plain: at most 2³¹ − 1 bytes.
  ///   - place: what the bytes belong to; it is not kept, but needed to open them.
  package func seal(_ plain: [UInt8], for place: String) -> SealedSecret {
    var generator = SystemRandomNumberGenerator()
    let nonce = KeySecret.bytes(Self.nonceCount, &generator)
    return SealedSecret(keyID: id, nonce: nonce, sealed: sealed(plain, nonce: nonce, associated: Array(place.utf8)))
  }

  /// - Returns: what was sealed; `nil` where it was sealed by another key or for another place, or was changed since.
  package func open(_ secret: SealedSecret, for place: String) -> [UInt8]? {
    guard secret.keyID == id else { return nil }
    return opened(secret.sealed, nonce: secret.nonce, associated: Array(place.utf8))
  }

  /// Ciphertext, and the tag behind it.
  /// - Parameter nonce: 12 bytes.
  package func sealed(_ plain: [UInt8], nonce: [UInt8], associated: [UInt8]) -> [UInt8] {
    precondition(nonce.count == Self.nonceCount, "a nonce of GCM has 12 bytes")
    return [UInt8](unsafeUninitializedCapacity: plain.count + Self.tagCount) { buffer, count in
      let cipher = buffer.baseAddress
      let isDone = crypto_aes256_gcm_seal(
        bytes, nonce, associated, associated.count, plain, plain.count, cipher, cipher.map { $0 + plain.count })
      precondition(isDone == 1, "AES-256-GCM needs nothing that could be missing")
      count = plain.count + Self.tagCount
    }
  }

  /// - Returns: `nil` where the tag is not right.
  package func opened(_ sealed: [UInt8], nonce: [UInt8], associated: [UInt8]) -> [UInt8]? {
    guard nonce.count == Self.nonceCount, sealed.count >= Self.tagCount else { return nil }
    let (plainCount, tag) = (sealed.count - Self.tagCount, Array(sealed.suffix(Self.tagCount)))
    var isRight = false
    let plain = [UInt8](unsafeUninitializedCapacity: plainCount + 1) { buffer, count in
      isRight =
        crypto_aes256_gcm_open(
          bytes, nonce, associated, associated.count, sealed, plainCount, tag, buffer.baseAddress) == 1
      count = isRight ? plainCount : 0
    }
    return isRight ? plain : nil
  }

  private static func hexadecimal(_ text: String) -> [UInt8]? {
    guard text.utf8.count == 2 * byteCount else { return nil }
    var bytes = [UInt8](repeating: 0, count: byteCount)
    for (index, character) in text.enumerated() {
      guard let digit = character.hexDigitValue, character.isASCII else { return nil }
      bytes[index / 2] = bytes[index / 2] << 4 | UInt8(digit)
    }
    return bytes
  }

  private static func base64(_ text: String) -> [UInt8]? {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    let letters = text.utf8.map { byte -> UInt8 in
      switch byte {
      case UInt8(ascii: "-"): UInt8(ascii: "+")
      case UInt8(ascii: "_"): UInt8(ascii: "/")
      default: byte
      }
    }
    let core = letters.last == UInt8(ascii: "=") ? Array(letters.dropLast()) : letters
    // 32 bytes are 43 letters, of which the last has two bits that count for nothing.
    guard core.count == 43 else { return nil }
    var (bytes, bits, count) = ([UInt8](), 0, 0)
    for letter in core {
      guard let value = alphabet.firstIndex(of: letter) else { return nil }
      bits = bits << 6 | value
      count += 6
      guard count >= 8 else { continue }
      count -= 8
      bytes.append(UInt8(bits >> count & 0xFF))
      bits &= (1 << count) - 1
    }
    return bits == 0 ? bytes : nil
  }
}
