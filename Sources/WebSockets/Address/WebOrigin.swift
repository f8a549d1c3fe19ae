/// The origin of a page, as `Origin` names it (RFC 6454, 6.2): `https://desk.example` or `http://localhost:3000`.
public struct WebOrigin: Sendable, Hashable {
  /// In lower case.
  public let scheme: String
  /// In lower case; an IPv6 address in its brackets.
  public let host: String
  /// The one that stands there, else that of the scheme; `nil` where a scheme has none.
  public let port: UInt16?

  /// - Returns: `nil` for anything else: `null`, `*`, a path, user information, a list.
  public init?(_ text: some StringProtocol) {
    guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { return nil }
    let scheme = text[..<colon].lowercased()
    guard let first = scheme.utf8.first, (0x61...0x7A).contains(first), scheme.utf8.allSatisfy(Self.isOfScheme),
      let place = HostAndPort(text[text.index(colon, offsetBy: 3)...])
    else { return nil }
    self.scheme = scheme
    host = place.host
    port = place.port ?? Self.defaultPort(of: scheme)
  }

  /// Whether pages are loaded from there: `http` or `https`.
  public var isOfWeb: Bool { Self.defaultPort(of: scheme) != nil }

  /// Whether `Host` names the same host and port. Where none is named, it is that of this origin's scheme: a proxy may end TLS.
  public func isAt(_ place: HostAndPort) -> Bool {
    host == place.host && port == place.port ?? Self.defaultPort(of: scheme)
  }

  private static func defaultPort(of scheme: String) -> UInt16? { ["http": 80, "https": 443][scheme] }

  private static func isOfScheme(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"),
      UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}
