import CallServer
import Testing
import WebSockets

/// Which addresses flows may ask. Nothing here waits.
@Suite("Hosts of tools")
struct ToolHostsTests {
  @Test(
    "what is not named is public, or not asked",
    arguments: [
      (nil, "orders.example", "8.8.8.8", true), (nil, "orders.example", "127.0.0.1", false),
      (nil, "orders.example", "10.0.0.1", false), (nil, "orders.example", "169.254.169.254", false),
      (nil, "orders.example", "100.64.0.1", false), (nil, "orders.example", "0.0.0.0", false),
      (nil, "orders.example", "::1", false), (nil, "orders.example", "fd00::1", false),
      (nil, "orders.example", "::ffff:10.0.0.1", false), (nil, "orders.example", "64:ff9b::a9fe:a9fe", false),
      ("*", "orders.example", "8.8.8.8", true), ("*", "orders.example", "127.0.0.1", false),
      ("orders.example", "ORDERS.example", "10.0.0.1", true), ("orders.example", "orders.example", "127.0.0.1", true),
      ("orders.example", "orders.example", "169.254.169.254", false),
      ("orders.example", "orders.example", "fe80::1", false),
      ("orders.example", "orders.example", "0.0.0.0", false), ("orders.example", "a.orders.example", "8.8.8.8", false),
      ("orders.example", "orders.example.evil.example", "8.8.8.8", false),
      ("orders.example", "other.example", "8.8.8.8", false),
      ("*.orders.example", "a.b.orders.example", "10.0.0.1", true),
      ("*.orders.example", "orders.example", "8.8.8.8", false),
      ("*.orders.example", "evilorders.example", "8.8.8.8", false),
      ("127.0.0.1", "localhost", "127.0.0.1", true), ("127.0.0.1", "localhost", "127.0.0.2", false),
      ("169.254.169.254", "169.254.169.254", "169.254.169.254", true), ("[::1]", "localhost", "::1", true),
      ("::1", "localhost", "::1", true), ("10.0.0.0/8", "x", "10.255.0.1", true),
      ("10.0.0.0/8", "x", "11.0.0.1", false),
      ("10.0.0.0/8", "x", "::ffff:10.0.0.1", true), ("fd00::/8", "x", "fd12::1", true),
      ("fd00::/8", "x", "fe00::1", false),
      ("fd00:1::/80", "x", "fd00:1::1", true), ("fd00:1::/80", "x", "fd00:1:0:0:1::", false),
      ("0.0.0.0/0", "x", "::1", false),
      ("a.example:81", "a.example", "8.8.8.8", false), ("a.example:80", "a.example", "8.8.8.8", true),
      ("127.0.0.1:81, *", "x", "127.0.0.1", false), ("127.0.0.1:80 *", "x", "127.0.0.1", true),
    ] as [(String?, String, String, Bool)])
  func permits(hosts: String?, host: String, address: String, isPermitted: Bool) throws {
    let hosts = try hosts.map { try ToolHosts($0) } ?? ToolHosts()
    #expect(hosts.permits(host, port: 80, at: try #require(IPAddress(address))) == isPermitted)
  }

  @Test(
    "what is no host is told",
    arguments: ["http://a", "a/b", "10.0.0.0/33", "*.1.2.3.4", "a:x", "*a", "a@b", "1.2.3.4/"])
  func faults(text: String) {
    #expect(throws: ToolHosts.Fault(entry: text)) { try ToolHosts("orders.example, \(text)") }
  }
}
