import TestSupport
import CallDriver
import CallServer
import Logging
import Testing
import WebSockets

extension ServerTests {
  @Suite("Places for blocking work")
  struct BlockingPoolTests {
    private let lines = Probe<[String]>([])
    private let isHeld = Probe(true)
    private let pool: BlockingPool

    init() {
      let lines = lines
      pool = BlockingPool("requests", threadCount: 1, log: Logger(label: "test") { _ in KeptLog(lines: lines) })
    }

    /// Keeps the one thread busy until `isHeld` is false.
    private func hold() {
      let (isHeld, begun) = (isHeld, Probe(false))
      #expect(
        pool.submit(.waitedFor) {
          begun.change { $0 = true }
          isHeld.wait { !$0 }
        })
      #expect(begun.wait { $0 })
    }

    private func release() {
      isHeld.change { $0 = false }
      pool.finish()
    }

    @Test("a full queue is counted, and logged once in a while")
    func full() {
      hold()
      for _ in 0..<WorkerPool.waitingMax { #expect(pool.submit(.soon) {}) }
      for _ in 0..<50 { #expect(!pool.submit(.soon) {}) }
      #expect(pool.submit(from: address("192.0.2.1")) {}?.status == 503)
      #expect(pool.figures.refusedAsFull == 51 && pool.figures.refusedByAddress == 0)
      #expect(lines.current.count == 1 && lines.current[0].contains("the queue of requests is full"))
      release()
    }

    private func address(_ text: String) -> ClientAddress { ClientAddress(text) ?? .unknown }

    @Test("one address has its share of the places, others have theirs, and what is done counts no more")
    func shares() {
      hold()
      let done = Probe(0)
      for _ in 0..<PeerQuota.perPeerMax {
        #expect(pool.submit(from: address("192.0.2.1")) { done.change { $0 += 1 } } == nil)
      }
      let refusal = pool.submit(from: address("192.0.2.1")) { done.change { $0 += 1_000_000 } }
      #expect(refusal?.status == 429 && refusal?.headers.contains { $0.name == "retry-after" } == true)
      #expect(pool.submit(from: address("192.0.2.2")) { done.change { $0 += 1 } } == nil)
      #expect(pool.figures.refusedAsFull == 0 && pool.figures.refusedByAddress == 1)
      isHeld.change { $0 = false }
      #expect(done.wait { $0 == PeerQuota.perPeerMax + 1 })
      #expect(eventually { pool.submit(from: address("192.0.2.1")) {} == nil })
      release()
    }

    @Test("addresses take turns: what one asks for a hundred times does not keep another waiting")
    func turns() {
      hold()
      let order = Probe<[Int]>([])
      for index in 0..<100 {
        #expect(pool.submit(from: address("192.0.2.1")) { order.change { $0.append(index) } } == nil)
      }
      for index in 0..<2 {
        #expect(pool.submit(from: address("192.0.2.2")) { order.change { $0.append(1_000 + index) } } == nil)
      }
      #expect(pool.waitingCount == 102)
      isHeld.change { $0 = false }
      #expect(order.wait { $0.count == 102 })
      #expect(Array(order.current.prefix(5)) == [0, 1_000, 1, 1_001, 2])
      #expect(order.current.filter { $0 < 1_000 } == Array(0..<100) && pool.waitingCount == 0)
      release()
    }

    @Test("what waits for its turn is done before the pool is at its end")
    func finished() {
      hold()
      let done = Probe(0)
      for _ in 0..<50 { #expect(pool.submit(from: address("192.0.2.1")) { done.change { $0 += 1 } } == nil) }
      release()
      #expect(done.current == 50)
    }

    @Test("a full queue leaves nothing of an address behind")
    func fullForOne() {
      hold()
      for _ in 0..<WorkerPool.waitingMax { #expect(pool.submit(.soon) {}) }
      for _ in 0..<(3 * PeerQuota.perPeerMax) { #expect(pool.submit(from: address("192.0.2.1")) {}?.status == 503) }
      isHeld.change { $0 = false }
      let done = Probe(0)
      #expect(eventually { pool.submit(from: address("192.0.2.1")) { done.change { $0 += 1 } } == nil })
      release()
      #expect(done.current == 1 && pool.figures.refusedByAddress == 0)
    }

    @Test("addresses are remembered while they have work in progress, and no longer")
    func forgotten() {
      var shares = PeerQuota(atOnceMax: 1)
      for number in 0..<100_000 {
        let peer = address("2001:\(String(number >> 8, radix: 16)):\(String(number & 255, radix: 16))::1")
        let turns = [shares.reserve(peer) {}, shares.reserve(peer) {}]
        #expect(turns == [.now, .later] && shares.waitingCount == 1)
        let (next, last) = (shares.end(peer), shares.end(peer))
        #expect(next != nil && last == nil)
      }
      let nobody = shares.end(address("192.0.2.9"))
      #expect(nobody == nil && shares.peerCount == 0 && shares.waitingCount == 0)
    }
  }
}
