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
}
