import CLibwebsockets
import Glibc
import Threads

/// The loop's metronome: a timer descriptor, because libwebsockets' own timers spin through the last millisecond.
final class TickTimer: DescriptorOwner {
  private let descriptor: Int32
  private let period: UInt64
  private let slotCount: UInt64
  private var startedAt: UInt64 = 0
  private var ticksDone: UInt64 = 0
  private var cpu = CPUShare()
  private(set) var isRunning = false

  init?(tickingIn loop: LoopContext) {
    period = max(1, loop.configuration.tickPeriod.microseconds)
    slotCount = UInt64(max(1, loop.configuration.tickSlotCount))
    descriptor = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_NONBLOCK) | Int32(TFD_CLOEXEC))
    if descriptor < 0 { return nil }
    super.init(loop: loop)
    if !adopt(descriptor) { return nil }
  }

  func start() {
    guard !isRunning else { return }
    isRunning = true
    startedAt = MonotonicClock.now()
    ticksDone = 0
    cpu = CPUShare()
    arm(first: startedAt + period, interval: period)
  }

  func stop() {
    guard isRunning else { return }
    isRunning = false
    arm(first: 0, interval: 0)
    loop.load.busy(permille: 0)
  }

  override func handle(_ reason: lws_callback_reasons, _ input: UnsafeMutableRawPointer?, _ count: Int) -> Int32 {
    if reason == LWS_CALLBACK_RAW_RX_FILE { expired() }
    return 0
  }

  private func expired() {
    var expirations: UInt64 = 0
    guard read(descriptor, &expirations, MemoryLayout<UInt64>.size) > 0, isRunning else { return }
    let due = (MonotonicClock.now() - startedAt) / period
    if due > ticksDone + slotCount { ticksDone = due - slotCount }  // after a stall, make up for one round only
    while ticksDone < due, isRunning {
      let slot = Int(ticksDone % slotCount)
      ticksDone += 1
      let now = MonotonicClock.now()
      loop.load.ticked(late: now - (startedAt + ticksDone * period))
      if ticksDone % 100 == 0 { loop.load.busy(permille: cpu.permille(at: now)) }
      loop.tick(at: now, slot: slot)
    }
    rest()
  }

  /// Sleeps until the next tick is due, where that is worth it; not at all when it is due already.
  private func rest() {
    guard isRunning, loop.load.connectionCount >= loop.configuration.restsFromCount else { return }
    let end = startedAt + (ticksDone + 1) * period
    guard MonotonicClock.now() < end else { return }
    var wake = timespec(tv_sec: Int(end / 1_000_000), tv_nsec: Int(end % 1_000_000) * 1_000)
    clock_nanosleep(CLOCK_MONOTONIC, Int32(TIMER_ABSTIME), &wake, nil)
  }

  private func arm(first: UInt64, interval: UInt64) {
    var setting = itimerspec()
    setting.it_value = timespec(tv_sec: Int(first / 1_000_000), tv_nsec: Int(first % 1_000_000) * 1_000)
    setting.it_interval = timespec(tv_sec: Int(interval / 1_000_000), tv_nsec: Int(interval % 1_000_000) * 1_000)
    timerfd_settime(descriptor, Int32(TFD_TIMER_ABSTIME), &setting, nil)
  }
}

/// How much of a core the calling thread used between two questions.
struct CPUShare {
  private var wall = MonotonicClock.now()
  private var cpu = MonotonicClock.threadCPU()

  /// - Returns: 0 … 1,000 thousandths since the last question.
  mutating func permille(at now: UInt64) -> Int {
    let used = MonotonicClock.threadCPU()
    let (elapsed, busy) = (now &- wall, used &- cpu)
    (wall, cpu) = (now, used)
    return elapsed == 0 ? 0 : Int(min(1_000, busy * 1_000 / elapsed))
  }
}
