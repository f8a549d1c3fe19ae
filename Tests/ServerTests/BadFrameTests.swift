import TestSupport
import CallCore
import CallDriver
import CallServer
import Testing
import WebSockets
import JSON
import Wires
import Formats

extension ServerTests {
  @Suite("Frames that break the rules")
  struct BadFrameTests {
    let server: TestServer

    init() throws { server = try TestServer.shared.get() }

    struct BadFrame: Sendable, CustomTestStringConvertible {
      let testDescription: String
      let bytes: [UInt8]
      let isFatal: Bool

      init(_ name: String, _ bytes: [UInt8], isFatal: Bool = false) {
        testDescription = name
        self.bytes = bytes
        self.isFatal = isFatal
      }
    }

    private static let good = HandDrivenCall.frame([1, 2, 3], sequence: 0)
    static let frames = [
      BadFrame("empty", []),
      BadFrame("one byte", [1]),
      BadFrame("half a header", Array(good.prefix(8))),
      BadFrame("a header without a payload", Array(good.prefix(16))),
      BadFrame("another kind", [9] + good.dropFirst()),
      BadFrame("an unknown codec", [1, 7] + good.dropFirst(2)),
      BadFrame("a reserved byte", [1, 0, 0, 5] + good.dropFirst(4)),
      BadFrame(
        "another codec than agreed", HandDrivenCall.frame([UInt8](repeating: 0, count: 640), sequence: 0, codec: .pcm16)
      ),
      BadFrame(
        "4,001 bytes of payload", HandDrivenCall.frame([UInt8](repeating: 0, count: 4001), sequence: 0), isFatal: true),
    ]

    @Test("are answered with an error, and the call goes on unless it is fatal", arguments: frames)
    func badFrame(_ frame: BadFrame) throws {
      let line = try HandDrivenCall(server, flow: "chat")
      line.send(bytes: frame.bytes)
      #expect(line.log.wait { !$0.errors.isEmpty })
      let error = try #require(line.log.current.errors.first)
      #expect(error.code == (frame.isFatal ? "frame-too-large" : "bad-frame"))
      #expect(error.fatal == frame.isFatal)
      if frame.isFatal {
        #expect(line.log.wait { $0.closed != nil })
        #expect(line.log.current.ending?.reason == .protocolError)
        #expect(line.log.current.closed?.code == 1008)
      } else {
        line.send(.text("Still here."))
        #expect(line.log.wait { $0.texts.contains { $0.contains("Still here.") } })
        line.send(.hangup)
        #expect(line.log.wait { $0.ending?.reason == .callerHungUp })
      }
    }

    @Test("times that no clock shows end neither the server nor the call")
    func greatTimes() throws {
      let line = try HandDrivenCall(server, flow: "chat")
      let times: [UInt64] = [0, .max, 1 << 63, 0, 1 << 62]
      for (index, time) in times.enumerated() {
        var frame = HandDrivenCall.frame([1, 2, 3], sequence: UInt32(index))
        frame.withUnsafeMutableBytes { $0.storeBytes(of: time.littleEndian, toByteOffset: 8, as: UInt64.self) }
        line.send(bytes: frame)
      }
      line.send(.text("Still here."))
      #expect(line.log.wait { $0.texts.contains { $0.contains("Still here.") } })
      line.send(.hangup)
      #expect(line.log.wait { $0.ending?.reason == .callerHungUp })
    }

    @Test("twenty are forgiven, the next one ends the call")
    func tooMany() throws {
      let line = try HandDrivenCall(server, flow: "chat")
      for _ in 0..<21 { line.send(bytes: [1, 2, 3]) }
      #expect(line.log.wait { $0.closed != nil })
      let log = line.log.current
      #expect(log.errors.count == 21)
      #expect(log.errors.filter(\.fatal).count == 1)
      #expect(log.ending?.reason == .protocolError)
    }

    @Test("a message beyond 64 KB closes the socket with 1009")
    func messageTooBig() throws {
      let line = try HandDrivenCall(server, flow: "chat")
      line.send(bytes: [1, 0, 0, 0] + [UInt8](repeating: 1, count: 65_000))
      #expect(line.log.wait { $0.errors.contains { $0.code == "frame-too-large" } })
      let socket = try RawSocket(port: server.server.port)
      #expect(socket.upgrade().hasPrefix("HTTP/1.1 101"))
      socket.write(RawSocket.frame(opcode: 1, [UInt8](repeating: 0x20, count: 70_000)))
      #expect(socket.readCloseCode() == 1009)
      #expect(try SpokenCalls.works(at: server))
    }

    @Test("packets out of order, twice, and with holes are sorted out and counted")
    func order() throws {
      let line = try HandDrivenCall(server, flow: "chat", codec: .pcm16)
      let silence = [UInt8](repeating: 0, count: 640)
      for sequence: UInt32 in [0, 1, 2, 2, 5, 4, 6, 3, 7, 12, 13] {
        line.send(packet: silence, sequence: sequence, codec: .pcm16)
      }
      line.send(.hangup)
      #expect(line.log.wait { $0.ending != nil })
      let counts = try #require(line.log.current.ending?.record?.record.audio)
      #expect(counts.received == 10)
      #expect(counts.late == 1)
      #expect(counts.lost == 4)
      #expect(counts.concealed == 4)
    }

    @Test("a jump of the sequence by a billion is a gap, not a billion frames of work")
    func wildSequence() throws {
      let line = try HandDrivenCall(server, flow: "chat", codec: .pcm16)
      let silence = [UInt8](repeating: 0, count: 640)
      line.send(packet: silence, sequence: 0, codec: .pcm16)
      line.send(packet: silence, sequence: 1_000_000_000, codec: .pcm16)
      line.send(packet: silence, sequence: 1_000_000_001, codec: .pcm16)
      line.send(.text("Still here."))
      #expect(line.log.wait { $0.texts.contains { $0.contains("Still here.") } })
      line.send(.hangup)
      #expect(line.log.wait { $0.ending != nil })
      let record = try #require(line.log.current.ending?.record)
      #expect(record.record.audio.lost == 0)
      #expect(server.record(record.record.id) != nil)
      let file = try server.ask("/api/calls/\(record.record.id)/recording")
      #expect(file.status == 200)
      #expect(file.body.count < 1_000_000, "a lie about the time must not make the server render hours of silence")
      #expect(try SpokenCalls.works(at: server))
    }

    @Test("a gap of 50 s that took no time does not make the server deaf")
    func falseGap() throws {
      let line = try HandDrivenCall(server, flow: "chat", codec: .pcm16)
      let silence = [UInt8](repeating: 0, count: 640)
      line.send(packet: silence, sequence: 0, codec: .pcm16)
      for sequence: UInt32 in 2500..<2510 { line.send(packet: silence, sequence: sequence, codec: .pcm16) }
      line.send(.hangup)
      #expect(line.log.wait { $0.ending != nil })
      let counts = try #require(line.log.current.ending?.record?.record.audio)
      #expect(counts.received == 11)
      #expect(counts.lost == 2499)
      #expect(counts.dropped == 0)
    }

    @Test("Opus packets of rubbish are dropped, and the client is told once")
    func undecodable() throws {
      let line = try HandDrivenCall(server, flow: "chat")
      for _ in 0..<30 { line.send(packet: [0xFF, 0xFF, 0xFF, 0xFF, 0xFF]) }
      line.send(.text("Still here."))
      #expect(line.log.wait { $0.texts.contains { $0.contains("Still here.") } })
      #expect(line.log.current.errors.filter { $0.code == "undecodable-audio" }.count == 1)
      line.send(.hangup)
      #expect(line.log.wait { $0.ending != nil })
      #expect((line.log.current.ending?.record?.record.audio.dropped ?? 0) > 0)
    }

    @Test("audio ten times faster than real time is dropped beyond two seconds ahead")
    func flood() throws {
      let line = try HandDrivenCall(server, flow: "chat", codec: .pcm16)
      let silence = [UInt8](repeating: 0, count: 640)
      for _ in 0..<3000 { line.send(packet: silence, codec: .pcm16) }
      line.send(.hangup)
      #expect(line.log.wait { $0.ending != nil })
      let counts = try #require(line.log.current.ending?.record?.record.audio)
      print("flood of 60 s: \(counts)")
      #expect(counts.dropped > 2000)
      #expect(counts.lost == 0)
      #expect(counts.received < 1000)
      #expect(try SpokenCalls.works(at: server))
    }
  }
}
