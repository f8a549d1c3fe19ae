import Testing
import Threads

@Suite("Threads and what they share")
struct ThreadsTests {
  /// Runs `body` on so many threads at once and waits for them.
  private func concurrently(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) throws {
    let threads = try (0..<count).map { index in try Thread.start("test \(index)") { body(index) } }
    for thread in threads { thread.join() }
  }

  @Test("a value behind a lock loses no change of many threads")
  func locked() throws {
    let count = Locked(0)
    try concurrently(8) { _ in for _ in 0..<10_000 { count.withLock { $0 += 1 } } }
    #expect(count.withLock { $0 } == 80_000)
  }

  @Test("what a body throws is thrown, and the lock is free again")
  func throwing() {
    struct Fault: Error, Equatable {}
    let (locked, monitor) = (Locked(1), Monitor(1))
    #expect(throws: Fault()) { try locked.withLock { _ throws(Fault) in throw Fault() } }
    #expect(throws: Fault()) { try monitor.withLock { _ throws(Fault) in throw Fault() } }
    #expect(locked.withLock { $0 } == 1 && monitor.read { $0 } == 1)
  }

  @Test("each change wakes those who wait for it, and each unit is taken once")
  func monitor() throws {
    let store = Monitor(0)
    let taken = Locked(0)
    try concurrently(9) { index in
      if index == 0 {
        for _ in 0..<800 { store.withLock { $0 += 1 } }
      } else {
        for _ in 0..<100 {
          store.wait { left -> Void? in
            guard left > 0 else { return nil }
            left -= 1
            return ()
          }
          taken.withLock { $0 += 1 }
        }
      }
    }
    #expect(store.read { $0 } == 0)
    #expect(taken.withLock { $0 } == 800)
  }

  @Test("a wait ends at its deadline; what is there by then is given")
  func deadline() {
    let monitor = Monitor<Int?>(nil)
    #expect(monitor.wait(until: .after(microseconds: 0)) { $0 } == nil)
    #expect(monitor.wait(until: .after(.milliseconds(2))) { $0 } == nil)
    monitor.withLock { $0 = 7 }
    #expect(monitor.wait(until: .after(microseconds: 0)) { $0 } == 7)
  }

  @Test("deadlines: negative spans count as none, whole milliseconds are rounded up")
  func deadlines() {
    #expect(Deadline.after(.seconds(-5)).isOver)
    #expect(Deadline.after(.seconds(-5)).milliseconds == 0)
    let far = Deadline.after(.seconds(1000))
    #expect(!far.isOver && far > .after(.seconds(-5)))
    #expect((1...1_000_000).contains(far.milliseconds))
    #expect(Deadline.after(microseconds: 1 << 60).milliseconds == .max)
  }

  @Test("a latch lets nobody through before it is opened, and everybody after")
  func latch() throws {
    let latch = Latch()
    let passed = Locked(0)
    #expect(!latch.wait(within: .zero))
    let threads = try (0..<4).map { index in
      try Thread.start("test \(index)") {
        latch.wait()
        passed.withLock { $0 += 1 }
      }
    }
    #expect(passed.withLock { $0 } == 0)
    latch.open()
    latch.open()
    for thread in threads { thread.join() }
    #expect(passed.withLock { $0 } == 4)
    #expect(latch.wait(within: .zero))
  }

  @Test("a promise is given once; later values do not count")
  func promise() throws {
    let promise = Promise<Int>()
    #expect(promise.value == nil && promise.wait(within: .zero) == nil)
    let thread = try Thread.start("giver") {
      promise.fulfill(1)
      promise.fulfill(2)
    }
    #expect(promise.wait() == 1)
    thread.join()
    #expect(promise.value == 1 && promise.wait(within: .zero) == 1)
  }

  @Test("a thread knows itself, and a detached one ends unattended")
  func thread() throws {
    let (mayGo, isCurrent, isOver) = (Promise<Thread>(), Promise<Bool>(), Latch())
    let thread = try Thread.start("a name that is longer than fifteen bytes") {
      isCurrent.fulfill(mayGo.wait().isCurrent)
    }
    mayGo.fulfill(thread)
    #expect(isCurrent.wait() && !thread.isCurrent)
    thread.join()
    try Thread.startDetached("detached") { isOver.open() }
    isOver.wait()
  }

  @Test("the clock goes on, and a thread's own with what it does")
  func clock() {
    let (now, used) = (MonotonicClock.now(), MonotonicClock.threadCPU())
    var sum = 0
    while MonotonicClock.threadCPU() == used { sum &+= 1 }
    #expect(MonotonicClock.now() > now && sum >= 0)
  }
}
