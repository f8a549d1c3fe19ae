import Testing

/// Runs what is only worth something when the machine kept time.
public enum OnTime {
  /// What came of it.
  public enum Outcome<Value> {
    /// Work that was not held up; or that was while the machine kept time, and then the fault is its own.
    case worked(Value)
    /// The machine held it up every time; says how.
    case machineBusy(String)

    /// The result; a test without one is skipped, and says why.
    public func get() throws -> Value {
      switch self {
      case .worked(let value): return value
      case .machineBusy(let why): try Test.cancel("the machine is too busy to measure anything: \(why)")
      }
    }
  }

  /// Runs `work` until it was not held up, at most `tries` times. For a result that several tests share; each of them asks for it with `get`.
  public static func attempt<Value>(
    tries: Int = 3, _ work: () throws -> Value, wasHeldUp: (Value) -> Bool
  ) rethrows -> Outcome<Value> {
    var attempts = Attempts<Value>(left: tries)
    while true {
      let watch = MachineWatch()
      let value: Value
      do { value = try work() } catch {
        _ = watch.stop()
        throw error
      }
      if let outcome = attempts.outcome(of: value, watch.stop(), wasHeldUp) { return outcome }
    }
  }

  /// The result of `work`, once it was not held up; else the test is skipped.
  public static func run<Value>(
    tries: Int = 3, _ work: () throws -> Value, wasHeldUp: (Value) -> Bool
  ) throws -> Value {
    try attempt(tries: tries, work, wasHeldUp: wasHeldUp).get()
  }

  /// The same for work that others do.
  public static func run<Value>(
    isolation: isolated (any Actor)? = #isolation, tries: Int = 3, _ work: () async throws -> Value,
    wasHeldUp: (Value) -> Bool
  ) async throws -> Value {
    var attempts = Attempts<Value>(left: tries)
    while true {
      let watch = MachineWatch()
      let value: Value
      do { value = try await work() } catch {
        _ = watch.stop()
        throw error
      }
      if let outcome = attempts.outcome(of: value, watch.stop(), wasHeldUp) { return try outcome.get() }
    }
  }

  private struct Attempts<Value> {
    var left: Int

    /// `nil`: once more.
    mutating func outcome(
      of value: Value, _ report: MachineWatch.Report, _ wasHeldUp: (Value) -> Bool
    ) -> Outcome<Value>? {
      guard wasHeldUp(value), report.isBusy else { return .worked(value) }
      left -= 1
      print("held up by the machine (\(report)): \(left) more")
      return left > 0 ? nil : .machineBusy("\(report)")
    }
  }
}

extension OnTime.Outcome: Sendable where Value: Sendable {}
