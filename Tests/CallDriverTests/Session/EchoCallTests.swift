import CallCore
import CallDriver
import Testing

/// Takes away a half of what was played, with the delay that it is given: what a filter does that has learned its way.
private final class HalfCancellers: EchoCancellerFactory, @unchecked Sendable {
  // Unchecked: used by one thread of the test.
  var made = 0
  var cancelled = 0
  /// None is to be had.
  var isEmpty = false

  func makeEchoCanceller() -> (any EchoCanceller)? {
    guard !isEmpty else { return nil }
    made += 1
    return Canceller(self)
  }

  private final class Canceller: EchoCanceller {
    private let owner: HalfCancellers
    /// The canceller is asked 10 ms before what the echo is of.
    private var before = [Int16](repeating: 0, count: 160)

    init(_ owner: HalfCancellers) { self.owner = owner }

    func cancel(_ played: UnsafeBufferPointer<Int16>, in frame: UnsafeMutableBufferPointer<Int16>) {
      owner.cancelled += 1
      let line = before + played
      for index in frame.indices { frame[index] = Int16(clamping: Int(frame[index]) - Int(line[index]) / 2) }
      before = Array(line.suffix(160))
    }

    func reset() { before = [Int16](repeating: 0, count: 160) }
  }
}

@Suite("The agent's own voice in the caller's audio")
struct EchoCallTests {
  private static let speech = {
    var sound = EchoSound(seed: 7)
    return sound.samples(320 * 150, amplitude: 16_000)
  }()

  /// A call in which the agent speaks for 3 s and its voice comes back, half as loud.
  private static func harness(_ cancellers: HalfCancellers?, delay: Int, packets: Int = 160) throws -> SessionHarness {
    let harness = try SessionHarness(saying: ["Hello."], echoCancellers: cancellers)
    let bytes = speech.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    harness.hear(0, packets: 10)
    harness.deliver(1, 0, EncodedSpeech(bytes: bytes, packetEnds: (0..<150).map { Int32(($0 + 1) * 640) }))
    let start = try #require(harness.sent.first).due
    for _ in 0..<packets {
      harness.pass(.milliseconds(20), ticking: false)
      let first = (harness.milliseconds - 20 - start - delay) * 16
      let frame = (first..<first + 320).map { speech.indices.contains($0) ? speech[$0] / 2 : 0 }
      harness.receive(frame.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] })
      harness.session.tick(at: harness.now)
    }
    return harness
  }

  @Test("interrupts the agent without a canceller, and with one it does not", arguments: [30, 150, 400])
  func interruption(delay: Int) throws {
    let without = try Self.harness(nil, delay: delay).hangUp().record
    #expect(without.timeline.contains { $0.kind == .bargeIn })
    #expect(without.echoDelay == nil)
    let cancellers = HalfCancellers()
    let record = try Self.harness(cancellers, delay: delay).hangUp().record
    #expect(record.timeline.allSatisfy { $0.kind != .bargeIn && $0.kind != .speechStarted })
    #expect(record.turns == 0)
    #expect(record.echoDelay == .milliseconds(delay))
    #expect(cancellers.made == 1 && cancellers.cancelled > 100)
  }

  @Test("costs nothing while the caller is silent, and nothing more once the agent is")
  func cost() throws {
    let cancellers = HalfCancellers()
    let harness = try Self.harness(cancellers, delay: 30)
    harness.hear(0, packets: 20)
    let cancelled = cancellers.cancelled
    harness.hear(0, packets: 50)
    harness.hear(SessionHarness.loud, packets: 20)
    #expect(cancellers.cancelled == cancelled)
    #expect(harness.phase == "hearing")
    let quiet = HalfCancellers()
    let other = try SessionHarness(saying: ["Hello."], echoCancellers: quiet)
    other.deliver(1, 0, SessionHarness.speech(packets: 100))
    other.hear(0, packets: 120)
    #expect(quiet.made == 0)
  }

  @Test("a caller who speaks louder than it is heard over it, and the agent stops")
  func caller() throws {
    let harness = try Self.harness(HalfCancellers(), delay: 30, packets: 60)
    #expect(harness.phase == "speaking")
    harness.hear(30_000, packets: 12)
    #expect(harness.phase == "hearing")
    #expect(try harness.hangUp().record.timeline.contains { $0.kind == .bargeIn })
  }

  @Test("stays where no canceller is left")
  func refused() throws {
    let cancellers = HalfCancellers()
    cancellers.isEmpty = true
    let record = try Self.harness(cancellers, delay: 30).hangUp().record
    #expect(record.echoDelay == nil)
    #expect(record.timeline.contains { $0.kind == .bargeIn })
  }
}
