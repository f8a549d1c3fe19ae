import TestSupport
import CallCore
import CallServer
import Wires
import Testing

extension ServerTests {
  @Suite("Messages that break the rules")
  struct BadMessageTests {
    let server: TestServer

    init() throws { server = try TestServer.shared.get() }

    static let starts: [(text: String, code: String)] = [
      ("rubbish", "malformed-json"),
      ("[]", "wrong-type"),
      ("{}", "missing-field"),
      (#"{"type": 5}"#, "wrong-type"),
      (#"{"type": "begin"}"#, "unknown-type"),
      (#"{"type": "start"}"#, "missing-field"),
      (#"{"type": "start", "flow": 7}"#, "wrong-type"),
      (#"{"type": "start", "flow": "chat", "codec": "mp3"}"#, "out-of-range"),
      (#"{"type": "start", "flow": "chat", "sampleRate": "fast"}"#, "wrong-type"),
      (#"{"type": "start", "flow": "chat", "codec": "mulaw", "sampleRate": 16000}"#, "out-of-range"),
      (#"{"type": "start", "flow": "no-such-flow"}"#, "out-of-range"),
      (#"{"type": "start", "flow": "chat", "voice": "nobody"}"#, "out-of-range"),
      (#"{"type": "start", "flow": "chat", "metadata": [1]}"#, "wrong-type"),
      (#"{"type": "hangup"}"#, "out-of-place"),
    ]

    @Test("instead of a start refuse the call and close", arguments: starts)
    func badStart(_ text: String, code: String) throws {
      let line = try HandDrivenCall(server)
      line.send(text: text)
      #expect(line.log.wait { $0.closed != nil })
      let log = line.log.current
      #expect(log.errors.map(\.code) == [code])
      #expect(log.errors.first?.fatal == true)
      #expect(log.ending?.reason == .refused)
      #expect(log.ending?.record == nil)
      #expect(log.closed?.code == 1008)
    }

    static let laters: [(text: String, code: String)] = [
      ("{", "malformed-json"), (#"{"type": "sing"}"#, "unknown-type"),
      (#"{"type": "dtmf", "digit": "x"}"#, "out-of-range"),
      (#"{"type": "dtmf", "digit": 5}"#, "wrong-type"), (#"{"type": "text", "text": ""}"#, "out-of-range"),
      (#"{"type": "played", "utterance": "one", "ms": 5}"#, "wrong-type"),
      (#"{"type": "start", "flow": "chat"}"#, "out-of-place"),
      (String(repeating: "[", count: 100), "too-deep"),
      (#"{"type": "text", "text": ""# + String(repeating: "x", count: 1001) + #""}"#, "too-long"),
      (String(repeating: " ", count: 20_000), "message-too-large"),
    ]

    @Test("in a call are answered, and the call goes on", arguments: laters)
    func badLater(_ text: String, code: String) throws {
      let line = try HandDrivenCall(server, flow: "chat")
      line.send(text: text)
      #expect(line.log.wait { !$0.errors.isEmpty })
      #expect(line.log.current.errors.map(\.code) == [code])
      #expect(line.log.current.errors.first?.fatal == false)
      line.send(.text("Still here."))
      #expect(line.log.wait { $0.texts.contains { $0.contains("Still here.") } })
      line.send(.hangup)
      #expect(line.log.wait { $0.ending?.reason == .callerHungUp })
    }

    @Test("audio before start refuses the call")
    func audioFirst() throws {
      let line = try HandDrivenCall(server)
      line.send(packet: [1, 2, 3])
      #expect(line.log.wait { $0.closed?.code == 1008 })
      #expect(line.log.current.errors.map(\.code) == ["out-of-place"])
    }

    @Test("a start that does not come in time ends the wait, and the line is free again")
    func lateStart() throws {
      let server = try TestServer { $0.startWithin = .milliseconds(300) }
      let line = try HandDrivenCall(server)
      #expect(line.log.wait { $0.closed != nil })
      #expect(line.log.current.errors.map(\.code) == ["out-of-place"])
      #expect(line.log.current.ending?.reason == .refused)
      #expect(eventually { server.server.callCount == 0 })
      line.send(StartRequest(flow: "chat"))
      #expect(try SpokenCalls.works(at: server))
      #expect(line.log.current.ready == nil)
    }

    @Test("text that is not UTF-8 closes with 1007")
    func invalidUTF8() throws {
      let socket = try RawSocket(port: server.server.port)
      #expect(socket.upgrade().hasPrefix("HTTP/1.1 101"))
      socket.write(message: #"{"type":"start","flow":"chat"}"#)
      socket.write(RawSocket.frame(opcode: 1, [0x22, 0xC3, 0x28, 0xFF, 0x22]))
      #expect(socket.readCloseCode() == 1007)
      #expect(try SpokenCalls.works(at: server))
    }

    @Test("frames that are not masked close with 1002")
    func unmasked() throws {
      let socket = try RawSocket(port: server.server.port)
      #expect(socket.upgrade().hasPrefix("HTTP/1.1 101"))
      socket.write(RawSocket.frame(opcode: 1, Array(#"{"type":"start","flow":"chat"}"#.utf8), isMasked: false))
      #expect(socket.readCloseCode() == 1002)
      #expect(try SpokenCalls.works(at: server))
    }
  }
}
