import CLibwebsockets

/// The files with which a server speaks TLS.
public struct ServerCertificate: Sendable, Equatable {
  /// Why they cannot be used.
  public enum Fault: Error, Sendable, Equatable {
    /// The first file holds no certificate in PEM form, or cannot be read.
    case noCertificate
    /// The second file holds no private key in PEM form, holds one with a password, or cannot be read.
    case noKey
    /// The key is not that of the certificate.
    case otherKey
    /// OpenSSL could not begin.
    case unavailable
  }

  /// PEM: the server's certificate and behind it those that vouch for it.
  public let certificatePath: String
  /// PEM: its private key, without a password.
  public let keyPath: String

  /// - Throws: when a server could not use them. libwebsockets would only say so in its log, and start without TLS.
  public init(certificatePath: String, keyPath: String) throws(Fault) {
    self.certificatePath = certificatePath
    self.keyPath = keyPath
    switch vf_tls_check(certificatePath, keyPath) {
    case 0: break
    case 1: throw .noCertificate
    case 2: throw .noKey
    case 3: throw .otherKey
    default: throw .unavailable
    }
  }
}
