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

  init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

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

extension IPAddress {
  /// What kind of network an address is in (IANA's special-purpose address registries of IPv4 and IPv6).
  public enum Range: Sendable, Equatable {
    /// Reached through the Internet.
    case global
    /// This machine.
    case loopback
    /// This link; clouds answer with secrets of the machine there (169.254.169.254).
    case linkLocal
    /// Networks of an organisation or a provider: RFC 1918, 6598 and 4193.
    case privateUse
    /// Unspecified, multicast, documentation and other addresses that no server has.
    case reserved
  }

  /// See `Range`. Addresses that carry an IPv4 address for a translator (NAT64, 6to4) are what that one is.
  public var range: Range {
    if let v4 { return Self.range(ofV4: v4) }
    if high == 0, low == 1 { return .loopback }
    if high == 0x0064_ff9b_0000_0000, low >> 32 == 0 { return Self.range(ofV4: UInt32(truncatingIfNeeded: low)) }
    if high >> 48 == 0x2002 { return Self.range(ofV4: UInt32(truncatingIfNeeded: high >> 16)) }
    if high >> 57 == 0xfc >> 1 || high >> 54 == 0xfec0 >> 6 || high >> 16 == 0x0064_ff9b_0001 { return .privateUse }
    if high >> 54 == 0xfe80 >> 6 { return .linkLocal }
    let isReserved = Self.reserved6.contains { high >> (64 - $0.bits) == $0.prefix }
    return high >> 61 == 1 && !isReserved ? .global : .reserved
  }

  /// Parts of 2000::/3 that no server has: Teredo, benchmarks, ORCHID, documentation.
  private static let reserved6: [(prefix: UInt64, bits: UInt64)] = [
    (0x2001_0000, 32), (0x2001_0002_0000, 48), (0x2001_001, 28), (0x2001_002, 28), (0x2001_0db8, 32), (0x3fff_0, 20),
  ]

  private static let ranges4: [(network: UInt32, bits: UInt32, range: Range)] = [
    (0x0000_0000, 8, .reserved), (0x0a00_0000, 8, .privateUse), (0x6440_0000, 10, .privateUse),
    (0x7f00_0000, 8, .loopback), (0xa9fe_0000, 16, .linkLocal), (0xac10_0000, 12, .privateUse),
    (0xc000_0000, 24, .reserved), (0xc000_0200, 24, .reserved), (0xc058_6300, 24, .reserved),
    (0xc0a8_0000, 16, .privateUse), (0xc612_0000, 15, .reserved), (0xc633_6400, 24, .reserved),
    (0xcb00_7100, 24, .reserved), (0xe000_0000, 3, .reserved),
  ]

  private static func range(ofV4 address: UInt32) -> Range {
    ranges4.first { ($0.network ^ address) >> (32 - $0.bits) == 0 }?.range ?? .global
  }
}
