import CLibwebsockets
import Glibc
import Threads

/// The addresses of hosts, looked up here so that the one that was judged is the one connected to. Each look-up has a thread of its own:
/// it takes as long as the name server likes.
package final class AddressLookup: Sendable {
  /// Look-ups under way at once, and of one host; further ones fail.
  package static let (countMax, countPerHostMax) = (16, 4)

  /// The look-ups of this process.
  static let shared = AddressLookup()

  private let resolve: @Sendable (String) -> [IPAddress]
  private let underWay = Locked<[String: Int]>([:])

  /// - Parameter resolve: gives the addresses of a name; may block. The system's resolver unless told otherwise.
  package init(resolve: @escaping @Sendable (String) -> [IPAddress] = AddressLookup.addresses) {
    self.resolve = resolve
  }

  /// Looks `host` up; `completion` is called on another thread, or, for an address in digits, at once.
  ///
  /// - Returns: false when too many are under way; `completion` is not called then.
  package func begin(_ host: String, _ completion: @escaping @Sendable ([IPAddress]) -> Void) -> Bool {
    if let digits = IPAddress(host) {
      completion([digits])
      return true
    }
    guard reserve(host) else { return false }
    do throws(Thread.Failure) {
      try Thread.startDetached("look-up") { [self] in
        completion(resolve(host))
        release(host)
      }
    } catch {
      release(host)
      return false
    }
    return true
  }

  private func reserve(_ host: String) -> Bool {
    underWay.withLock { counts in
      let own = counts[host] ?? 0
      guard own < Self.countPerHostMax, counts.values.reduce(0, +) < Self.countMax else { return false }
      counts[host] = own + 1
      return true
    }
  }

  private func release(_ host: String) {
    underWay.withLock { counts in
      let own = counts[host] ?? 0
      counts[host] = own > 1 ? own - 1 : nil
    }
  }

  /// Addresses of one name that are looked at; further ones are not tried.
  static let addressesMax = 16

  /// Asks the system. Blocks.
  /// - Returns: in the order of preference of the system (RFC 6724), each once; empty when the name leads nowhere.
  package static func addresses(of host: String) -> [IPAddress] {
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
