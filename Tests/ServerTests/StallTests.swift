import TestSupport
import CallCore
import CallServer
import Wires
import Testing
import WebSockets

extension ServerTests {
  @Suite("A thread that stands")
  struct StallTests {
    private let engines = HeldDetectors()
    private let lines = Probe<[String]>([])
    private let reports = Probe<[String]>([])
    private let steps = Probe<[String]>([])

    private func server(loops: Int, endAfter: CallDuration?) throws -> TestServer {
      let (reports, steps) = (reports, steps)
      let ending = StallEnding {
        steps.change { $0.append("begin") }
      } report: { text in
        reports.change { $0.append(text) }
      } end: {
        steps.change { $0.append("end") }
      }
      return try TestServer(engines: engines, logLines: lines, stallEnding: ending) { settings in
        settings.mediaLoops = loops
        settings.stall.period = .milliseconds(20)
        settings.stall.noticeAfter = .milliseconds(200)
        settings.stall.endAfter = endAfter
      }
    }

    /// Begins a call that never gets further than its `start`: its loop stands.
    private func holdLoop(_ server: TestServer) throws -> HandDrivenCall {
      engines.isHeld.change { $0 = true }
      let before = engines.asked.current
      let line = try HandDrivenCall(server)
      line.send(StartRequest(flow: "chat"))
      #expect(engines.asked.wait { $0 == before + 1 })
      return line
    }

    private func part(_ server: TestServer) throws -> String? {
      let body = String(decoding: try server.ask("/readyz").body, as: UTF8.self)
      return body.contains("thread media") ? body : nil
    }

    @Test("a media loop that stands is named by /readyz and in the log and gets no calls; all is well when it goes on")
    func loop() throws {
      let server = try server(loops: 2, endAfter: nil)
      #expect(try server.ask("/readyz").status == 200)
      let line = try holdLoop(server)
      #expect(try eventually { try part(server) != nil })
      let readiness = try server.ask("/readyz")
      #expect(readiness.status == 503)
      #expect(String(decoding: readiness.body, as: UTF8.self).contains("callback"), "and what it does")
      #expect(try server.figure("voiceforge_threads_standing") == 1)
      #expect(lines.current.count { $0.contains("the thread media") && $0.contains("stands for") } == 1)
      // The loop that stands has one socket, the other none; without the watch every second call would go there.
      let others = try (0..<4).map { _ in try HandDrivenCall(server) }
      for other in others { #expect(other.log.current.isOpen) }
      engines.isHeld.change { $0 = false }
      #expect(line.log.wait { $0.ready != nil })
      #expect(try eventually { try server.ask("/readyz").status == 200 })
      #expect(lines.current.contains { $0.contains("goes on") })
      #expect(reports.current.isEmpty)
    }

    @Test("when all media loops stand, a call is answered 503")
    func all() throws {
      let server = try server(loops: 1, endAfter: nil)
      let line = try holdLoop(server)
      #expect(try eventually { try part(server) != nil })
      let other = try HandDrivenCall(server)
      if case .refused(let status, _, _)? = other.log.current.failure {
        #expect(status == 503)
      } else {
        Issue.record("\(other.log.current)")
      }
      engines.isHeld.change { $0 = false }
      #expect(line.log.wait { $0.ready != nil })
    }

    @Test(
      "one that stands too long ends the process with a report of all threads; calls of other loops end well before")
    func ends() throws {
      let server = try server(loops: 2, endAfter: .milliseconds(1500))
      let good = try HandDrivenCall(server, flow: "chat")
      _ = try holdLoop(server)
      #expect(steps.wait { $0 == ["begin", "end"] })
      #expect(good.log.wait { $0.ending?.reason == .serverShutdown })
      let id = try #require(good.log.current.ready?.callID)
      #expect(server.record(id) != nil)
      let report = try #require(reports.current.first)
      #expect(report.contains("The server ends itself: the thread media") && report.contains("it waits for something"))
      let names = ["control", "media 0", "media 1", "acceptor", "speech 0", "requests 0", "records 0", "duties 0"]
      for name in names { #expect(report.contains("\(name):")) }
      #expect(report.contains("voiceforge_calls_active"))
      engines.isHeld.change { $0 = false }
    }

    @Test("a worker that computes longer than a loop may is not in the way")
    func worker() throws {
      let synthesizer = try HeldSynthesizer(start: "Hold")
      let server = try TestServer(
        engines: EngineDouble(synthesizer: synthesizer),
        stallEnding: StallEnding(begin: {}, report: { [reports] text in reports.change { $0.append(text) } }, end: {})
      ) { settings in
        settings.stall.period = .milliseconds(20)
        settings.stall.noticeAfter = .milliseconds(200)
        settings.stall.endAfter = .milliseconds(1500)
      }
      synthesizer.isHeld.change { $0 = true }
      let sent = Probe(false)
      let thread = TestThread {
        let body = Array(#"{"model":"tts-1","voice":"heart","input":"Hold on."}"#.utf8)
        let answer = Result { try server.send("/v1/audio/speech", body, type: "application/json") }
        if case .success = answer { sent.change { $0 = true } }
      }
      #expect(synthesizer.begun.wait { $0 > 0 })
      let looks = Probe(0)
      #expect(
        try eventually {
          looks.change { $0 += 1 }
          return try server.ask("/readyz").status == 200 && looks.current > 100
        })
      synthesizer.isHeld.change { $0 = false }
      #expect(sent.wait { $0 })
      thread.join()
      #expect(reports.current.isEmpty)
    }
  }
}
