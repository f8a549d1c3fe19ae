import TestSupport
import CallClient
import CallCore
import CallDriver
import CallServer
import Wires
import Glibc
import Testing
import WebSockets
import Threads

extension ServerTests {
  @Suite("Admission, silent crowds and callers who vanish")
  struct CrowdTests {
    @Test("a client that vanishes in mid-utterance leaves a record with its audio")
    func vanishes() throws {
      let server = try TestServer.shared.get()
      let socket = try RawSocket(port: server.server.port)
      #expect(socket.upgrade().hasPrefix("HTTP/1.1 101"))
      socket.write(message: #"{"type":"start","flow":"chat","metadata":{"who":"vanishing"}}"#)
      let speech = try TestEngines.catalog.codecs.makeEncoder(TestEngines.opus).encode(
        TestEngines.speech("I would like to book an appointment."))
      _ = eventually { server.server.callCount >= 1 }
      // Twenty milliseconds of speech each twenty milliseconds, as from a microphone.
      for index in 0..<60 {
        let packet = speech.withPacket(index) { Array($0) }
        socket.write(RawSocket.frame(opcode: 2, HandDrivenCall.frame(packet, sequence: UInt32(index))))
        usleep(20_000)
      }
      socket.hangUp()
      let found = try eventually {
        try server.store.calls(matching: CallFilter(reason: .callerVanished), limit: 10, after: nil).calls.contains {
          $0.record.metadata == ["who": "vanishing"]
        }
      }
      #expect(found)
      let page = try server.store.calls(matching: CallFilter(reason: .callerVanished), limit: 10, after: nil)
      let summary = try #require(page.calls.first { $0.record.metadata == ["who": "vanishing"] })
      #expect(summary.hasRecording)
      #expect(summary.record.audio.received > 50)
      #expect(try SpokenCalls.works(at: server))
    }

    @Test(
      "2,000 idle connections leave a call untouched, heads that never end are cut off after ten seconds, and answers may take longer"
    )
    func idle() throws {
      var limit = rlimit()
      getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      limit.rlim_cur = min(limit.rlim_max, 20_000)
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      // As behind a proxy: of one address so many were too many.
      let history = HeldHistory()
      let server = try TestServer(store: history) { $0.isBehindProxy = true }
      let (client, slow) = (HTTPClient(), Probe<Int?>(nil))
      defer { client.stop() }
      client.send(HTTPClientRequest(method: "GET", url: server.url + "/api/calls", timeout: .seconds(300))) { result in
        slow.change { $0 = if case .success(let answer) = result { answer.status } else { -1 } }
      }
      let begin = MonotonicClock.now()
      let idle = try (0..<2000).map { number in
        let socket = try RawSocket(port: server.server.port)
        // A third says nothing, a third begins a head, a third keeps an HTTP connection open.
        if number % 3 == 1 { socket.write("GET /v1/call HTTP/1.1\r\nhost: localhost\r\n") }
        if number % 3 == 2 { socket.write("GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n") }
        return socket
      }
      let turns = try ["Hello, are you there?", "Tomorrow at half past three."].map { try TestEngines.turn($0) }
      let outcome = try SpokenCalls.call(CallerScript(flow: "chat", turns: turns), at: server)
      let latencies = outcome.report.latencies.map(\.latency.milliseconds)
      print("with \(idle.count) idle connections: latencies \(latencies), late \(outcome.report.agentPacketsLate)")
      #expect(latencies.count == 2)
      #expect(idle[1].isEnded(), "a head that dribbles in is cut off")
      let seconds = Double(MonotonicClock.now() - begin) / 1_000_000
      #expect(seconds > 9, "\(seconds) s instead of ten")
      #expect(eventually { MonotonicClock.now() - begin > 12_000_000 } && slow.current == nil)
      history.isHeld.change { $0 = false }
      #expect(slow.wait { $0 == 200 }, "\(String(describing: slow.current))")
      for socket in idle { socket.hangUp() }
    }

    @Test("a page of another site is refused with 403, its own and allowed ones are not")
    func origin() throws {
      let server = try TestServer { $0.allowedOrigins = ["https://desk.example"] }
      let evil = try HandDrivenCall(server, origin: "https://evil.example")
      guard case .refused(let status, _, let body)? = evil.log.current.failure else {
        Issue.record("not refused")
        return
      }
      #expect(status == 403)
      #expect(String(decoding: body, as: UTF8.self).contains("evil.example"))
      #expect(try HandDrivenCall(server, origin: "https://desk.example").log.current.isOpen)
      #expect(try HandDrivenCall(server, origin: "http://127.0.0.1:\(server.server.port)").log.current.isOpen)
    }

    @Test("a full server answers 503 with Retry-After, and takes calls again when a line is free")
    func full() throws {
      let server = try TestServer { $0.callsMax = 2 }
      let first = try HandDrivenCall(server, flow: "chat")
      let second = try HandDrivenCall(server, flow: "chat")
      #expect(first.log.current.ready != nil && second.log.current.ready != nil)
      let third = try HandDrivenCall(server)
      guard case .refused(let status, let seconds, let body)? = third.log.current.failure else {
        Issue.record("not refused")
        return
      }
      #expect(status == 503)
      #expect(seconds == 5)
      #expect(String(decoding: body, as: UTF8.self).contains("all 2 lines are busy"))
      #expect(try server.figure("voiceforge_calls_refused_total") == 1)
      first.send(.hangup)
      #expect(eventually { server.server.callCount == 1 })
      #expect(try SpokenCalls.works(at: server))
    }

    @Test(
      "a graceful stop: calls that are up end with server-shutdown, new ones are refused meanwhile, and stop returns")
    func stop() throws {
      let server = try TestServer { $0.drainTime = .seconds(2) }
      let line = try HandDrivenCall(server, flow: "chat")
      #expect(line.log.wait { $0.finished.count == 1 })
      let idle = try HandDrivenCall(server)
      let isStopped = Probe(false)
      let begin = MonotonicClock.now()
      let thread = TestThread {
        server.server.stop()
        isStopped.change { $0 = true }
      }
      #expect(eventually { !server.server.isReady })
      let late = try HandDrivenCall(server)
      if case .refused(let status, _, let body)? = late.log.current.failure {
        #expect(status == 503)
        #expect(String(decoding: body, as: UTF8.self).contains("going down"))
      } else {
        Issue.record("not refused: \(late.log.current)")
      }
      #expect(try server.ask("/readyz").status == 503)
      line.send(.text("I may still talk."))
      #expect(line.log.wait { $0.texts.contains { $0.contains("I may still talk.") } })
      #expect(line.log.wait { $0.closed != nil })
      #expect(line.log.current.ending?.reason == .serverShutdown)
      #expect(line.log.current.ending?.record?.record.transcript.isEmpty == false)
      #expect(line.log.current.closed?.code == 1001)
      #expect(idle.log.wait { $0.closed != nil })
      #expect(isStopped.wait { $0 })
      thread.join()
      let seconds = Double(MonotonicClock.now() - begin) / 1_000_000
      #expect(seconds >= 1.9, "\(seconds) s")
      #expect(
        server.record(line.log.current.ending?.record?.record.id ?? "") != nil, "the record is kept before stop returns"
      )
    }
  }
}
