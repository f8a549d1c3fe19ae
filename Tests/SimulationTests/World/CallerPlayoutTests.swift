import CallCore
import CallDriver
import Engines
import Simulation
import Testing
import Wires

@Suite("What a caller hears of audio that waits")
struct CallerPlayoutTests {
  private static let format = AudioFormat(codec: .mulaw, sampleRate: 8000)

  /// A caller, and a second of an agent with a mark in the middle and one behind it.
  private static func caller() throws -> SimulatedCaller {
    let testCase = TestCase(
      id: "any", agent: TestAgent(flow: "any"), turns: [TestTurn(number: 1, action: .say([.words("Hello.")]))])
    return try SimulatedCaller(
      plan: CallerPlanner.silentPlan(for: testCase, seed: 1), codecs: AudioCodecCatalog(), format: format,
      agentPause: .milliseconds(900))
  }

  private static func fill(_ queue: inout PlayoutQueue) {
    let half = [UInt8](repeating: 0x10, count: 4000)
    for name in ["middle", "end"] {
      half.withUnsafeBytes { _ = queue.append($0) }
      _ = queue.append(mark: name)
    }
  }

  @Test("what waits when the stream is closed is heard to its end, and the mark behind it is reached")
  func drained() throws {
    let caller = try Self.caller()
    var queue = PlayoutQueue(Self.format)
    Self.fill(&queue)
    try caller.play(&queue, until: .zero + .milliseconds(80), reached: { _, _ in })
    var reached: [String] = []
    let end = try caller.drain(&queue, from: .zero + .milliseconds(100), limit: .seconds(60)) { mark, at in
      reached.append("\(mark) \(at.milliseconds)")
    }
    #expect(reached == ["middle 500", "end 1000"])
    #expect(end == .zero + .milliseconds(1020) && queue.queuedBytes == 0 && queue.queuedMarks == 0)
    let tracks = try #require(caller.evidence(mode: .live, at: .zero + .milliseconds(1020)).tracks)
    #expect(tracks.agent.count >= 16_000)
    let nothing = try caller.drain(&queue, from: .zero + .milliseconds(1040), limit: .seconds(60)) { _, _ in }
    #expect(nothing == nil)
  }

  @Test("what would be heard after the longest time of the case is not")
  func limited() throws {
    let caller = try Self.caller()
    var queue = PlayoutQueue(Self.format)
    Self.fill(&queue)
    var reached: [String] = []
    let end = try caller.drain(&queue, from: .zero, limit: .milliseconds(600)) { mark, _ in reached.append(mark) }
    #expect(reached == ["middle"] && end == .zero + .milliseconds(600) && queue.queuedBytes == 20 * 160)
  }
}
