import Testing
import TestSupport
import WebSockets

extension RoomTests {
  @Suite("Messages go both ways")
  struct EchoTests {
    @Test("text and binary come back as they went")
    func echo() throws {
      let server = try TestServer()
      let clients = try ClientLoop()
      let client = TestClient(server.callURL, on: clients.loop)
      #expect(client.isOpen)
      #expect(client.log.current.subprotocol == "voiceforge.v1")
      client.send("hello, wörld")
      client.send([0, 1, 2, 254, 255])
      #expect(client.log.wait { $0.texts == ["hello, wörld"] && $0.binaries == [[0, 1, 2, 254, 255]] })
      client.close(code: 1000, reason: "bye")
      #expect(client.log.wait { $0.closed.count == 1 })
      #expect(server.log.wait { $0.closed.count == 1 })
      #expect(server.log.current.closed.first?.code == 1000)
      #expect(server.log.current.closed.first?.reason == "bye")
    }

    @Test("a message of many packets arrives whole", arguments: [0, 1, 125, 126, 2_048, 10_000, 65_000])
    func reassembly(count: Int) throws {
      let server = try TestServer()
      let clients = try ClientLoop()
      let client = TestClient(server.callURL, on: clients.loop)
      #expect(client.isOpen)
      let message = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      client.send(message)
      #expect(client.log.wait { $0.binaries.count == 1 })
      #expect(client.log.current.binaries.first == message)
    }

    @Test("calls spread evenly over two media loops")
    func spread() throws {
      let server = try TestServer(mediaCount: 2)
      let clients = try ClientLoop()
      let all = (0..<20).map { _ in TestClient(server.callURL, on: clients.loop) }
      for client in all { #expect(client.isOpen) }
      #expect(server.log.wait { $0.opened == 20 })
      #expect(server.log.current.loops == ["media 0": 10, "media 1": 10])
    }
  }
}
