import Testing

/// Runs what is only worth something when the machine kept time.
public enum OnTime {
  /// Runs `work` until it was not held up, at most `tries` times; a test whose every run was held up by the machine is skipped, and says why. Work
  /// that was held up while the machine kept time is returned: the fault is its own.
  public static func run<Value>(
    tries: Int = 3, _ work: () throws -> Value, wasHeldUp: (Value) -> Bool
  ) throws -> Value {
    var left = tries
    while true {
      let watch = MachineWatch()
      let result = Result { try work() }
      let report = watch.stop()
      let value = try result.get()
      guard wasHeldUp(value), report.isBusy else { return value }
      left -= 1
      try leave(report, triesLeft: left)
    }
  }

  /// The same for work that others do.
  public static func run<Value>(
    isolation: isolated (any Actor)? = #isolation, tries: Int = 3, _ work: () async throws -> Value,
    wasHeldUp: (Value) -> Bool
  ) async throws -> Value {
    var left = tries
    while true {
      let watch = MachineWatch()
      let result: Result<Value, any Error>
      do { result = .success(try await work()) } catch { result = .failure(error) }
      let report = watch.stop()
      let value = try result.get()
      guard wasHeldUp(value), report.isBusy else { return value }
      left -= 1
      try leave(report, triesLeft: left)
    }
  }

  private static func leave(_ report: MachineWatch.Report, triesLeft: Int) throws {
    print("held up (\(report)): \(triesLeft) more")
    if triesLeft == 0 { try Test.cancel("the machine is too busy to measure anything: \(report)") }
  }
}
