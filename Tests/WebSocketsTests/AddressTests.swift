import Testing
import WebSockets

/// What is read as an address, a host and an origin. Nothing here waits.
@Suite("Addresses")
struct AddressTests {
  @Test(
    "an address is in the network that IANA says",
    arguments: [
      ("8.8.8.8", .global), ("1.1.1.1", .global), ("172.15.255.255", .global), ("172.32.0.0", .global),
      ("100.63.255.255", .global), ("100.128.0.0", .global), ("223.255.255.255", .global), ("2606:4700::1", .global),
      ("127.0.0.1", .loopback), ("127.255.255.255", .loopback), ("::1", .loopback), ("::ffff:127.0.0.1", .loopback),
      ("::ffff:7f00:1", .loopback), ("64:ff9b::7f00:1", .loopback), ("2002:7f00:1::", .loopback),
      ("169.254.169.254", .linkLocal), ("::ffff:169.254.169.254", .linkLocal), ("fe80::1", .linkLocal),
      ("febf::1", .linkLocal), ("64:ff9b::a9fe:a9fe", .linkLocal),
      ("10.0.0.1", .privateUse), ("172.16.0.0", .privateUse), ("172.31.255.255", .privateUse),
      ("192.168.255.255", .privateUse), ("100.64.0.0", .privateUse), ("100.127.255.255", .privateUse),
      ("fc00::1", .privateUse), ("fdff::1", .privateUse), ("fd00:ec2::254", .privateUse), ("fec0::1", .privateUse),
      ("64:ff9b:1::1", .privateUse), ("2002:0a00:1::", .privateUse),
      ("0.0.0.0", .reserved), ("0.1.2.3", .reserved), ("::", .reserved), ("::ffff:0.0.0.0", .reserved),
      ("192.0.0.192", .reserved), ("192.0.2.1", .reserved), ("198.18.0.1", .reserved), ("198.51.100.1", .reserved),
      ("203.0.113.1", .reserved), ("224.0.0.1", .reserved), ("240.0.0.1", .reserved), ("255.255.255.255", .reserved),
      ("ff02::1", .reserved), ("2001:db8::1", .reserved), ("2001::1", .reserved), ("::127.0.0.1", .reserved),
      ("4000::1", .reserved),
    ] as [(String, IPAddress.Range)])
  func ranges(text: String, range: IPAddress.Range) {
    #expect(IPAddress(text)?.range == range)
  }

  @Test("an address is written in one way")
  func written() {
    for (text, written) in [
      ("127.0.0.1", "127.0.0.1"), ("::FFFF:127.0.0.1", "127.0.0.1"), ("2001:0DB8:0:0::0001", "2001:db8::1"),
    ] { #expect(IPAddress(text)?.text == written) }
    for text in ["", "127.1", "127.0.0.01", "1.2.3.4:5", "[::1]", "fe80::1%eth0", "1.2.3.4 ", "localhost", "::1\0"] {
      #expect(IPAddress(text) == nil, "\(text)")
    }
  }

  @Test("a host with a port, and nothing else beside it")
  func hosts() {
    for (text, host, port) in [
      ("Desk.Example", "desk.example", nil), ("a:1", "a", 1), ("a:", "a", nil), ("[::1]:65535", "[::1]", 65_535),
      ("under_score-1.x", "under_score-1.x", nil),
    ] as [(String, String, UInt16?)] {
      #expect(HostAndPort(text)?.host == host && HostAndPort(text)?.port == port, "\(text)")
    }
    for text in [
      "", ":1", "a b", "a,b", "a@b", "a/b", "a?b", "a#b", "a:1:2", "a:-1", "a:+1", "a:65536", "[::1", "[::1]1", "[]",
      "[127.0.0.1]", "a\u{0}", "ä.example", "a%41", String(repeating: "a", count: HostAndPort.charactersMax + 1),
    ] { #expect(HostAndPort(text) == nil, "\(text)") }
  }

  @Test("an address is one of this machine by its whole host, not by how that begins")
  func thisMachine() {
    for url in [
      "http://127.0.0.1:8080", "ws://127.8.9.1/v1/call", "wss://localhost", "ws://LOCALHOST:1/x", "http://[::1]:80/",
    ] { #expect(HostAndPort(ofURL: url)?.isThisMachine == true, "\(url)") }
    for url in [
      "http://127.0.0.1.evil.example/", "http://127.evil.example", "ws://localhost.evil.example/", "ws://192.0.2.1/",
      "http://[2001:db8::1]/", "http://user@127.0.0.1/", "127.0.0.1:80", "http://", "http://0.0.0.0/",
    ] { #expect(HostAndPort(ofURL: url)?.isThisMachine != true, "\(url)") }
  }

  @Test("an origin is scheme, host and port")
  func origins() {
    #expect(WebOrigin("HTTPS://Desk.Example") == WebOrigin("https://desk.example:443"))
    #expect(WebOrigin("https://desk.example") != WebOrigin("http://desk.example"))
    #expect(WebOrigin("chrome-extension://abc")?.isOfWeb == false)
    for text in [
      "", "null", "*", "https://", "https:/a", "https://a/", "https://a?b", "https://u@a", "a", "1://a", "://a",
    ] {
      #expect(WebOrigin(text) == nil, "\(text)")
    }
  }

  @Test(
    "a network has the addresses that begin as it does, and none of the other family",
    arguments: [
      ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("10.0.0.7", "10.0.0.7", true),
      ("10.0.0.7", "10.0.0.8", false), ("0.0.0.0/0", "192.0.2.1", true), ("0.0.0.0/0", "::1", false),
      ("fd00:1::/80", "fd00:1::1", true), ("fd00:1::/80", "fd00:1:0:0:1::", false), ("::/0", "::1", true),
      ("::/0", "192.0.2.1", false), ("10.0.0.0/8", "::ffff:10.0.0.1", true),
    ] as [(String, String, Bool)])
  func networks(network: String, address: String, isIn: Bool) throws {
    #expect(try #require(IPNetwork(network)).contains(#require(IPAddress(address))) == isIn)
  }

  @Test(
    "what is no network", arguments: ["", "/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "::/129", "10/8", "a/8"])
  func noNetwork(text: String) { #expect(IPNetwork(text) == nil) }
}
