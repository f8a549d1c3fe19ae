import CallCore
import Simulation
import Testing

@Suite("A language model's stages in a report")
struct ModelStageTests {
  private static func latency(_ model: ModelLatency?) -> TurnLatency {
    TurnLatency(
      turn: TurnID(1), endpoint: .milliseconds(500), recognition: .zero, flow: .milliseconds(900),
      synthesis: .milliseconds(40), playout: .zero, model: model)
  }

  @Test("They stand before what is left of the flow's, and all add up; a turn without a tool has no stage for one")
  func stages() {
    let model = ModelLatency(
      firstToken: .milliseconds(310), firstSentence: .milliseconds(140), tools: .milliseconds(420))
    let stages = LatencyStage.all(of: Self.latency(model))
    #expect(
      stages.map(\.name) == [
        "endpoint", "recognition", "first-token", "first-sentence", "tools", "flow", "synthesis", "playout",
      ])
    #expect(stages.map(\.span.milliseconds) == [500, 0, 310, 140, 420, 30, 40, 0])
    let without = LatencyStage.all(of: Self.latency(ModelLatency(firstToken: .milliseconds(310))))
    #expect(without.map(\.name).filter { $0 == "tools" }.isEmpty && without.count == 7)
  }

  @Test("No model, no stages of one")
  func none() {
    let stages = LatencyStage.all(of: Self.latency(nil))
    #expect(stages.map(\.name) == ["endpoint", "recognition", "flow", "synthesis", "playout"])
    #expect(stages.map(\.span.milliseconds) == [500, 0, 900, 40, 0])
  }
}
