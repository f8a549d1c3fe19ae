import CallClient
import CallCore
import CallDriver
import CallServer
import JSON
import TestSupport
import Testing
import WebSockets
import Wires

/// How a server goes out of service, in virtual time.
@Suite("Drain")
struct DrainTests {
  @Test("the lame duck comes first; a second beginning makes it no longer")
  func lameDuck() {
    var drain = Drain()
    #expect(drain.phase(at: .zero) == .serving)
    drain.begin(lameDuck: .seconds(10), isFinal: false, at: .zero)
    #expect(drain.phase(at: .zero) == .lameDuck)
    drain.begin(lameDuck: .seconds(10), isFinal: true, at: .zero + .seconds(9))
    #expect(drain.phase(at: .zero + .seconds(9)) == .lameDuck)
    #expect(drain.phase(at: .zero + .seconds(10)) == .draining)
  }

  @Test("without a lame duck calls are refused at once")
  func atOnce() {
    var drain = Drain()
    drain.begin(lameDuck: .zero, isFinal: false, at: .zero + .seconds(5))
    #expect(drain.phase(at: .zero + .seconds(5)) == .draining)
  }

  @Test("a lame duck is cut short, and a server comes back unless its process ends")
  func cancelled() {
    var drain = Drain()
    drain.begin(lameDuck: .seconds(10), isFinal: false, at: .zero)
    let isBack = drain.cancel()
    #expect(isBack && drain.phase(at: .zero + .seconds(60)) == .serving)
    drain.begin(lameDuck: .seconds(10), isFinal: true, at: .zero)
    let isBackAgain = drain.cancel()
    #expect(!isBackAgain)
    drain.refuseCalls(at: .zero + .seconds(1))
    #expect(drain.phase(at: .zero + .seconds(1)) == .draining)
    var other = Drain()
    other.refuseCalls(at: .zero)
    let isOtherBack = other.cancel()
    #expect(!isOtherBack && other.phase(at: .zero) == .draining)
  }
}

extension ServerTests {
  @Suite("A server that goes out of service")
  struct DrainedServerTests {
    private static func put(_ body: String, to server: TestServer) throws -> (status: Int, text: String) {
      let answer = try server.ask("/api/drain", method: "PUT", body: body)
      return (answer.status, String(decoding: answer.body, as: UTF8.self))
    }

    @Test("with a lame duck readyz says 503 while calls are taken; the record, readyz and metrics name the node")
    func lameDuck() throws {
      let server = try TestServer {
        $0.lameDuckTime = .seconds(3600)
        $0.nodeName = "voice-2"
      }
      // Who is impatient waits for no lame duck.
      defer { server.server.stop(isImpatient: { true }) }
      #expect(try server.json("/readyz")["draining"] == .bool(false))
      #expect(try server.figure("voiceforge_draining") == 0)
      let answer = try Self.put(#"{"draining":true}"#, to: server)
      #expect(answer.status == 200)
      #expect(answer.text == #"{"state":"lame-duck","node":"voice-2","calls":0,"lameDuckSeconds":3600}"#)
      let ready = try server.ask("/readyz")
      #expect(ready.status == 503)
      let text = String(decoding: ready.body, as: UTF8.self)
      #expect(text.hasSuffix(#""node":"voice-2","draining":true}"#), "\(text)")
      #expect(try server.figure("voiceforge_draining") == 1)
      #expect(try server.figure(#"voiceforge_node_info{node="voice-2",version="0.1.0"}"#) == 1)
      let call = try HandDrivenCall(server, flow: "chat")
      #expect(call.log.wait { $0.ready != nil })
      call.send(.hangup)
      #expect(call.log.wait { $0.ending != nil })
      let ended = try #require(call.log.current.ending?.record?.record)
      #expect(ended.node == nil, "a caller is not told which machine it was")
      #expect(server.record(ended.id)?.record.node == "voice-2")
      #expect(try server.json("/api/calls/\(ended.id)").text(at: "node") == "voice-2")
    }

    @Test("without one calls are refused until it is brought back; those that are up go on")
    func drained() throws {
      let server = try TestServer()
      let call = try HandDrivenCall(server, flow: "chat")
      #expect(call.log.wait { $0.ready != nil })
      #expect(
        try Self.put(#"{"draining":true}"#, to: server).text.hasPrefix(#"{"state":"draining","node":null,"calls":1,"#))
      #expect(try Self.put(#"{"draining":true}"#, to: server).status == 200)
      let late = try HandDrivenCall(server)
      guard case .refused(let status, let seconds, _)? = late.log.current.failure else {
        Issue.record("not refused")
        return
      }
      #expect(status == 503 && seconds == 10)
      call.send(.text("I may still talk."))
      #expect(call.log.wait { $0.texts.contains { $0.contains("I may still talk.") } })
      #expect(try Self.put(#"{"draining":false}"#, to: server).text.hasPrefix(#"{"state":"serving""#))
      #expect(try server.ask("/readyz").status == 200)
      #expect(try SpokenCalls.works(at: server))
      call.send(.hangup)
    }

    @Test("what is no wish is refused by name", arguments: [("", 400), ("{}", 422), (#"{"draining":1}"#, 422)])
    func nonsense(body: String, status: Int) throws {
      let answer = try Self.put(body, to: TestServer.shared.get())
      #expect(answer.status == status, "\(answer)")
      if status == 422 { #expect(answer.text.contains("drain.draining"), "\(answer)") }
    }
  }
}
