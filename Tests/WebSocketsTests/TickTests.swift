import TestSupport
import Glibc
import MachineWatch
import Testing
import WebSockets

extension RoomTests {
  @Suite("The loop's clock and mailbox")
  struct TickTests {
    /// Slots and times of the first ticks.
    private final class Recorder: LoopHandler {
      private let seen: Probe<[(slot: Int, at: UInt64)]>
      init(_ seen: Probe<[(slot: Int, at: UInt64)]>) { self.seen = seen }
      func tick(at now: UInt64, slot: Int) { seen.change { $0.append((slot, now)) } }
      func opened(_ connection: WebSocketConnection) {}
      func received(_ bytes: UnsafeRawBufferPointer, isText: Bool, on connection: WebSocketConnection, at now: UInt64) {
      }
      func closed(_ connection: WebSocketConnection, code: Int, reason: String) {}
    }

    /// What a loop that ticked for a while shows.
    private struct Cadence {
      let ticks: [(slot: Int, at: UInt64)]
      let lateness: [Int]
      let latenessMax: UInt64
      let busyShare: Double

      /// After a stall slots are skipped.
      var inTurn: Int { zip(ticks, ticks.dropFirst()).count { ($0.slot + 1) % 20 == $1.slot } }
    }

    private func cadence() throws -> Cadence {
      let seen = Probe<[(slot: Int, at: UInt64)]>([])
      var configuration = ServiceLoopConfiguration()
      configuration.ticksWhenIdle = true
      let loop = ServiceLoop(configuration: configuration) { Recorder(seen) }
      try loop.start()
      defer { loop.stop() }
      #expect(seen.wait { $0.count >= 400 })
      return Cadence(
        ticks: Array(seen.current.prefix(400)), lateness: loop.load.latenessCounts,
        latenessMax: loop.load.takeTickLatenessMax(), busyShare: loop.load.busyShare)
    }

    @Test("ticks come in all 20 slots in turn, at most a thousand in a second")
    func ticks() throws {
      let cadence = try OnTime.run {
        try self.cadence()
      } wasHeldUp: {
        $0.inTurn < 390 || $0.busyShare >= 0.5
      }
      let ticks = cadence.ticks
      #expect(Set(ticks.map(\.slot)) == Set(0..<20))
      let elapsed = try #require(ticks.last).at - ticks[0].at
      // After a stall at most one round of 20 ticks is made up for at once; otherwise a tick takes its period.
      #expect(elapsed >= 379_000, "399 ticks took \(elapsed) µs")
      #expect(cadence.lateness.reduce(0, +) >= 400)
      #expect(cadence.latenessMax > 0)
    }

    @Test("an idle loop sleeps")
    func idle() throws {
      let server = try TestServer()
      let clients = try ClientLoop()
      let client = TestClient(server.callURL, on: clients.loop)
      #expect(client.isOpen)
      #expect(server.log.wait { $0.ticks > 20 })
      client.close(code: 1000)
      #expect(eventually { server.media[0].connectionCount == 0 })
      let before = server.media[0].load.latenessCounts.reduce(0, +)
      #expect(!eventually(0.05) { server.media[0].load.latenessCounts.reduce(0, +) != before })
      #expect(server.media[0].load.busyShare == 0)
    }

    @Test("posted work runs in order, on the loop's thread, and a full mailbox says so")
    func mailbox() throws {
      var configuration = ServiceLoopConfiguration()
      configuration.mailboxCapacity = 100
      let loop = ServiceLoop(configuration: configuration) { QuietLoopHandler() }
      let order = Probe<[Int]>([])
      // Not started: the mailbox only fills.
      for number in 0..<100 { #expect(loop.post { _ in order.change { $0.append(number) } }) }
      #expect(!loop.post { _ in order.change { $0.append(-1) } })
      try loop.start()
      #expect(order.wait { $0.count == 100 })
      #expect(order.current == Array(0..<100))
      loop.stop()
      #expect(!loop.post { _ in })
      #expect(throws: WebSocketError.alreadyStarted) { try loop.start() }
    }

    @Test("10,000 posts from four threads all arrive")
    func posts() throws {
      let clients = try ClientLoop()
      let count = Probe(0)
      let posters = (0..<4).map { _ in
        Poster { for _ in 0..<2_500 { while !clients.loop.post({ _ in count.change { $0 += 1 } }) { sched_yield() } } }
      }
      for poster in posters { poster.join() }
      #expect(count.wait { $0 == 10_000 })
    }
  }
}
