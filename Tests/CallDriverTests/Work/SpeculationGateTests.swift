import CallDriver
import Testing

@Suite("Whether recognitions are made on trial")
struct SpeculationGateTests {
  func look(_ gate: inout SpeculationGate, waiting: Int) -> Bool { gate.update(waiting: waiting, threads: 2) }

  @Test("two pieces of work for each thread close the gate, and only an empty queue opens it")
  func queue() {
    var gate = SpeculationGate()
    #expect(look(&gate, waiting: 3) == true)
    #expect(look(&gate, waiting: 4) == false)
    #expect(look(&gate, waiting: 1) == false)
    #expect(look(&gate, waiting: 0) == true)
  }

  @Test("threads that are busy close it too, and it opens at a lower share")
  func share() {
    var gate = SpeculationGate()
    gate.busyShare = 0.7
    #expect(look(&gate, waiting: 0) == true)
    gate.busyShare = 0.8
    #expect(look(&gate, waiting: 0) == false)
    gate.busyShare = 0.7
    #expect(look(&gate, waiting: 0) == false)
    gate.busyShare = 0.5
    #expect(look(&gate, waiting: 1) == false)
    #expect(look(&gate, waiting: 0) == true)
  }
}
