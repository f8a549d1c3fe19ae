import CCrypto

/// Keyed digests, Base64, and a comparison that takes as long for any two values, all of OpenSSL, which libwebsockets-dev brings along.
enum KeyedDigest {
  /// Bytes of a digest by SHA-256, and by SHA-1.
  static let byteCount = 32
  static let sha1ByteCount = 20

  /// - Parameters:
  ///   - message: any bytes.
  ///   - key: any bytes.
  /// - Returns: 32 bytes (RFC 2104 with SHA-256).
  static func hmacSHA256(_ message: some Sequence<UInt8>, key: [UInt8]) -> [UInt8] {
    let message = Array(message)
    return [UInt8](unsafeUninitializedCapacity: byteCount) { digest, count in
      let isDone = crypto_hmac_sha256(key, key.count, message, message.count, digest.baseAddress)
      precondition(isDone == 1, "HMAC-SHA256 needs nothing that could be missing")
      count = byteCount
    }
  }

  /// - Parameters:
  ///   - message: any bytes.
  ///   - key: any bytes.
  /// - Returns: 20 bytes (RFC 2104 with SHA-1).
  static func hmacSHA1(_ message: some Sequence<UInt8>, key: [UInt8]) -> [UInt8] {
    let message = Array(message)
    return [UInt8](unsafeUninitializedCapacity: sha1ByteCount) { digest, count in
      let isDone = crypto_hmac_sha1(key, key.count, message, message.count, digest.baseAddress)
      precondition(isDone == 1, "HMAC-SHA1 needs nothing that could be missing")
      count = sha1ByteCount
    }
  }

  /// Base64 with padding (RFC 4648), of OpenSSL.
  static func base64(_ bytes: [UInt8]) -> String {
    String(unsafeUninitializedCapacity: (bytes.count + 2) / 3 * 4 + 1) { text in
      Int(EVP_EncodeBlock(text.baseAddress, bytes, Int32(bytes.count)))
    }
  }

  /// Whether two values are equal. Takes the same time wherever they differ, so that it tells a guesser nothing.
  static func isEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    one.count == other.count && CRYPTO_memcmp(one, other, one.count) == 0
  }
}
