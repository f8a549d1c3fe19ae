public import CallCore
import WebSockets

/// Where spans are sent: OpenTelemetry's collector, or anything else that takes OTLP over HTTP as Protocol Buffers.
public struct SpanCollector: Sendable {
  /// What is wrong with an address or a header. Never shows a header's value.
  public struct Fault: Error, Sendable, Equatable, CustomStringConvertible {
    /// One sentence.
    public let description: String
  }

  /// The address that is posted to, such as `http://127.0.0.1:4318/v1/traces`.
  public let url: String
  /// Sent along; their values are never logged, told or shown.
  let headers: [(name: String, value: String)]
  /// Who sends the spans: the resource's attributes.
  public var resource: [SpanAttribute] = []
  /// The version of this program.
  public var version = ""
  /// How long it is waited for.
  public var times = SpanTimes()

  /// Most further headers.
  public static let headersMax = 32
  /// What every request has already.
  private static let ownHeaders: Set = ["content-type", "content-length", "host", "connection", "transfer-encoding"]
  /// Most bytes of an answer that are read: a few numbers and a sentence.
  private static let answerBytesMax = 64 << 10

  /// - Parameters:
  ///   - url: the whole address, without a user.
  ///   - headers: further ones, such as a key.
  public init(url: String, headers: [(name: String, value: String)] = []) throws(Fault) {
    guard HTTPClient.canAsk(url), !url.contains("#") else {
      throw Fault(description: "expected an address such as http://127.0.0.1:4318, without a user")
    }
    guard headers.count <= Self.headersMax else {
      throw Fault(description: "expected at most \(Self.headersMax) headers, got \(headers.count)")
    }
    for (index, header) in headers.enumerated() {
      let isName = !header.name.isEmpty && header.name.utf8.allSatisfy(Self.isOfToken)
      guard isName, header.value.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
        throw Fault(description: "header \(index + 1) is not NAME=VALUE of printable characters")
      }
      guard !Self.ownHeaders.contains(header.name.lowercased()) else {
        throw Fault(description: "the header \(header.name.lowercased()) is set by VoiceForge itself")
      }
    }
    (self.url, self.headers) = (url, headers)
  }

  /// The address without its query, which may hold a key.
  public var shownURL: String { String(url.prefix { $0 != "?" }) }

  /// Whether somebody on the way could read what the headers hold.
  public var showsKey: Bool { !headers.isEmpty && url.hasPrefix("http://") && !isLocal }

  private var isLocal: Bool { HostAndPort(ofURL: url)?.isThisMachine == true }

  /// Characters of a header's name (RFC 9110, section 5.6.2).
  private static func isOfToken(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }

  /// A request that carries `body`.
  func request(_ body: [UInt8]) -> HTTPClientRequest {
    var request = HTTPClientRequest(
      method: "POST", url: url, headers: [("content-type", "application/x-protobuf")] + headers, body: body,
      timeout: times.answerMax, responseBytesMax: Self.answerBytesMax)
    request.permits = { _, _, _ in true }  // so that a slow name server holds up nobody else
    return request
  }
}

/// How long a collector is waited for.
public struct SpanTimes: Sendable, Equatable {
  /// Longest time for one request (`OTEL_EXPORTER_OTLP_TIMEOUT`).
  public var answerMax = Duration.seconds(10)
  /// How long spans wait for others, to be sent together with them.
  public var batchDelay = Duration.seconds(1)
  /// Longest time to send what is left when the server stops.
  public var stopMax = Duration.seconds(5)
  /// When a request is sent again.
  public var retry = SpanRetry()

  /// Everything at its default.
  public init() {}
}
