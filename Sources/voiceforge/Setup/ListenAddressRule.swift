import CallServer
import Glibc

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
