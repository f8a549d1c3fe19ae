import CallCore
import CallDriver
import Testing

@Suite("What a call's trace is given")
struct CallTraceTests {
  @Test("every step of a call, in order, and nothing behind its end")
  func session() throws {
    let buffer = CallTraceBuffer()
    let harness = try SessionHarness(saying: ["Hello.", "Go on."], trace: buffer)
    harness.deliver(1, 0, SessionHarness.speech(packets: 50))
    harness.hear(SessionHarness.loud, packets: 20)  // over the agent: a barge-in
    _ = try harness.hangUp()
    harness.pass(.milliseconds(100))
    var batch = CallTraceBuffer.Batch(stepsMax: 0)
    buffer.take(into: &batch)
    #expect(batch.isLast && batch.lost == 0)

    var machine = CallMachine(
      flow: ScriptedFlow(lines: ["Hello.", "Go on."]), flowName: "scripted", voice: "heart")
    for step in batch.steps {
      var actions: [CallAction] = []
      machine.handle(step.event, at: step.at, into: &actions)
      #expect(actions == step.actions, "\(step.event) at \(step.at.milliseconds) ms")
    }
    #expect(machine.isOver)
    #expect(batch.steps.first?.event == .began)
    for event in ["speechWindow", "tick", "playoutStarted", "playoutStopped", "hungUp"] {
      #expect(batch.steps.contains { "\($0.event)".hasPrefix(event) }, "\(event)")
    }
  }

  @Test("what nobody took in time is lost and counted, and what comes afterwards is kept again")
  func overflow() {
    let buffer = CallTraceBuffer(stepsMax: 3)
    for at in 0..<5 { buffer.write(.tick, at: Timestamp(microseconds: Int64(at)), actions: []) }
    var batch = CallTraceBuffer.Batch(stepsMax: 3)
    buffer.take(into: &batch)
    #expect(batch.steps.map(\.at.microseconds) == [0, 1, 2] && batch.lost == 2 && !batch.isLast)
    buffer.write(.hungUp, at: Timestamp(microseconds: 5), actions: [.end(.callerHungUp)])
    buffer.close()
    buffer.write(.tick, at: Timestamp(microseconds: 6), actions: [])
    buffer.take(into: &batch)
    #expect(
      batch.steps == [CallTraceStep(at: Timestamp(microseconds: 5), event: .hungUp, actions: [.end(.callerHungUp)])])
    #expect(batch.lost == 0 && batch.isLast)
  }
}
