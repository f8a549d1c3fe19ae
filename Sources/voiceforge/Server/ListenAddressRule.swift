import CallServer
import Glibc
import WebSockets

/// What must hold before a server listens where other machines reach it.
struct ListenAddressRule {
  let settings: ServerSettings
  /// Whether anybody is asked for a key.
  let hasKeys: Bool

  /// - Throws: what is missing, and how to get it.
  func check() throws(CommandFault) {
    guard isReachable else { return }
    let address = settings.address
    guard hasKeys else {
      throw CommandFault(
        "--host \(address) is reachable from other machines, and there is no key, so anybody there could use the server: set "
          + "VOICE_API_KEY, for instance to what `openssl rand -hex 32` prints")
    }
    guard settings.isBehindProxy || settings.certificate != nil else {
      throw CommandFault(
        "--host \(address) is reachable from other machines, and without TLS anybody on the way reads the keys: give "
          + "--tls-certificate and --tls-key, or say --behind-proxy if another server ends TLS in front of this one")
    }
  }

  /// Whether the address is one, and not of loopback. What is no address is refused when it is listened on.
  var isReachable: Bool {
    var four = in_addr()
    var six = in6_addr()
    if inet_pton(AF_INET, settings.address, &four) == 1 { return !settings.address.hasPrefix("127.") }
    return inet_pton(AF_INET6, settings.address, &six) == 1 && settings.address != "::1"
  }
}

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
