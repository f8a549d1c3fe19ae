import TestSupport
import Testing
import WebSockets

extension RoomTests {
  @Suite("What a client writes, and what it takes for text")
  struct ClientFrameTests {
    /// One frame of a client, as RFC 6455, section 5.2 has it.
    private struct Frame: Equatable {
      var first: UInt8
      var lengthBytes: Int
      var mask: [UInt8]
      var payload: [UInt8]

      /// - Returns: `nil` when not all of it is there.
      init?(_ bytes: inout ArraySlice<UInt8>) {
        guard bytes.count >= 2, let first = bytes.popFirst(), let second = bytes.popFirst(), second & 0x80 != 0 else {
          return nil
        }
        self.first = first
        lengthBytes = second & 127 == 126 ? 2 : second & 127 == 127 ? 8 : 0
        let length = bytes.prefix(lengthBytes).reduce(0) { $0 << 8 | Int($1) }
        bytes = bytes.dropFirst(lengthBytes)
        mask = Array(bytes.prefix(4))
        bytes = bytes.dropFirst(4)
        let count = lengthBytes == 0 ? Int(second & 127) : length
        guard mask.count == 4, bytes.count >= count else { return nil }
        let mask = mask
        payload = bytes.prefix(count).enumerated().map { $1 ^ mask[$0 & 3] }
        bytes = bytes.dropFirst(count)
      }
    }

    /// The frames behind the client's handshake.
    private static func frames(_ sent: [UInt8]) -> [Frame] {
      let blank = Array("\r\n\r\n".utf8)
      guard let end = sent.indices.first(where: { sent[$0...].starts(with: blank) }) else { return [] }
      var rest = sent[(end + 4)...]
      var frames: [Frame] = []
      while let frame = Frame(&rest) { frames.append(frame) }
      return frames
    }

    @Test(
      "each message is one masked frame with the shortest length",
      arguments: [(0, 0), (1, 0), (7, 0), (8, 0), (9, 0), (125, 0), (126, 2), (313, 2), (65_535, 2), (65_536, 8)])
    func lengths(count: Int, lengthBytes: Int) throws {
      let server = try TestServer()
      let line = TappedLine(to: UInt16(server.acceptor.port))
      let clients = try ClientLoop()
      let client = TestClient(line.url, on: clients.loop)
      #expect(client.isOpen)
      let message = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) }
      client.send(message)
      #expect(client.log.wait { $0.binaries.count == 1 })
      #expect(client.log.current.binaries.first == message, "the server read what was sent")
      let frames = Self.frames(line.sent.current)
      #expect(frames.count == 1)
      #expect(frames.first?.first == 0x82)
      #expect(frames.first?.lengthBytes == lengthBytes)
      #expect(frames.first?.payload == message)
    }

    @Test("texts of any length come back as they went", arguments: [0, 1, 125, 126, 65_535, 65_536, 65_537, 300_000])
    func texts(count: Int) throws {
      let server = try TestServer()
      let clients = try ClientLoop { $0.checksTextByPiece = false }
      let client = TestClient(server.callURL, on: clients.loop)
      #expect(client.isOpen)
      let text = String(String(repeating: "wörd ", count: count / 5 + 1).prefix(count))
      client.send(text)
      #expect(client.log.wait { $0.texts.count == 1 })
      #expect(client.log.current.texts.first == text)
    }

    @Test("every frame has a mask of its own, over more frames than are asked for at once")
    func masks() throws {
      let server = try TestServer()
      let line = TappedLine(to: UInt16(server.acceptor.port))
      let clients = try ClientLoop()
      let client = TestClient(line.url, on: clients.loop)
      #expect(client.isOpen)
      for _ in 0..<200 { client.send("the same") }
      #expect(client.log.wait { $0.texts.count == 200 })
      let frames = Self.frames(line.sent.current)
      #expect(frames.count == 200)
      #expect(frames.allSatisfy { $0.first == 0x81 && $0.payload == Array("the same".utf8) })
      // Of 200 random masks two are alike once in 200,000 runs, three never.
      #expect(Set(frames.map(\.mask)).count >= 199)
    }

    /// A server's frame.
    private static func frame(_ first: UInt8, _ payload: [UInt8]) -> [UInt8] {
      [first, UInt8(payload.count)] + payload
    }

    @Test(
      "text that is not UTF-8 closes a client's connection with 1007, in one piece and in two",
      arguments: [[0xC3, 0x28], [0xFF], [0xE2, 0x82], Array("eight ASCII letters, then ".utf8) + [0x80]] as [[UInt8]],
      [true, false])
    func invalidText(bytes: [UInt8], checksTextByPiece: Bool) throws {
      for isSplit in [false, true] {
        let server = try TestServer()
        let line = TappedLine(to: UInt16(server.acceptor.port))
        let clients = try ClientLoop { $0.checksTextByPiece = checksTextByPiece }
        let client = TestClient(line.url, on: clients.loop)
        #expect(client.isOpen)
        line.inject(isSplit ? Self.frame(0x01, [0x61]) + Self.frame(0x80, bytes) : Self.frame(0x81, bytes))
        #expect(client.log.wait { $0.closed.count == 1 })
        // libwebsockets masks what it closes with where it stands, and can tell it to nobody then.
        if !checksTextByPiece { #expect(client.log.current.closed.first?.code == 1007) }
        #expect(
          line.sent.wait { Self.frames($0).contains { $0.first == 0x88 && $0.payload.starts(with: [0x03, 0xEF]) } })
        #expect(client.log.current.texts.isEmpty)
      }
    }

    @Test("letters of several bytes that come in two pieces are text", arguments: [true, false])
    func splitText(checksTextByPiece: Bool) throws {
      let server = try TestServer()
      let line = TappedLine(to: UInt16(server.acceptor.port))
      let clients = try ClientLoop { $0.checksTextByPiece = checksTextByPiece }
      let client = TestClient(line.url, on: clients.loop)
      #expect(client.isOpen)
      let text = Array("wörld €😀".utf8)
      for cut in 1..<text.count {
        line.inject(Self.frame(0x01, Array(text[..<cut])) + Self.frame(0x80, Array(text[cut...])))
      }
      #expect(client.log.wait { $0.texts.count == text.count - 1 })
      #expect(client.log.current.texts.allSatisfy { $0 == "wörld €😀" })
    }
  }
}
