import CallCore
import Cluster
import JSON
import SampleCases
import Simulation
import Testing

@Suite("What workers are told of a run")
struct QueuedRunPlanTests {
  private static func sample() throws -> QueuedRunPlan {
    var plan = RunPlan(cases: try SampleCases.all(), mode: .virtual, seed: .max)
    plan.repeats = 3
    plan.caseSeed = 12
    plan.attempt = 2
    plan.keepsTracks = true
    plan.replayOptions = ["--flows", "my flows", "--today", "2026-03-09"]
    return try QueuedRunPlan(
      plan, flows: try SampleCases.flowFiles(), today: "2026-03-09", endOfTurn: EndOfTurnRule.meaning)
  }

  @Test("comes back as it was, every sample case in every member")
  func roundTrip() throws {
    let told = try Self.sample()
    let read = try QueuedRunPlan(reading: told.bytes)
    #expect(read.plan.cases == told.plan.cases && read.plan.mode == .virtual && read.plan.seed == .max)
    #expect(read.plan.repeats == 3 && read.plan.caseSeed == 12 && read.plan.attempt == 2 && read.plan.keepsTracks)
    #expect(read.plan.replayOptions == told.plan.replayOptions)
    #expect(read.flows.map(\.file) == told.flows.map(\.file) && read.flows.map(\.text) == told.flows.map(\.text))
    #expect(read.library.names == told.library.names)
    #expect(read.today == "2026-03-09" && read.endOfTurn == .meaning && read.bytes == told.bytes)
  }

  @Test("what is left out stays out")
  func absent() throws {
    let plan = RunPlan(cases: [try SampleCases.one("hangs-up")], mode: .virtual, seed: 0)
    let read = try QueuedRunPlan(
      reading: try QueuedRunPlan(plan, flows: try SampleCases.flowFiles(), today: "2026-03-02", endOfTurn: nil).bytes)
    #expect(read.plan.caseSeed == nil && read.plan.attempt == nil && read.endOfTurn == nil && !read.plan.keepsTracks)
  }

  @Test("what is damaged is refused, and says where")
  func damaged() throws {
    let text = String(decoding: try Self.sample().bytes, as: UTF8.self)
    for (right, wrong, message) in [
      ("\"format\":1", "\"format\":2", "run.format: expected a whole number from 1 to 1, got the number 2"),
      ("\"repeats\":3", "\"repeats\":0", "run.repeats: expected a whole number from 1 to 10000, got the number 0"),
      ("\"caseSeed\":\"12\"", "\"caseSeed\":\"-1\"", "run.caseSeed: expected a whole number as a text, got \"-1\""),
      ("\"file\":\"Samples/", "\"text\":\"start: x\",\"file\":\"Samples/", "run"),
    ] {
      #expect(text.contains(right))
      do {
        _ = try QueuedRunPlan(reading: Array(text.replacing(right, with: wrong, maxReplacements: 1).utf8))
        Issue.record("\(wrong) was taken")
      } catch { #expect(error.message.hasPrefix(message), "\(error.message)") }
    }
    #expect(throws: WireFault.self) { try QueuedRunPlan(reading: Array(text.utf8.prefix(1000))) }
  }
}
