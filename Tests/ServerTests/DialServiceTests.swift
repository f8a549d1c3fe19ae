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
    #expect(bench.told.wait { $0.last == .progress(.created(providerCallID: TwilioDouble.sid)) })
    #expect(bench.created == 1 && bench.dials.figures.placed == 1)
  }

  @Test("a call that was given up and goes on after all is hung up, again where that fails, and told of no more")
  func goesOn() throws {
    let failures = Probe(1)
    let bench = try Bench { asked in
      if asked.path.hasSuffix("/Calls.json") { return TwilioDouble.problem(500, code: 20500, "Internal") }
      var isFailure = false
      failures.change { count in
        isFailure = count > 0
        count -= 1
      }
      return isFailure ? TwilioDouble.problem(503, code: 20503, "busy") : TwilioDouble.call(status: "completed")
    }
    try bench.reserve("one")
    bench.place("one")
    #expect(bench.told.wait { $0.count == 1 } && eventually { bench.dials.figures.underWay == 0 })
    #expect(bench.dials.told(.ringing, id: "one", sid: TwilioDouble.sid) == "one")
    #expect(bench.dials.figures.underWay == 1)
    let isHungUp = eventually {
      bench.dials.tick()
      return bench.dials.figures.underWay == 0
    }
    #expect(isHungUp && bench.double.hangUps == 2 && bench.told.current.count == 1)
  }
}
