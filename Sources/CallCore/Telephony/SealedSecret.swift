/// What only the holder of a key can read: bytes as AES-256-GCM leaves them (NIST SP 800-38D), and which key that was.
public struct SealedSecret: Sendable, Equatable {
  /// Tells keys apart and says nothing of them: 16 hexadecimal digits.
  public var keyID: String
  /// 12 random bytes, of this sealing alone.
  public var nonce: [UInt8]
  /// As many bytes as were sealed, and the tag of 16 bytes behind them.
  public var sealed: [UInt8]

  package init(keyID: String, nonce: [UInt8], sealed: [UInt8]) {
    self.keyID = keyID
    self.nonce = nonce
    self.sealed = sealed
  }
}
