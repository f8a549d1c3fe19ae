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
