/// Why a command cannot do what was asked: a sentence for the person at the terminal, and the exit code.
struct CommandFault: Error, CustomStringConvertible {
  let description: String
  let exitCode: ExitStatus

  init(_ description: String, _ exitCode: ExitStatus = .wrongInput) {
    self.description = description
    self.exitCode = exitCode
  }
}

/// What a command tells its caller by its exit code.
enum ExitStatus: Int32 {
  case passed = 0
  /// A test case or a threshold failed, or an engine did.
  case failed = 1
  /// Wrong usage or input.
  case wrongInput = 2
  /// The result is invalid.
  case invalid = 3
  /// The target could not be reached.
  case unreachable = 4
}
