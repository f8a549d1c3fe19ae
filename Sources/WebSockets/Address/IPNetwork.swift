/// Addresses that begin with the same bits, such as `10.0.0.0/8`. Of an address alone it is that one.
public struct IPNetwork: Sendable, Equatable {
  private let address: IPAddress
  private let bits: Int

  /// - Parameter text: an address in digits, perhaps with `/` and the number of its first bits that count: 0 … 32 of IPv4, 0 … 128 of IPv6.
  /// - Returns: `nil` for anything else.
  public init?(_ text: some StringProtocol) {
    let slash = text.firstIndex(of: "/")
    guard let address = IPAddress(text[..<(slash ?? text.endIndex)]) else { return nil }
    self.init(address)
    guard let slash else { return }
    guard let bits = Int(text[text.index(after: slash)...]), (0...self.bits).contains(bits) else { return nil }
    self = IPNetwork(address: address, bits: bits)
  }

  /// One address.
  public init(_ address: IPAddress) { self.init(address: address, bits: address.v4 == nil ? 128 : 32) }

  private init(address: IPAddress, bits: Int) { (self.address, self.bits) = (address, bits) }

  /// Whether an address is in it. None of IPv4 is in a network of IPv6.
  public func contains(_ other: IPAddress) -> Bool {
    guard (address.v4 == nil) == (other.v4 == nil) else { return false }
    let bits = address.v4 == nil ? bits : bits + 96
    func agree(_ one: UInt64, _ other: UInt64, _ bits: Int) -> Bool {
      bits <= 0 || (one ^ other) >> UInt64(64 - bits) == 0
    }
    return agree(address.high, other.high, min(bits, 64)) && agree(address.low, other.low, bits - 64)
  }
}
