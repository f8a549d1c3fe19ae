import WebSockets

/// Where a service in OpenAI's shape is, and the key that it wants.
public struct RemoteAddress: Sendable {
  /// What is wrong with an address or a key. Never shows the key.
  public struct Fault: Error, Sendable, Equatable, CustomStringConvertible {
    /// One sentence.
    public let description: String
  }

  /// What OpenAI's endpoints stand below, such as `http://speech.example:8080/v1`; without a slash at its end.
  public let base: String
  /// Sent as `Authorization: Bearer`; never logged, told or shown.
  let key: String?

  /// - Parameters:
  ///   - url: as OpenAI's clients take it (`https://host/v1`), or without a path: `/v1` is added.
  ///   - key: 1 to 512 printable characters without blanks.
  ///   - example: an address for the message when `url` is none.
  public init(url: String, key: String?, example: String) throws(Fault) {
    var base = url
    while base.hasSuffix("/") { base.removeLast() }
    guard HTTPClient.canAsk(base), !base.contains(where: { "?#".contains($0) }) else {
      throw Fault(
        description:
          "expected an address such as \(example) or https://api.example/v1, without a user and a query")
    }
    let path = base.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).last ?? ""
    self.base = path.contains("/") ? base : base + "/v1"
    if let key {
      guard (1...512).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
        throw Fault(
          description: "expected a key of 1 to 512 printable characters without blanks, got \(key.utf8.count) bytes")
      }
    }
    self.key = key
  }

  /// Whether somebody on the way could read the key.
  public var showsKey: Bool { key != nil && base.hasPrefix("http://") && !isLocal }

  private var isLocal: Bool {
    ["127.", "localhost", "[::1]"].contains { base.dropFirst("http://".count).hasPrefix($0) }
  }

  /// `text` without the key: services quote it in their errors.
  func withoutKey(_ text: String) -> String {
    guard let key else { return text }
    return text.replacing(key, with: "[key]")
  }
}
