import CLibwebsockets
import Glibc
import Synchronization
import Threads

/// Signs of life of one thread: written by it, read by others. Writing costs one relaxed store.
public final class ThreadHeartbeat: Sendable {
  /// What a thread of this module does.
  public enum Step: Sendable, Equatable, CustomStringConvertible {
    /// Waiting, or within libwebsockets.
    case library
    /// The calls' frames of a tick.
    case tick
    /// What other threads posted.
    case mailbox
    /// Connections that came or wait for their head.
    case accepting
    /// A callback of libwebsockets, by its number.
    case callback(Int32)

    /// In words.
    public var description: String {
      switch self {
      case .library: "waiting, or inside libwebsockets"
      case .tick: "a tick"
      case .mailbox: "posted work"
      case .accepting: "accepting connections"
      case .callback(let number): "callback \(number) of libwebsockets"
      }
    }
  }

  /// Callbacks are stored by their numbers, which are 0 and up.
  private enum Code {
    static let library: Int32 = -1
    static let tick: Int32 = -2
    static let mailbox: Int32 = -3
    static let accepting: Int32 = -4
  }

  private let threadCell = Atomic<UInt>(0)
  private let clockCell = Atomic<Int32>(0)
  private let stepCell = Atomic<Int32>(Code.library)
  private let roundCell = Atomic<UInt64>(0)

  init() {}

  /// The thread (`pthread_t`), while it runs.
  public var thread: UInt? {
    let thread = threadCell.load(ordering: .acquiring)
    return thread == 0 ? nil : thread
  }
  /// What it does.
  public var step: Step {
    switch stepCell.load(ordering: .relaxed) {
    case Code.library: .library
    case Code.tick: .tick
    case Code.mailbox: .mailbox
    case Code.accepting: .accepting
    case let number: .callback(number)
    }
  }
  /// Rounds of work that the thread began; odd while it is in one. Counted by the acceptor only.
  public var rounds: UInt64 { roundCell.load(ordering: .relaxed) }
  /// CPU time of the thread in microseconds; `nil` when it does not run.
  public var cpuMicroseconds: UInt64? {
    guard thread != nil else { return nil }
    return MonotonicClock.read(clockCell.load(ordering: .relaxed))
  }

  /// Called by the thread when it begins.
  func began() {
    var clock = clockid_t()
    guard pthread_getcpuclockid(pthread_self(), &clock) == 0 else { return }
    clockCell.store(clock, ordering: .relaxed)
    threadCell.store(UInt(pthread_self()), ordering: .releasing)
  }

  /// Called by the thread before it ends.
  func ended() { threadCell.store(0, ordering: .releasing) }

  func ticks() { stepCell.store(Code.tick, ordering: .relaxed) }
  func readsMailbox() { stepCell.store(Code.mailbox, ordering: .relaxed) }
  func called(back reason: lws_callback_reasons) {
    stepCell.store(Int32(bitPattern: reason.rawValue), ordering: .relaxed)
  }
  func isBackInLibrary() { stepCell.store(Code.library, ordering: .relaxed) }

  func beginsRound() {
    stepCell.store(Code.accepting, ordering: .relaxed)
    roundCell.add(1, ordering: .relaxed)
  }
  func endsRound() {
    stepCell.store(Code.library, ordering: .relaxed)
    roundCell.add(1, ordering: .relaxed)
  }
}
