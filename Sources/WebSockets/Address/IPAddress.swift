import CLibwebsockets
import Glibc

/// An IPv4 or IPv6 address. An IPv4 address that is mapped into IPv6 (`::ffff:192.0.2.1`) is the IPv4 address.
public struct IPAddress: Sendable, Hashable {
  /// The first 64 bits of the IPv6 form, in host byte order.
  public let high: UInt64
  /// The last 64 bits of the IPv6 form, in host byte order.
  public let low: UInt64

  private static let mappedPrefix: UInt64 = 0xffff

  /// - Parameter text: an address in its usual digits: four decimal numbers without leading zeros, or IPv6 without brackets and zone.
  /// - Returns: `nil` for anything else, short forms such as `127.1` among them.
  public init?(_ text: some StringProtocol) {
    guard text.utf8.count < Int(INET6_ADDRSTRLEN), !text.utf8.contains(0) else { return nil }
    let text = String(text)
    var four = in_addr()
    var six = in6_addr()
    if inet_pton(AF_INET, text, &four) == 1 {
      self.init(four)
    } else if inet_pton(AF_INET6, text, &six) == 1 {
      self.init(six)
    } else {
      return nil
    }
  }

  /// - Parameter address: of a socket or a name look-up.
  /// - Returns: `nil` when it is of neither family.
  init?(_ address: UnsafePointer<sockaddr>) {
    switch Int32(address.pointee.sa_family) {
    case AF_INET:
      self.init(address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { $0.pointee.sin_addr })
    case AF_INET6:
      self.init(address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { $0.pointee.sin6_addr })
    default: return nil
    }
  }

  private init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

  init(v4: UInt32) { (high, low) = (0, Self.mappedPrefix << 32 | UInt64(v4)) }

  private init(_ four: in_addr) { self.init(v4: UInt32(bigEndian: four.s_addr)) }

  private init(_ six: in6_addr) {
    let halves = withUnsafeBytes(of: six) {
      ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }
    (high, low) = (UInt64(bigEndian: halves.0), UInt64(bigEndian: halves.1))
  }

  /// The IPv4 address; `nil` for one of IPv6.
  public var v4: UInt32? {
    high == 0 && low >> 32 == Self.mappedPrefix ? UInt32(truncatingIfNeeded: low) : nil
  }

  /// What one customer of a provider has: an IPv4 address itself, of an IPv6 address the first 64 bits.
  public var network: IPAddress { v4 == nil ? IPAddress(high: high, low: 0) : self }

  /// What a provider has: the first 16 bits of an IPv4 address, the first 32 of an IPv6 address.
  public var surroundings: IPAddress {
    v4.map { IPAddress(v4: $0 & 0xffff_0000) } ?? IPAddress(high: high & 0xffff_ffff_0000_0000, low: 0)
  }

  /// In digits.
  public var text: String {
    var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    if let v4 {
      var four = in_addr(s_addr: v4.bigEndian)
      inet_ntop(AF_INET, &four, &buffer, socklen_t(buffer.count))
    } else {
      var halves = (high.bigEndian, low.bigEndian)
      inet_ntop(AF_INET6, &halves, &buffer, socklen_t(buffer.count))
    }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
