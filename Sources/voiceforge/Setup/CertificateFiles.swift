import Glibc
import WebSockets

/// The files that `serve` is told to speak TLS with.
struct CertificateFiles {
  let certificate: String?
  let key: String?

  /// - Returns: `nil` when there are none.
  /// - Throws: what is wrong with them, and what would be right.
  func checked() throws(CommandFault) -> ServerCertificate? {
    guard certificate != nil || key != nil else { return nil }
    guard let certificate else { throw CommandFault("--tls-key needs --tls-certificate: the file of its certificate") }
    guard let key else { throw CommandFault("--tls-certificate needs --tls-key: the file of its private key") }
    try Self.checkReadable(certificate, "--tls-certificate")
    try Self.checkReadable(key, "--tls-key")
    do throws(ServerCertificate.Fault) {
      return try ServerCertificate(certificatePath: certificate, keyPath: key)
    } catch {
      switch error {
      case .noCertificate:
        throw CommandFault(
          "--tls-certificate \(certificate) is no certificate: expected a PEM file with BEGIN CERTIFICATE, the server's own first"
        )
      case .noKey:
        throw CommandFault(
          "--tls-key \(key) is no private key, or has a password: expected a PEM file with BEGIN PRIVATE KEY; `openssl pkey` takes a "
            + "password away")
      case .otherKey:
        throw CommandFault(
          "--tls-key \(key) is not the key of --tls-certificate \(certificate): give the two that were made together")
      case .unavailable: throw CommandFault("OpenSSL could not begin", .failed)
      }
    }
  }

  private static func checkReadable(_ path: String, _ option: String) throws(CommandFault) {
    guard access(path, R_OK) != 0 else { return }
    throw CommandFault("\(option) \(path) cannot be read: \(String(cString: strerror(errno)))")
  }
}
