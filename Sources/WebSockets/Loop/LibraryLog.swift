import CLibwebsockets
import Glibc
import Threads

/// Where libwebsockets' own log lines go. Nowhere, unless asked: one level and one receiver for the process.
public enum LibraryLog {
  /// How much is forwarded.
  public enum Level: Sendable {
    /// Nothing; the default.
    case silent
    /// Errors and warnings.
    case problems
    /// Also notices and the life of each connection; much.
    case everything

    fileprivate var mask: Int32 {
      switch self {
      case .silent: 0
      case .problems: Int32(LLL_ERR) | Int32(LLL_WARN)
      case .everything: Int32(LLL_ERR) | Int32(LLL_WARN) | Int32(LLL_NOTICE) | Int32(LLL_INFO)
      }
    }
  }

  /// Forwards lines of `level` to `receiver`, which is called on the loops' threads and must not block.
  public static func forward(_ level: Level, to receiver: @escaping @Sendable (String) -> Void) {
    prepareOnce()
    current.withLock { $0 = receiver }
    lws_set_log_level(level.mask, emit)
  }

  private static let current = Locked<(@Sendable (String) -> Void)?>(nil)

  /// Silences libwebsockets and `SIGPIPE`: a peer that hangs up while we write must not end the process.
  static func prepareOnce() { _ = prepared }

  private static let prepared: Bool = {
    lws_set_log_level(0, emit)
    signal(SIGPIPE, SIG_IGN)
    return true
  }()

  fileprivate static func receive(_ line: String) {
    current.withLock { $0 }?(line)
  }
}

private func emit(level: Int32, line: UnsafePointer<CChar>?) {
  guard let line else { return }
  LibraryLog.receive(String(cString: line))
}
