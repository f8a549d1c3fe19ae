public import CallCore

/// Finds out whether one thread goes on with its work, from looks at it at regular times. A value that is told the time.
///
/// Time counts only between two looks that were both on time: when the watcher itself was late, because the process was stopped
/// or the machine had no time for it, nothing is known about the thread, and its time begins anew.
package struct StallDetector: Sendable {
  /// What was seen of a thread at a look.
  package struct Sample: Sendable, Equatable {
    /// Any number that is another one when the thread went on; `nil` while it waits for work.
    package var progress: UInt64?
    /// CPU time of the thread.
    package var cpu: CallDuration

    package init(progress: UInt64?, cpu: CallDuration) {
      self.progress = progress
      self.cpu = cpu
    }
  }

  /// How long a thread may take for one step.
  package struct Limits: Sendable, Equatable {
    /// After that it is said to stand.
    package var noticeAfter: CallDuration
    /// After that the process ends itself; `nil`: never.
    package var endAfter: CallDuration?

    package init(noticeAfter: CallDuration, endAfter: CallDuration?) {
      self.noticeAfter = noticeAfter
      self.endAfter = endAfter
    }
  }

  /// How a thread came to stand.
  package enum Cause: String, Sendable {
    /// It used CPU all the time.
    case loops = "it loops"
    /// It used none.
    case waits = "it waits for something that does not come"
    /// It used little: the machine is busy, or a disk slow.
    case isSlow = "it gets little CPU"
  }

  /// What a look says.
  package enum Verdict: Sendable, Equatable {
    /// It goes on, or has nothing to do.
    case goesOn
    /// It stands, for so long.
    case stands(CallDuration)
    /// It stood too long, and will not go on by itself.
    case isLost(CallDuration, Cause)
  }

  /// Share of the time that a thread used which loops: one tenth, as others may want the same core.
  private static let loopDivisor: Int64 = 10
  /// Share of the time that a thread used at most which waits: a thousandth, for signals and page faults.
  private static let waitDivisor: Int64 = 1000

  private let period: CallDuration
  private let limits: Limits
  private var last: (at: Timestamp, sample: Sample)?
  /// Time on which the thread certainly stood, and its CPU time when that began.
  private var standing = (time: CallDuration.zero, cpuBefore: CallDuration.zero)

  /// - Parameter period: between two looks; one that comes after more than twice of it is late.
  package init(period: CallDuration, limits: Limits) {
    self.period = period
    self.limits = limits
  }

  /// Takes a look.
  package mutating func check(_ sample: Sample, at now: Timestamp) -> Verdict {
    defer { last = (now, sample) }
    guard let last, let progress = sample.progress, progress == last.sample.progress, now - last.at <= period * 2 else {
      standing = (.zero, sample.cpu)
      return .goesOn
    }
    standing.time += now - last.at
    guard standing.time >= limits.noticeAfter else { return .goesOn }
    let cause = cause(sample)
    guard let end = limits.endAfter, standing.time >= end, cause != .isSlow else { return .stands(standing.time) }
    return .isLost(standing.time, cause)
  }

  /// How it came to stand, judged by its CPU time since.
  private func cause(_ sample: Sample) -> Cause {
    let used = (sample.cpu - standing.cpuBefore).microseconds
    let time = standing.time.microseconds
    if used * Self.loopDivisor >= time { return .loops }
    return used * Self.waitDivisor <= time ? .waits : .isSlow
  }
}

/// When a thread is said to stand, and when the process ends itself for it.
public struct StallSettings: Sendable, Equatable {
  /// Time that one step of a loop or of the acceptor may take before the process ends itself; `nil`: it never does. A step takes
  /// milliseconds; whoever started the server starts it again.
  public var endAfter: CallDuration? = .seconds(30)
  /// Time after which `/readyz` says that a loop stands, and it gets no calls.
  public var noticeAfter = CallDuration.seconds(3)
  /// Time between two looks.
  public var period = CallDuration.seconds(1)

  /// Worker threads may take so many times longer: recognising 30 s of speech on a busy machine, a database that does not answer.
  static let workerFactor: Int64 = 10
  /// Threads that run test cases may take so many times longer: a whole conversation with sound is one step.
  static let testRunFactor: Int64 = 120

  /// The defaults.
  public init() {}

  func limits(factor: Int64 = 1) -> StallDetector.Limits {
    StallDetector.Limits(noticeAfter: noticeAfter * Int(factor), endAfter: endAfter.map { $0 * Int(factor) })
  }
}
