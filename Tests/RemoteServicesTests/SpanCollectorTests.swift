import RemoteServices
import Testing

@Suite("Where spans are sent")
struct SpanCollectorTests {
  private static let secret = "planted-secret"

  @Test(
    "is an address of http or https", arguments: ["http://127.0.0.1:4318/v1/traces", "https://otel.example/x?key=a"])
  func good(url: String) throws { #expect(try SpanCollector(url: url).url == url) }

  @Test(
    "is none of these",
    arguments: ["", "127.0.0.1:4318", "ws://a/v1/traces", "http://me:you@a/", "http://a/#b", "http://a b/"])
  func bad(url: String) { #expect(throws: SpanCollector.Fault.self) { try SpanCollector(url: url) } }

  @Test(
    "takes no header that is none, and does not show it",
    arguments: ["", "a b", "a:", "ä", "content-type", "Host", "Transfer-Encoding"])
  func badName(name: String) throws {
    let fault = #expect(throws: SpanCollector.Fault.self) {
      try SpanCollector(url: "http://a/", headers: [(name, Self.secret)])
    }
    #expect(fault.map { !$0.description.contains(Self.secret) } == true)
  }

  @Test("takes no header's value that begins another line", arguments: ["a\r\nb: c", "a\nb", "ä", "\u{7F}"])
  func badValue(value: String) {
    #expect(throws: SpanCollector.Fault.self) { try SpanCollector(url: "http://a/", headers: [("k", value)]) }
  }

  @Test("takes 32 headers, and not 33")
  func manyHeaders() throws {
    let headers = (0..<33).map { (name: "h\($0)", value: "v") }
    _ = try SpanCollector(url: "http://a/", headers: Array(headers.dropLast()))
    #expect(throws: SpanCollector.Fault.self) { try SpanCollector(url: "http://a/", headers: headers) }
  }

  @Test(
    "shows its headers to others only without TLS and off this machine",
    arguments: [("http://otel.example/", true), ("https://otel.example/", false), ("http://127.0.0.1:1/", false)])
  func showsKey(url: String, shows: Bool) throws {
    #expect(try SpanCollector(url: url, headers: [("k", "v")]).showsKey == shows)
    #expect(try SpanCollector(url: url).showsKey == false)
  }

  @Test("is told without its query")
  func shown() throws { #expect(try SpanCollector(url: "http://a/t?key=\(Self.secret)").shownURL == "http://a/t") }
}
