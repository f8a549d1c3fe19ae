import TestSupport
import Testing
import WebSockets

@Suite("Looking names up")
struct AddressLookupTests {
  private let isHeld = Probe(true)
  private let found = Probe<[String]>([])

  private func lookup() throws -> AddressLookup {
    let isHeld = isHeld
    let address = try #require(IPAddress("192.0.2.1"))
    return AddressLookup { _ in
      isHeld.wait { !$0 }
      return [address]
    }
  }

  private func begin(_ host: String, _ lookup: AddressLookup) -> Bool {
    lookup.begin(host) { [found] addresses in found.change { $0.append("\(host) \(addresses.map(\.text))") } }
  }

  @Test(
    "a name server that does not answer holds up the look-ups of its own names, and so many of others that threads are bounded"
  )
  func limits() throws {
    let lookup = try lookup()
    let slow = (0...AddressLookup.countPerHostMax).map { _ in begin("slow.example", lookup) }
    #expect(slow == Array(repeating: true, count: AddressLookup.countPerHostMax) + [false])
    let others = (AddressLookup.countPerHostMax...AddressLookup.countMax).map { begin("host\($0).example", lookup) }
    let room = AddressLookup.countMax - AddressLookup.countPerHostMax
    #expect(others == Array(repeating: true, count: room) + [false])
    #expect(found.current.isEmpty)
    // Digits need no name server.
    #expect(begin("2001:db8::1", lookup) && found.current == ["2001:db8::1 [\"2001:db8::1\"]"])
    isHeld.change { $0 = false }
    #expect(found.wait { $0.count == AddressLookup.countMax + 1 })
    #expect(eventually { begin("slow.example", lookup) })
    #expect(found.wait { $0.count { $0 == "slow.example [\"192.0.2.1\"]" } > AddressLookup.countPerHostMax })
  }
}
