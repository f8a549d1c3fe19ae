import CallCore
import CallDriver
import Formats
import JSON
public import WebSockets

/// Makes the requests of flows with the server's HTTP client. Redirects are not followed: they are failures.
final class FlowTools: ToolCaller {
  /// Most bytes of an answer that are read: flows take single values from it.
  private static let answerBytesMax = 1 << 20

  private let client: HTTPClient
  private let hosts: ToolHosts

  init(client: HTTPClient, hosts: ToolHosts) {
    self.client = client
    self.hosts = hosts
  }

  func call(_ tool: ToolRequest, completion: @escaping @Sendable (ToolResponse) -> Void) {
    var request = HTTPClientRequest(
      method: tool.method, url: tool.url, headers: tool.headers, body: Array((tool.body ?? "").utf8),
      timeout: .microseconds(tool.timeout.microseconds), responseBytesMax: Self.answerBytesMax)
    request.permits = { [hosts] host, port, address in hosts.permits(host, port: port, at: address) }
    let wanted = tool.wanted
    client.send(request) { result in completion(Self.toolResponse(to: result, wanted: wanted)) }
  }

  private static func toolResponse(
    to result: Result<HTTPClientResponse, HTTPClientError>, wanted: [String]
  ) -> ToolResponse {
    switch result {
    case .failure(.timedOut): return .timedOut
    case .failure(.forbidden(let host)): return .failed("\(host) is no host of VOICEFORGE_TOOL_HOSTS")
    // The address may hold credentials, and what is said here stands in the call's record.
    case .failure(.invalidURL): return .failed("the tool's address cannot be used")
    case .failure(let error): return .failed("\(error)")
    case .success(let response):
      guard (200..<300).contains(response.status) else { return .failed("status \(response.status)") }
      if wanted.isEmpty { return .answered(status: response.status, values: [:]) }
      do throws(JSONFault) {
        let body = try JSONValue(parsing: response.body)
        let values = wanted.map { path in (path, body.text(at: path)) }
        return .answered(
          status: response.status,
          values: Dictionary(values.compactMap { pair in pair.1.map { (pair.0, $0) } }, uniquingKeysWith: { $1 }))
      } catch {
        return .failed("the answer is not JSON: \(error)")
      }
    }
  }
}

/// Which servers the tools of flows may ask.
///
/// Whoever may write a flow can have this server ask any address that it reaches, and this machine and its networks trust the server
/// more than they trust him. So addresses of loopback, of this link and of private networks are asked only where they are named. The
/// address that is connected to counts, not the name: `permits` is asked for each after the look-up.
public struct ToolHosts: Sendable {
  /// What is no entry.
  public struct Fault: Error, Sendable, Equatable {
    /// The entry.
    public let entry: String

    package init(entry: String) { self.entry = entry }
  }

  private enum Place: Sendable, Equatable {
    case everyPublicHost
    case name(String)
    case subdomains(of: String)
    case network(IPNetwork)
  }

  private struct Entry: Sendable, Equatable {
    var place: Place
    var port: UInt16?
  }

  /// Entries that are read.
  public static let entriesMax = 256

  private let entries: [Entry]

  /// Every public host, and no other.
  public init() { entries = [Entry(place: .everyPublicHost, port: nil)] }

  /// Only the hosts that are named.
  ///
  /// - Parameter text: entries with commas or blanks between them: `orders.example`, `*.orders.example` (not itself), `10.0.0.7`,
  ///   `[::1]`, each perhaps with `:PORT`; networks such as `10.0.0.0/8` and `fd00::/8`; `*` for every public host.
  /// - Throws: the first entry that is none.
  public init(_ text: String) throws(Fault) {
    var entries: [Entry] = []
    for piece in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
      guard entries.count < Self.entriesMax, let entry = Self.entry(piece) else { throw Fault(entry: String(piece)) }
      entries.append(entry)
    }
    self.entries = entries
  }

  /// Whether a request to `host` may go to `address`, which its name led to.
  ///
  /// A name that is listed may lead to any network but this link, where clouds hand out the machine's secrets: an address there has to
  /// be listed in digits.
  public func permits(_ host: String, port: UInt16, at address: IPAddress) -> Bool {
    let host = host.lowercased()
    return entries.contains { entry in
      guard entry.port == nil || entry.port == port else { return false }
      return switch entry.place {
      case .everyPublicHost: address.range == .global
      case .name(let name): host == name && Self.isOfNamedHost(address)
      case .subdomains(let name): host.hasSuffix("." + name) && Self.isOfNamedHost(address)
      case .network(let network): network.contains(address)
      }
    }
  }

  private static func isOfNamedHost(_ address: IPAddress) -> Bool {
    address.range != .linkLocal && address.range != .reserved
  }

  private static func entry(_ text: Substring) -> Entry? {
    if text == "*" { return Entry(place: .everyPublicHost, port: nil) }
    if let network = IPNetwork(text) { return Entry(place: .network(network), port: nil) }
    if text.contains("/") { return nil }
    let isPattern = text.hasPrefix("*.")
    guard let place = HostAndPort(isPattern ? text.dropFirst(2) : text) else { return nil }
    if let address = place.address {
      return isPattern ? nil : Entry(place: .network(IPNetwork(address)), port: place.port)
    }
    return Entry(place: isPattern ? .subdomains(of: place.host) : .name(place.host), port: place.port)
  }
}
