import CallDriver
import Dispatch
import Glibc
import Testing
import Threads

@Suite("Worker threads")
struct WorkerPoolTests {
  /// A pool of one thread that is busy until it is let go.
  struct BusyPool {
    let pool = WorkerPool(threadCount: 1)
    private let letGo = DispatchSemaphore(value: 0)

    init() {
      let (letGo, begun) = (letGo, DispatchSemaphore(value: 0))
      let isQueued = pool.submit(.waitedFor) {
        begun.signal()
        letGo.wait()
      }
      precondition(isQueued, "an idle pool takes work")
      begun.wait()
    }

    func release() { letGo.signal() }
  }

  @Test("more urgent work goes first, equals in their order")
  func order() {
    let busy = BusyPool()
    let done = Locked<[String]>([])
    let works: [(WorkerPool.Urgency, String)] = [
      (.idle, "idle 1"), (.outsideCalls, "outside 1"), (.soon, "soon 1"), (.waitedFor, "now 1"), (.idle, "idle 2"),
      (.waitedFor, "now 2"), (.outsideCalls, "outside 2"), (.soon, "soon 2"),
    ]
    for (urgency, name) in works { #expect(busy.pool.submit(urgency) { done.withLock { $0.append(name) } }) }
    #expect(busy.pool.waitingCount == 4, "no caller waits for the others")
    busy.release()
    busy.pool.finish()
    #expect(
      done.withLock { $0 }
        == ["now 1", "now 2", "soon 1", "soon 2", "outside 1", "outside 2", "idle 1", "idle 2"])
    #expect(busy.pool.waitingCount == 0)
  }

  @Test("calls, others and idle work have places of their own, none takes another's, and what was taken is done")
  func bound() {
    let busy = BusyPool()
    let done = Locked(0)
    func fill(_ urgencies: WorkerPool.Urgency..., count: Int) {
      for index in 0..<count {
        #expect(busy.pool.submit(urgencies[index % urgencies.count]) { done.withLock { $0 += 1 } })
      }
      for urgency in urgencies { #expect(!busy.pool.submit(urgency) { done.withLock { $0 += 1_000_000 } }) }
    }
    fill(.idle, count: WorkerPool.waitingMaxOutsideCalls)
    fill(.outsideCalls, count: WorkerPool.waitingMaxOutsideCalls)
    fill(.waitedFor, .soon, count: WorkerPool.waitingMax)
    busy.release()
    busy.pool.finish()
    #expect(done.withLock { $0 } == WorkerPool.waitingMax + 2 * WorkerPool.waitingMaxOutsideCalls)
  }

  @Test("a pool that finished takes no more")
  func finished() {
    let pool = WorkerPool(threadCount: 2)
    let done = Locked(0)
    for _ in 0..<100 { #expect(pool.submit(.soon) { done.withLock { $0 += 1 } }) }
    pool.finish()
    #expect(done.withLock { $0 } == 100)
    #expect(!pool.submit(.waitedFor) { done.withLock { $0 += 1 } })
    #expect(done.withLock { $0 } == 100)
  }

  @Test("a pool that stops drops what waits, and lets what is begun come to its end")
  func stopped() {
    let busy = BusyPool()
    let done = Locked(0)
    for _ in 0..<10 { #expect(busy.pool.submit(.waitedFor) { done.withLock { $0 += 1 } }) }
    let isStopped = DispatchSemaphore(value: 0)
    let pool = busy.pool
    DispatchQueue.global().async {
      pool.stop()
      isStopped.signal()
    }
    while pool.waitingCount > 0 { sched_yield() }
    busy.release()
    isStopped.wait()
    #expect(done.withLock { $0 } == 0)
    #expect(!pool.submit(.waitedFor) {})
  }

  @Test("what waits is counted by kind, without idle work, and each wait that a caller sat through once")
  func figures() {
    let busy = BusyPool()
    let kinds: [(WorkerPool.Urgency, WorkKind)] = [
      (.waitedFor, .recognition), (.soon, .recognition), (.soon, .synthesis), (.outsideCalls, .synthesis),
      (.idle, .synthesis),
    ]
    for (urgency, kind) in kinds { #expect(busy.pool.submit(urgency, kind: kind) {}) }
    let before = busy.pool.figures
    #expect(before.waiting == [2, 1, 0])
    #expect(before.threads == 1)
    busy.release()
    busy.pool.finish()
    let after = busy.pool.figures
    #expect(after.waiting == [0, 0, 0])
    #expect(after.waits.map(\.total) == [1, 0, 1], "the busy work itself and one recognition were waited for")
    #expect(after.oldestWait == 0)
  }

  @Test("the time in use counts what is not finished, and grows as fast as the clock at most")
  func busyTime() {
    let busy = BusyPool()
    let first = busy.pool.figures
    var second = busy.pool.figures
    while second.at - first.at < 2000 { second = busy.pool.figures }
    #expect(second.busyShare(since: first) == 1, "one thread, busy all the time")
    #expect(second.busyShare(since: second) == 0)
    busy.release()
    busy.pool.finish()
    let third = busy.pool.figures
    var fourth = busy.pool.figures
    while fourth.at - third.at < 2000 { fourth = busy.pool.figures }
    #expect(fourth.busyShare(since: third) == 0)
    #expect(third.piecesDone == first.piecesDone + 1 && third.piecesPerSecond(since: first) > 0)
    #expect(fourth.piecesPerSecond(since: third) == 0)
  }

  @Test("the longest wait since a look is the end of its class")
  func waitClasses() {
    let busy = BusyPool()
    let before = busy.pool.figures
    #expect(before.waits[0].longestMs(since: before.waits[0]) == 0)
    #expect(busy.pool.submit(.waitedFor, kind: .recognition) {})
    var now = busy.pool.figures
    while now.oldestWait < 6000 { now = busy.pool.figures }
    busy.release()
    busy.pool.finish()
    let longest = busy.pool.figures.waits[0].longestMs(since: before.waits[0])
    #expect(longest >= 10 && WaitClasses.endsMs.contains(longest))
  }

  @Test("work that is queued by work is done")
  func nested() {
    let pool = WorkerPool(threadCount: 1)
    let done = DispatchSemaphore(value: 0)
    #expect(pool.submit(.idle) { _ = pool.submit(.waitedFor) { done.signal() } })
    done.wait()
    pool.finish()
  }

  @Test("all threads work at the same time")
  func parallel() {
    let pool = WorkerPool(threadCount: 4)
    let arrived = Locked(0)
    let all = DispatchSemaphore(value: 0)
    for _ in 0..<4 {
      // Each waits for the others: three threads would wait for ever.
      #expect(
        pool.submit(.soon) {
          if arrived.withLock({ count in
            count += 1
            return count == 4
          }) {
            for _ in 0..<4 { all.signal() }
          }
          all.wait()
        })
    }
    pool.finish()
    #expect(arrived.withLock { $0 } == 4)
  }
}
