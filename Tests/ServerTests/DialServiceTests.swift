import CallCore
import CallServer
import Logging
import TestSupport
import Testing
import WebSockets
import Wires

/// Calls from their order to their end, with a double where the provider's REST API should be.
@Suite("Calls that are dialed through a provider's REST API")
struct DialServiceTests {
  /// A service with what it told.
  private final class Bench {
    let double: TwilioDouble
    let http = HTTPClient()
    let dials: DialService
    let told = Probe<[DialEvent]>([])

    init(_ answer: TwilioDouble.Answer? = nil) throws {
      double = if let answer { try TwilioDouble(answer) } else { try TwilioDouble() }
      var settings = DialSettings()
      settings.rules = try DialRules("+1555")
      settings.account = TwilioAccount(sid: "AC1", token: "token")
      settings.account?.baseURL = double.url
      dials = DialService(settings, publicURL: "https://voice.example", client: http, log: Logger(label: "test"))
    }

    deinit { http.stop() }

    func reserve(_ id: String) throws {
      let (to, from) = (try PhoneNumber("+15550101"), try PhoneNumber("+15550100"))
      let order = DialOrder(id: id, to: to, from: from, key: "", limits: dials.limits(for: .seconds(60)))
      try dials.reserve(order) { [told] event in told.change { $0.append(event) } }
    }

    func place(_ id: String) { dials.place(id, twiML: TwiML(streamURL: "wss://voice.example/s")) }

    var created: Int { double.asked.current.count { $0.path.hasSuffix("/Calls.json") } }
  }

  @Test("a call that is stopped while its place is kept is never asked for")
  func stoppedBefore() throws {
    let bench = try Bench()
    try bench.reserve("one")
    #expect(bench.dials.stop("one", why: "enough") && bench.told.current.isEmpty)
    bench.place("one")
    #expect(bench.told.current == [.ended(.stopped(why: "enough"))])
    try bench.reserve("two")
    #expect(bench.dials.stopAll(why: "all") == 1)
    bench.dials.resume()
    bench.place("two")
    #expect(bench.told.current.last == .ended(.stopped(why: "all")))
    try bench.reserve("three")
    bench.place("three")
    #expect(bench.told.wait(10) { $0.last == .progress(.created(providerCallID: TwilioDouble.sid)) })
    #expect(bench.created == 1 && bench.dials.figures.placed == 1)
  }
}
