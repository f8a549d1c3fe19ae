import CallClient
import CallCore
import CallWire
import Glibc
import Testing
import WebSockets

extension ServerTests {
  @Suite("Many calls at once")
  struct LoadTests {
    static let calls = 60

    @Test("60 spoken calls on this machine: all are answered, under 1 % of frames late")
    func sixty() throws {
      let office = try TestOffice.shared.get()
      let words = ["I would like to book an appointment.", "Tomorrow at half past three.", "Yes, that's right."]
      let script = CallerScript(flow: "chat", turns: try words.map { try TestEngines.turn($0) })
      let sentBefore = try office.figure("voiceforge_packets_sent_total") ?? 0
      let lateBefore = try office.figure("voiceforge_packets_late_total") ?? 0
      let begin = (cpu: Self.cpuSeconds, at: MonotonicClock.now())
      let running = try (0..<Self.calls).map { _ in
        usleep(25_000)  // an arrival rate of 40 calls a second
        return try SpokenCalls.start(script, at: office)
      }
      let isDone = running.allSatisfy { $0.wait(60) { $0.isFinished } }
      #expect(isDone)
      let seconds = Double(MonotonicClock.now() - begin.at) / 1_000_000
      let cores = (Self.cpuSeconds - begin.cpu) / seconds
      let sent = (try office.figure("voiceforge_packets_sent_total") ?? 0) - sentBefore
      let late = (try office.figure("voiceforge_packets_late_total") ?? 0) - lateBefore
      judge(running.map(\.current.report), sent: sent, late: late, seconds: seconds, cores: cores)
    }

    private func judge(_ reports: [CallerReport], sent: Double, late: Double, seconds: Double, cores: Double) {
      let failed = reports.filter { $0.failure != nil || $0.reason != .callerHungUp }
      let answered = reports.reduce(0) { $0 + $1.latencies.count }
      let received = reports.reduce(0) { $0 + $1.packetsReceived }
      let gaps = reports.reduce(0) { $0 + $1.agentPacketsLate }
      let own = reports.reduce(0) { $0 + $1.packetsSent }
      let ownLate = reports.reduce(0) { $0 + $1.packetsLate }
      let latencies = reports.flatMap { $0.latencies.map(\.latency.milliseconds) }
      print("load: \(reports.count) calls in \(Int(seconds)) s, \(cores) cores, callers included")
      print("load: \(answered) of \(reports.count * 3) turns answered, latency \(Quantiles(latencies))")
      print("load: server sent \(Int(sent)) packets, \(Int(late)) late; callers heard \(gaps) gaps in \(received)")
      print("load: the callers themselves sent \(ownLate) of \(own) packets late")
      #expect(failed.isEmpty, "\(failed.first.map { "\($0)" } ?? "")")
      #expect(answered == reports.count * 3)
      #expect(Double(gaps) < Double(received) / 100)
      #expect(late < sent / 100)
      #expect(Double(ownLate) < Double(own) / 100, "the generator itself ran late: the run says nothing")
    }

    private static var cpuSeconds: Double {
      var usage = rusage()
      getrusage(RUSAGE_SELF.rawValue, &usage)
      return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1_000_000 }
    }
  }
}
