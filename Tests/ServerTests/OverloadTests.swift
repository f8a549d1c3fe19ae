import TestSupport
import CallClient
import CallCore
import CallServer
import Wires
import Glibc
import MachineWatch
import Testing
import WebSockets
import Threads

extension ServerTests {
  /// A recogniser of fixed speed makes the capacity known: four threads, 200 ms for a turn, a turn of each caller every 3.5 s.
  @Suite("More calls than the server can hold")
  struct OverloadTests {
    private static let offered = 105

    /// How well and how soon is measured by `make harness-load`.
    @Test("the excess is refused with 503, the calls that are up are served to their end, and calls are taken again")
    func excess() throws {
      let server = try TestServer(engines: try EngineDouble(recognizer: SteadyRecognizer(time: .milliseconds(200)))) {
        $0.admission = AdmissionLimits()  // the server's own, which this tries
        $0.speechThreads = 4
      }
      let run = try OnTime.run {
        try place(at: server)
      } wasHeldUp: {
        !$0.isValid
      }
      #expect(run.refusals.count > Self.offered / 8, "\(run.refusals.count) were refused")
      #expect(run.refusals.allSatisfy { $0.status == 503 && ($0.seconds ?? 0) > 0 && $0.body.contains("engine-") })
      #expect(run.reports.count > Self.offered / 3, "\(run.reports.count) were taken")
      #expect(run.reports.allSatisfy { $0.failure == nil && $0.reason == .callerHungUp })
      #expect(run.secondsToRecovery < .infinity)
      #expect(try server.figure("voiceforge_refusals_total{reason=\"engine-share\"}") ?? 0 > 0)
    }

    private func place(at server: TestServer) throws -> OverloadRun {
      let turn = try TestEngines.turn("Tomorrow at half past three.")
      let script = CallerScript(flow: "chat", turns: Array(repeating: turn, count: 8))
      let calls = try (0..<Self.offered).map { _ in
        usleep(333_333)
        return try SpokenCalls.start(script, at: server)
      }
      #expect(calls.allSatisfy { $0.wait { $0.isFinished } })
      let end = MonotonicClock.now()
      let isOpen = try eventually { try server.ask("/v1/call").status == 426 }
      let seconds = isOpen ? Double(MonotonicClock.now() - end) / 1_000_000 : .infinity
      let run = OverloadRun(outcomes: calls.map(\.current), secondsToRecovery: seconds)
      print(run)
      return run
    }
  }
}
