import Glibc
import Synchronization

/// How a process ends that cannot go on: what is done in turn.
public struct StallEnding: Sendable {
  /// Called when that is decided, before the report is put together.
  public var begin: @Sendable () -> Void
  /// Called with the report.
  public var report: @Sendable (String) -> Void
  /// Called when the calls of other loops were ended and what was used was written, as far as that went. Nothing is watched after it.
  public var end: @Sendable () -> Void

  package init(
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

/// Where another thread is in the code: it is interrupted by a signal, and writes its return addresses into a pipe. Only for the
/// report of a process that ends; the addresses are resolved with `addr2line`.
enum ThreadStack {
  private typealias Backtrace = @convention(c) (UnsafeMutablePointer<UnsafeMutableRawPointer?>, Int32) -> Int32
  private typealias WriteSymbols = @convention(c) (UnsafeMutablePointer<UnsafeMutableRawPointer?>, Int32, Int32) -> Void

  /// Return addresses of a thread at most: they fit into a pipe.
  private static let framesMax: Int32 = 64
  /// Longest wait for a thread. One that is held by a debugger never answers.
  private static let waitMilliseconds: Int32 = 500
  private static let signal = SIGUSR2

  /// Where the thread that is asked writes to; −1 between questions.
  private static let pipeEnd = Atomic<Int32>(-1)
  private static let isAnswered = Atomic<Bool>(false)
  private nonisolated(unsafe) static let frames =
    UnsafeMutablePointer<UnsafeMutableRawPointer?>.allocate(capacity: Int(framesMax))
  // In `execinfo.h`, which Swift's module of the C library leaves out.
  private static let backtrace: Backtrace? = dlsym(nil, "backtrace").map { unsafeBitCast($0, to: Backtrace.self) }
  private static let writeSymbols: WriteSymbols? = dlsym(nil, "backtrace_symbols_fd").map {
    unsafeBitCast($0, to: WriteSymbols.self)
  }

  /// Lines with return addresses, innermost first; or why there are none.
  static func text(of thread: pthread_t) -> String {
    guard let backtrace, writeSymbols != nil else { return "  (no stacks here)\n" }
    // The first call loads a library, which no signal handler may do.
    _ = backtrace(frames, 1)
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return "  (no descriptor for a stack)\n" }
    defer {
      close(ends[0])
      // A thread that answers late must not write into whatever has the number then.
      if pipeEnd.exchange(-1, ordering: .sequentiallyConsistent) != -1 || isAnswered.load(ordering: .acquiring) {
        close(ends[1])
      }
    }
    isAnswered.store(false, ordering: .releasing)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = threadAsked
    action.sa_flags = SA_RESTART
    sigaction(signal, &action, nil)
    pipeEnd.store(ends[1], ordering: .sequentiallyConsistent)
    guard pthread_kill(thread, signal) == 0 else { return "  (the thread is gone)\n" }
    return read(ends[0])
  }

  /// The handler's part: nothing here takes a lock or memory.
  fileprivate static func writeBacktrace() {
    let end = pipeEnd.exchange(-1, ordering: .sequentiallyConsistent)
    guard end >= 0, let backtrace, let writeSymbols else { return }
    writeSymbols(frames, backtrace(frames, framesMax), end)
    var mark: UInt8 = 0
    _ = write(end, &mark, 1)
    isAnswered.store(true, ordering: .releasing)
  }

  /// Reads until the mark that ends an answer.
  private static func read(_ descriptor: Int32) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while bytes.last != 0 {
      var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&waited, 1, waitMilliseconds) > 0 else { return "  (it does not answer)\n" }
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    let text = String(decoding: bytes.filter { $0 != 0 }, as: UTF8.self)
    return text.split(separator: "\n").map { "  \($0)\n" }.joined()
  }
}

private func threadAsked(_: Int32) { ThreadStack.writeBacktrace() }
