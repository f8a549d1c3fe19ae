import Glibc

/// How a process ends that cannot go on: what is done in turn.
public struct StallEnding: Sendable {
  /// Called when that is decided, before the report is put together.
  public var begin: @Sendable () -> Void
  /// Called with the report.
  public var report: @Sendable (String) -> Void
  /// Called when the calls of other loops were ended and what was used was written, as far as that went. Nothing is watched after it.
  public var end: @Sendable () -> Void

  /// See the properties.
  public init(
    begin: @escaping @Sendable () -> Void, report: @escaping @Sendable (String) -> Void,
    end: @escaping @Sendable () -> Void
  ) {
    self.begin = begin
    self.report = report
    self.end = end
  }

  /// Exit code of a process that ended itself: `EX_SOFTWARE` of sysexits.h.
  public static let exitCode: Int32 = 70
  /// Longest time that the report and what is still written may take. They may need a lock that the lost thread holds.
  public static let secondsMax: UInt32 = 15

  /// Writes the report to standard error, has `last` done, and ends the process with `exitCode`, or with SIGALRM where that takes
  /// longer than `secondsMax`.
  public static func ofProcess(last: @escaping @Sendable () -> Void) -> StallEnding {
    StallEnding {
      signal(SIGALRM, SIG_DFL)
      alarm(secondsMax)
    } report: { report in
      var bytes = Array(report.utf8)[...]
      while !bytes.isEmpty {
        let written = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
        guard written > 0 else { break }
        bytes = bytes.dropFirst(written)
      }
    } end: {
      last()
      _exit(exitCode)
    }
  }
}
