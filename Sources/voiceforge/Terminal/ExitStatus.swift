import Glibc

/// What a command tells its caller by its exit code.
enum ExitStatus: Int32 {
  case passed = 0
  /// A call, a check, a test case or a threshold failed, or an engine did.
  case failed = 1
  /// Wrong usage or input.
  case wrongInput = 2
  /// The result is invalid.
  case invalid = 3
  /// The target could not be reached.
  case unreachable = 4

  /// Ends the process.
  func leave() -> Never { Self.leave(rawValue) }

  /// Ends the process at once, without the libraries' own clearing up: a thread that still loads an engine would be using what
  /// they take away, and crash.
  ///
  /// A command that went well and whose output could not be written has failed.
  static func leave(_ code: Int32) -> Never {
    fflush(nil)
    guard let fault = TerminalOutput.fault else { _exit(code) }
    Terminal.note("voiceforge: \(fault)")
    _exit(code == passed.rawValue ? failed.rawValue : code)
  }
}
