import CLibwebsockets
import Glibc

/// The addresses of a host, looked up here so that the one that was judged is the one connected to. Blocks.
enum AddressLookup {
  /// Addresses of one name that are looked at; further ones are not tried.
  static let addressesMax = 16

  /// - Returns: in the order of preference of the system (RFC 6724), each once; empty when the name leads nowhere.
  static func addresses(of host: String) -> [IPAddress] {
    if let digits = IPAddress(host) { return [digits] }
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
    defer { freeaddrinfo(list) }
    var addresses: [IPAddress] = []
    var next = list
    while let entry = next, addresses.count < addressesMax {
      if let address = entry.pointee.ai_addr.flatMap({ IPAddress($0) }), !addresses.contains(address) {
        addresses.append(address)
      }
      next = entry.pointee.ai_next
    }
    return addresses
  }
}
