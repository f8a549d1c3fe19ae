import Glibc
import Synchronization

/// Watches the machine while a test measures in real time: as many threads as there are cores sleep and note when they are woken late, and the
/// system's own count says who had the cores. It explains a run that was held up; it gives no verdict, for no count of the system's says for certain
/// whose fault a stall was.
public final class MachineWatch: Sendable {
  /// What was seen until `stop`.
  public struct Report: Sendable, CustomStringConvertible {
    /// The longest that a thread was woken late, in microseconds.
    public let longestStall: Int
    /// Share of the cores' time that this process and those that it started used.
    public let ownPercent: Double
    /// Share of the cores' time that other processes of this machine used.
    public let othersPercent: Double
    /// Share of the cores' time that other machines had.
    public let stolenPercent: Double

    /// For a log, such as `woken up to 66 ms late; the cores: 12 % ours, 88 % of others, 0 % stolen`.
    public var description: String {
      "woken up to \(longestStall / 1000) ms late; the cores: \(Int(ownPercent)) % ours, \(Int(othersPercent)) % of others, "
        + "\(Int(stolenPercent)) % stolen"
    }
  }

  private final class Shared: Sendable {
    let isStopped = Atomic(false)
    let longestStall = Atomic(0)
  }

  private static let period = 5_000

  private let shared = Shared()
  private let threads: [pthread_t]
  private let begun: CoreTimes

  /// Begins to watch.
  public init() {
    begun = CoreTimes()
    let cores = max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1)
    threads = (0..<cores).compactMap { [shared] _ in Self.thread { Self.watch(shared) } }
  }

  /// Ends the watch.
  public func stop() -> Report {
    shared.isStopped.store(true, ordering: .relaxed)
    for thread in threads { pthread_join(thread, nil) }
    let spent = CoreTimes().since(begun)
    return Report(
      longestStall: shared.longestStall.load(ordering: .relaxed), ownPercent: spent.ownPercent,
      othersPercent: spent.othersPercent, stolenPercent: spent.stolenPercent)
  }

  private static func watch(_ shared: Shared) {
    while !shared.isStopped.load(ordering: .relaxed) {
      let asked = now()
      usleep(UInt32(period))
      shared.longestStall.max(now() - asked - period, ordering: .relaxed)
    }
  }

  private static func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
  }

  private static func thread(_ body: @escaping @Sendable () -> Void) -> pthread_t? {
    final class Work {
      let body: () -> Void
      init(_ body: @escaping () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let work = Unmanaged.passRetained(Work(body))
    let status = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, work.toOpaque())
    guard status == 0 else {
      work.release()
      return nil
    }
    return thread
  }
}
