import CallCore
import CallServer
import Wires
import TestSupport
import Testing

extension ServerTests {
  @Suite("A call that floods its loop")
  struct FloodTests {
    private let server: TestServer

    init() throws { server = try TestServer.shared.get() }

    /// What a call can be flooded with: each is right by itself.
    private static let rightMessages: [ClientMessage] = [
      .played(UtteranceID(1), .milliseconds(20)), .text("Hello."), .dtmf("1"),
    ]

    @Test("too many messages end the call with an error, and cost no more than that", arguments: 0..<3)
    func messages(_ index: Int) throws {
      let line = try HandDrivenCall(server, flow: "chat")
      for _ in 0..<20_000 { line.send(Self.rightMessages[index]) }
      #expect(line.log.wait { $0.closed != nil })
      let log = line.log.current
      // Texts are turns: the limit of those may come first.
      if log.ending?.reason == .timeLimit { return }
      #expect(log.ending?.reason == .protocolError)
      #expect(log.errors.last?.code == "too-many" && log.errors.last?.fatal == true)
    }

    @Test("too many packets, too early or of the past, end the call with an error", arguments: [false, true])
    func packets(_ isOld: Bool) throws {
      let line = try HandDrivenCall(server, flow: "chat", codec: .mulaw)
      let silence = [UInt8](repeating: 0xFF, count: 160)
      for number in 0..<10_000 { line.send(packet: silence, sequence: isOld ? 5 : UInt32(number), codec: .mulaw) }
      #expect(line.log.wait { $0.closed != nil })
      #expect(line.log.current.errors.last?.code == "too-many")
      #expect(line.log.current.ending?.reason == .protocolError)
    }
  }
}
