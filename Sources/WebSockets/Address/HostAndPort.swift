/// A host and perhaps a port, as `Host` and origins name them (RFC 3986, 3.2.2 and 3.2.3).
public struct HostAndPort: Sendable, Hashable {
  /// Longest text that is read: a name has at most 253 characters.
  public static let charactersMax = 320

  /// In lower case; an IPv6 address in its brackets.
  public let host: String
  /// `nil` where none stands.
  public let port: UInt16?

  /// - Returns: `nil` for anything else: nothing, user information, a list, a path, characters that no name has.
  public init?(_ text: some StringProtocol) {
    guard text.utf8.count <= Self.charactersMax else { return nil }
    let text = text.lowercased()
    let end: String.Index
    if text.first == "[" {
      guard let bracket = text.firstIndex(of: "]") else { return nil }
      end = text.index(after: bracket)
      let digits = text[..<bracket].dropFirst()
      guard digits.contains(":"), IPAddress(digits) != nil else { return nil }
    } else {
      end = text.firstIndex(of: ":") ?? text.endIndex
      guard end > text.startIndex, text[..<end].utf8.allSatisfy(Self.isOfName) else { return nil }
    }
    let rest = text[end...]
    guard rest.isEmpty || rest.first == ":" else { return nil }
    let digits = rest.dropFirst()
    guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    if digits.isEmpty {
      port = nil
    } else {
      guard let number = UInt16(digits) else { return nil }
      port = number
    }
    host = String(text[..<end])
  }

  /// The host as an address in digits; `nil` when it is a name.
  public var address: IPAddress? {
    host.first == "[" ? IPAddress(host.dropFirst().dropLast()) : IPAddress(host)
  }

  /// That of an address such as `wss://host:port/path`.
  /// - Returns: `nil` where none stands, or nothing that a host is named by.
  public init?(ofURL url: String) {
    let parts = url.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    self.init(parts[1].prefix { $0 != "/" && $0 != "?" && $0 != "#" })
  }

  /// Whether it is `localhost`, or an address of loopback; what a name stands for is not looked up.
  public var isThisMachine: Bool { host == "localhost" || address?.range == .loopback }

  private static func isOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
      UInt8(ascii: "."), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}

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
