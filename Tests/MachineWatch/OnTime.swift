import Testing

/// Runs what is only worth something when it was not held up. A run that was held up says nothing, whoever held it up: it is run again, and at
/// last the test is skipped. How well the product keeps time is measured by the benchmarks.
public enum OnTime {
  /// The result of `work`, once it was not held up; else the test is skipped, and says what the machine did meanwhile.
  public static func run<Value>(
    tries: Int = 3, _ work: () throws -> Value, wasHeldUp: (Value) -> Bool
  ) throws -> Value {
    for left in (0..<tries).reversed() {
      let watch = MachineWatch()
      let result = Result { try work() }
      let report = watch.stop()
      let value = try result.get()
      guard wasHeldUp(value) else { return value }
      try heldUp(report, left: left)
    }
    preconditionFailure("the last try returns or skips the test")
  }

  /// The same for work that others do.
  public static func run<Value>(
    isolation: isolated (any Actor)? = #isolation, tries: Int = 3, _ work: () async throws -> Value,
    wasHeldUp: (Value) -> Bool
  ) async throws -> Value {
    for left in (0..<tries).reversed() {
      let watch = MachineWatch()
      let result: Result<Value, any Error>
      do { result = .success(try await work()) } catch { result = .failure(error) }
      let report = watch.stop()
      let value = try result.get()
      guard wasHeldUp(value) else { return value }
      try heldUp(report, left: left)
    }
    preconditionFailure("the last try returns or skips the test")
  }

  private static func heldUp(_ report: MachineWatch.Report, left: Int) throws {
    print("held up (\(report)): \(left) more")
    if left == 0 { try Test.cancel("held up in every run: \(report)") }
  }
}
