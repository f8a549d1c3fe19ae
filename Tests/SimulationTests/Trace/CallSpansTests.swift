import CallCore
import Formats
import SampleCases
import Simulation
import Testing

@Suite("The spans of simulated calls", .serialized)
struct SimulatedCallSpansTests {
  @Test(
    "with sound add up to the latencies of their records",
    arguments: ["book/friday", "interrupt-at-800ms", "keyed-digits"])
  func latencies(id: String) throws {
    let evidence = try SampleCalls.virtual().call(try SampleCalls.testCase(id), seed: 1)
    let record = try #require(evidence.record)
    let context = SpanContext(parent: nil, trace: TraceID(drawn: 1, 2), seed: 5, isSampled: true)
    let spans = CallSpans(of: record, in: context, showsWords: false).spans
    let turns = spans.filter { $0.name == "turn" }
    #expect(turns.count == record.turnLatencies.count && turns.count > 1)
    for (turn, latency) in zip(turns, record.turnLatencies) {
      let stages = spans.filter { $0.parent == turn.id && Self.stages.contains($0.name) }
      #expect(stages.map(\.name) == Self.stages)
      #expect(zip(stages, stages.dropFirst()).allSatisfy { $0.end == $1.start })
      #expect(stages.reduce(CallDuration.zero) { $0 + $1.duration } == latency.total)
      // The last one ends where the agent begins to speak.
      #expect(spans.contains { $0.name == "utterance" && $0.parent == turn.id && $0.start == stages.last?.end })
    }
  }

  private static let stages = ["endpoint", "recognition", "flow", "synthesis", "playout"]
}
