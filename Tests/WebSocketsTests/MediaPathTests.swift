import TestSupport
import Glibc
import Testing
import WebSockets

extension RoomTests {
  @Suite("Audio flows both ways in time")
  struct MediaPathTests {
    /// Both ends of `count` calls, each end sending a packet every 20 ms.
    private final class Calls {
      let server = PacedCounts()
      let client = PacedCounts()
      let media: ServiceLoop
      private let clients: ServiceLoop
      private let acceptor: Acceptor

      init(count: Int) throws {
        FileLimit.raise()
        let (server, client) = (server, client)
        var configuration = ServiceLoopConfiguration()
        configuration.name = "media"
        media = ServiceLoop(configuration: configuration) { PacedPeer(server) }
        configuration.name = "clients"
        clients = ServiceLoop(configuration: configuration) { PacedPeer(client) }
        acceptor = try Acceptor(control: media, media: [media])
        try media.start()
        try clients.start()
        try acceptor.start()
        let request = WebSocketClientRequest(
          url: "ws://127.0.0.1:\(acceptor.port)/v1/call", subprotocol: "voiceforge.v1")
        for _ in 0..<count {
          _ = clients.post { loop in
            if let peer = loop.handler as? PacedPeer { loop.connect(request, handler: peer) }
          }
        }
        guard (eventually { [media] in media.connectionCount == count }) else { throw RawSocket.Failure(errno: 0) }
      }

      deinit {
        acceptor.stopAccepting()
        clients.stop()
        media.stop()
      }

      func received(_ frames: Int) -> Bool {
        let (server, client) = (server, client)
        let goal = server.received.value + frames
        return eventually {
          server.received.value >= goal && client.received.value >= goal
        }
      }
    }

    /// How punctually is printed, and judged by `make bench-load`.
    @Test("200 calls get their packets")
    func twoHundred() throws {
      let calls = try Calls(count: 200)
      #expect(calls.received(20_000))
      let counts = calls.client
      let late = counts.tooLate.value
      let all = counts.received.value
      print(
        "client lateness of \(all) packets: ≤ 1 ms \(counts.punctual.value), "
          + "≤ 5 ms \(counts.late5.value), ≤ 20 ms \(counts.late20.value), "
          + "later \(late); media loop busy \(calls.media.load.busyShare), ticks late max "
          + "\(calls.media.load.takeTickLatenessMax()) µs")
    }
  }
}
