import CallCore
import CallDriver
import Testing

@Suite("The caller's clock tells a pause of the sender from a hold-up on the way")
struct CallerClockTests {
  /// Speech, then `stall` ms in which nothing arrives, then `burst` packets at once, then silence to the end of the turn.
  /// - Returns: the turn's endpoint wait in milliseconds, by the machine.
  private func endpointWait(stall: Int, stamped: Bool) throws -> Int {
    let harness = try SessionHarness()
    var stamp: UInt64 = 0
    func packet(_ value: Int16) {
      stamp += 20_000
      harness.receive(PlainCodecs.packet(of: value), stamp: stamped ? stamp : nil)
    }
    func hear(_ value: Int16, packets: Int) {
      for _ in 0..<packets {
        harness.pass(.milliseconds(20), ticking: false)
        packet(value)
        harness.session.tick(at: harness.now)
      }
    }
    hear(SessionHarness.loud, packets: 40)
    harness.pass(.milliseconds(stall))
    for _ in 0..<(stall / 20) { packet(SessionHarness.loud) }
    hear(SessionHarness.loud, packets: 20)
    let spoken = harness.milliseconds
    hear(0, packets: 40)
    let stopped = try #require(
      harness.reports.compactMap { if case .speechStopped(let at) = $0 { at.milliseconds } else { nil } }.last)
    return spoken - stopped
  }

  private static let stamps: [UInt64] = [
    0, 1, 20_000, 1 << 31, 1 << 53, 1 << 62, (1 << 63) - 1, 1 << 63, .max - 1, .max,
  ]

  @Test("Whatever a sender's clock shows, the call goes on and its sound keeps its place", arguments: stamps)
  func anyStamps(first: UInt64) throws {
    for second in Self.stamps {
      let harness = try SessionHarness()
      for stamp in [first, second, first, second] {
        harness.receive(PlainCodecs.packet(of: 0), stamp: stamp)  // at once, and after a pause
        harness.pass(.milliseconds(300))
        harness.receive(PlainCodecs.packet(of: 0), stamp: stamp)
      }
      let call = try harness.hangUp()
      #expect(call.record.audio.received == 8, "\(first), \(second)")
      #expect(try #require(call.recording?.caller.positions.last) <= 16_000 * 3 / 2)
    }
  }

  @Test("After a hold-up of 400 ms the end of speech is where it was, as the sender's time goes on without a gap")
  func holdUp() throws {
    #expect(abs(try endpointWait(stall: 400, stamped: true)) <= 20)
  }

  @Test("Without the sender's time a hold-up is taken for a pause; the burst behind it sets the clock back, by 300 ms")
  func holdUpWithoutStamps() throws {
    let wait = try endpointWait(stall: 400, stamped: false)
    #expect((-140 ... -40).contains(wait), "\(wait)")
  }
}
