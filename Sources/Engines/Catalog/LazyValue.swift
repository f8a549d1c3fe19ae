import CallCore
import CallDriver
import Glibc

/// A value that is made once, by whoever calls `load`, and that others may wait for.
final class LazyValue<Value: Sendable>: Sendable {
  private let outcome = Guarded<Result<Value, EngineError>?>(nil)
  private let gate = Gate()

  /// Makes the value and lets everyone through who waits for it. Called once.
  func load(_ make: () throws(EngineError) -> Value) {
    let result = Result(catching: make)
    outcome.with { $0 = result }
    gate.open()
  }

  /// What is known now; never waits.
  var state: EngineState {
    switch outcome.with({ $0 }) {
    case nil: .loading
    case .success: .ready
    case .failure(let error): .failed(error)
    }
  }

  /// Waits until the value is there.
  func get() throws(EngineError) -> Value {
    gate.wait()
    guard let result = outcome.with({ $0 }) else { preconditionFailure("the gate opens after the value is there") }
    return try result.get()
  }
}
