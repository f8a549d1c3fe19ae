import FoundationEssentials
import Glibc
import Synchronization

/// Standard output or standard error, and what it can show.
struct TerminalOutput: Sendable {
  static let output = TerminalOutput(descriptor: STDOUT_FILENO)
  static let errors = TerminalOutput(descriptor: STDERR_FILENO)

  /// Whether a person looks at it, so that lines may be overwritten in place.
  let isTerminal: Bool
  /// Whether colours are wanted: on a terminal, unless `NO_COLOR` (no-color.org) is set.
  let hasColours: Bool
  private let descriptor: Int32

  private init(descriptor: Int32) {
    let environment = ProcessInfo.processInfo.environment
    self.descriptor = descriptor
    isTerminal = isatty(descriptor) == 1 && environment["TERM"] != "dumb"
    hasColours = isTerminal && environment["NO_COLOR", default: ""].isEmpty
  }

  /// Characters in a line; 100 where nobody looks.
  var columns: Int {
    var size = winsize()
    guard isTerminal, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 40 else { return 100 }
    return Int(size.ws_col)
  }

  /// Writes at once.
  func write(_ text: String) { write(Array(text.utf8)) }

  /// Writes at once. What standard output does not take is told when the command ends; of standard error there is nobody to tell.
  func write(_ bytes: [UInt8]) {
    do throws(ByteFile.Fault) { try ByteFile.write(bytes, to: descriptor) } catch {
      // A reader that went away, as `| head` does, is no fault of ours.
      guard descriptor == STDOUT_FILENO, error.code != EPIPE else { return }
      // Of several, the first is the cause.
      _ = Self.firstError.compareExchange(expected: 0, desired: error.code, ordering: .relaxed)
    }
  }

  /// `errno` of the first write to standard output that failed; 0: none did.
  private static let firstError = Atomic<Int32>(0)

  /// What standard output did not take, for the end of a command; `nil`: it took everything.
  static var fault: CommandFault? {
    let code = firstError.load(ordering: .relaxed)
    return code == 0
      ? nil : CommandFault(writing: "to standard output", ByteFile.Fault(errno: code), else: "another place for it")
  }

  /// Must be called before anything is opened or written: a peer that is gone and a file at its limit are told by the call that writes
  /// instead of ending the process, and no file or socket gets the number of a standard stream that is closed.
  static func prepare() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      // Opened the wrong way round, so that using it is an error still.
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  func line(_ text: String) { write(text + "\n") }

  // As named, where there are colours.
  func dim(_ text: String) -> String { styled(text, 2) }
  func bold(_ text: String) -> String { styled(text, 1) }
  func red(_ text: String) -> String { styled(text, 31) }
  func green(_ text: String) -> String { styled(text, 32) }
  func yellow(_ text: String) -> String { styled(text, 33) }
  func cyan(_ text: String) -> String { styled(text, 36) }

  private func styled(_ text: String, _ code: Int) -> String {
    hasColours ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}

/// Writes to the person at the terminal.
enum Terminal {
  /// One line on standard output, at once.
  static func line(_ text: String) { TerminalOutput.output.line(text) }

  /// One line on standard error.
  static func errorLine(_ text: String) { TerminalOutput.errors.line(text) }
}

/// What is going on, in one line of standard error that is overwritten; nothing where nobody looks.
enum ProgressLine {
  /// Shows `text` until the next one, or until `clear`.
  static func show(_ text: String) {
    guard TerminalOutput.errors.isTerminal else { return }
    TerminalOutput.errors.write(
      "\r\u{1B}[K" + TerminalOutput.errors.dim(TextColumns.cut(text, to: TerminalOutput.errors.columns - 1)))
  }

  /// Must be called before anything else is written.
  static func clear() {
    guard TerminalOutput.errors.isTerminal else { return }
    TerminalOutput.errors.write("\r\u{1B}[K")
  }

  /// Shows `text` while `work` goes on.
  static func during<Result>(_ text: String, _ work: () throws -> Result) rethrows -> Result {
    show(text)
    defer { clear() }
    return try work()
  }
}
