import WebSockets

/// Where requests come from, as far as whoever sends them cannot choose: an IPv4 address, or the first 64 bits of an IPv6 address,
/// within which one customer of a provider has as many addresses as he likes.
package struct ClientAddress: Sendable, Hashable {
  /// `nil`: all that is no address.
  private let network: IPAddress?

  /// All that is no address.
  package static let unknown = ClientAddress(network: nil)

  private init(network: IPAddress?) { self.network = network }

  /// - Parameter text: an address in digits, as sockets and proxies write it: with a port or without, brackets, a zone, capitals,
  ///   leading zeros of IPv4, in quotes.
  /// - Returns: `nil` when it is none.
  package init?(_ text: some StringProtocol) {
    guard let address = Self.address(in: text) else { return nil }
    self.init(network: address.network)
  }

  /// The address of a text as `init` takes it.
  static func address(in text: some StringProtocol) -> IPAddress? {
    guard text.utf8.count <= charactersMax else { return nil }
    return bare(String(text).filter { !$0.isWhitespace && $0 != "\"" })
  }

  /// Longest text that is looked at.
  private static let charactersMax = 128

  /// The network that this one is in: 16 bits of IPv4, 32 of IPv6.
  package var surroundings: ClientAddress { ClientAddress(network: network?.surroundings) }

  private static func bare(_ text: String) -> IPAddress? {
    if text.first == "[" { return IPAddress(text.dropFirst().prefix { $0 != "]" && $0 != "%" }) }
    let colons = text.count { $0 == ":" }
    if colons > 1 { return IPAddress(text.prefix { $0 != "%" }) }
    let parts = text.prefix { $0 != ":" }.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
    else { return nil }
    return IPAddress(
      parts.map { $0.count > 1 ? $0.drop { $0 == "0" } : $0 }.map { $0.isEmpty ? "0" : $0 }.joined(separator: "."))
  }
}
