import CallClient
import CallCore
import Wires
import Glibc
import MachineWatch
import Testing
import WebSockets
import TestSupport
import Threads

extension ServerTests {
  @Suite("Many calls at once")
  struct LoadTests {
    static let calls = 60

    @Test("60 spoken calls on this machine: all are answered")
    func sixty() throws {
      let server = try TestServer.shared.get()
      // How well it keeps time is measured by `make harness-load`.
      let run = try OnTime.run {
        try place(at: server)
      } wasHeldUp: {
        !$0.isValid || $0.isLate
      }
      let failed = run.reports.filter { $0.failure != nil || $0.reason != .callerHungUp }
      #expect(failed.isEmpty, "\(failed.first.map { "\($0)" } ?? "")")
      #expect(run.reports.allSatisfy { $0.latencies.count == 3 })
    }

    private func place(at server: TestServer) throws -> LoadRun {
      let words = ["I would like to book an appointment.", "Tomorrow at half past three.", "Yes, that's right."]
      let script = CallerScript(flow: "chat", turns: try words.map { try TestEngines.turn($0) })
      let sentBefore = try server.figure("voiceforge_packets_sent_total") ?? 0
      let lateBefore = try server.figure("voiceforge_packets_late_total") ?? 0
      let begin = (cpu: Self.cpuSeconds, at: MonotonicClock.now())
      let running = try (0..<Self.calls).map { _ in
        usleep(25_000)  // an arrival rate of 40 calls a second
        return try SpokenCalls.start(script, at: server)
      }
      #expect(running.allSatisfy { $0.wait { $0.isFinished } })
      let seconds = Double(MonotonicClock.now() - begin.at) / 1_000_000
      let run = LoadRun(
        reports: running.map(\.current.report),
        sent: (try server.figure("voiceforge_packets_sent_total") ?? 0) - sentBefore,
        late: (try server.figure("voiceforge_packets_late_total") ?? 0) - lateBefore, seconds: seconds,
        cores: (Self.cpuSeconds - begin.cpu) / seconds)
      print(run)
      return run
    }

    private static var cpuSeconds: Double {
      var usage = rusage()
      getrusage(RUSAGE_SELF.rawValue, &usage)
      let microseconds = [usage.ru_utime, usage.ru_stime].map { Int64($0.tv_sec) * 1_000_000 + Int64($0.tv_usec) }
      return Double(microseconds[0] + microseconds[1]) / 1_000_000
    }
  }
}
