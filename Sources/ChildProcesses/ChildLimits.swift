import Glibc

/// What one child may take. A child that passes a limit is ended, and another one is started.
///
/// Time is counted in CPU time of the child, and in looks at it by whoever waits: both say the same on a busy machine as on an idle one.
public struct ChildLimits: Sendable, Hashable {
  /// CPU time for one request, in milliseconds. A child that has just been started loads itself in this time, too.
  public var cpuMillisecondsMax: Int
  /// How long it may use no CPU at all while a request waits, in milliseconds: it was stopped, or waits for what never comes.
  public var idleMillisecondsMax: Int
  /// How long a request may take whatever the child does, in milliseconds.
  public var answerMillisecondsMax: Int
  /// Its address space in bytes (`RLIMIT_AS`), the program itself included. Not set under sanitizers, which reserve terabytes.
  public var memoryBytesMax: Int
  /// Largest request, at most 4 GiB; a larger one is refused and reaches no child.
  public var requestBytesMax: Int
  /// Largest answer, at most 4 GiB.
  public var answerBytesMax: Int

  package init(
    cpuMillisecondsMax: Int, idleMillisecondsMax: Int, answerMillisecondsMax: Int, memoryBytesMax: Int,
    requestBytesMax: Int, answerBytesMax: Int
  ) {
    self.cpuMillisecondsMax = cpuMillisecondsMax
    self.idleMillisecondsMax = idleMillisecondsMax
    self.answerMillisecondsMax = answerMillisecondsMax
    self.memoryBytesMax = memoryBytesMax
    self.requestBytesMax = requestBytesMax
    self.answerBytesMax = answerBytesMax
  }
}

/// Looks at a child while its answer is waited for, and says when a limit of time is passed.
///
/// It counts its own looks, never the wall clock: when this process was stopped or the machine is overloaded, nothing is counted that the
/// child could not use.
struct ChildWatch {
  /// Time between two looks, in milliseconds.
  private static let lookMilliseconds = 20

  /// Of the child; nil when it is gone already, which its socket says.
  private let clock: clockid_t?
  private let limits: ChildLimits
  private let isWanted: () -> Bool
  private let cpuAtStart: Int64
  private var cpuAtLook: Int64
  private var lookAt: Int64
  private var looks = 0
  private var idleLooks = 0

  init(child: pid_t, limits: ChildLimits, isWanted: @escaping () -> Bool = { true }) {
    var clock = clockid_t()
    self.clock = clock_getcpuclockid(child, &clock) == 0 ? clock : nil
    self.limits = limits
    self.isWanted = isWanted
    cpuAtStart = Self.microseconds(of: self.clock)
    cpuAtLook = cpuAtStart
    lookAt = Self.microseconds(of: CLOCK_MONOTONIC)
  }

  /// Waits for the socket, at most until the next look, and looks.
  /// - Throws: `.passed` with the limit that was passed, `.unwanted` when nobody wants the answer any more.
  mutating func wait(for events: Int32, on descriptor: Int32) throws(MessageSocket.Fault) {
    var waited = pollfd(fd: descriptor, events: Int16(events), revents: 0)
    let isReady = poll(&waited, 1, Int32(Self.lookMilliseconds)) > 0
    let now = Self.microseconds(of: CLOCK_MONOTONIC)
    // A child that sends byte after byte is looked at, too.
    if isReady, now - lookAt < Int64(Self.lookMilliseconds) * 1000 { return }
    lookAt = now
    try checkLimits()
  }

  private mutating func checkLimits() throws(MessageSocket.Fault) {
    guard isWanted() else { throw .unwanted }
    let cpu = Self.microseconds(of: clock)
    looks += 1
    idleLooks = cpu == cpuAtLook ? idleLooks + 1 : 0
    cpuAtLook = cpu
    if cpu - cpuAtStart > Int64(limits.cpuMillisecondsMax) * 1000 {
      throw .passed(.cpu(limits.cpuMillisecondsMax))
    }
    if idleLooks * Self.lookMilliseconds >= limits.idleMillisecondsMax {
      throw .passed(.idle(limits.idleMillisecondsMax))
    }
    if looks * Self.lookMilliseconds >= limits.answerMillisecondsMax {
      throw .passed(.answer(limits.answerMillisecondsMax))
    }
  }

  private static func microseconds(of clock: clockid_t?) -> Int64 {
    var time = timespec()
    guard let clock, clock_gettime(clock, &time) == 0 else { return 0 }
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }
}
