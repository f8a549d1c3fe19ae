import CallCore
import CallDriver
import Threads

/// A value that is made once, by whoever calls `load`, and that others may wait for.
final class LazyValue<Value: Sendable>: Sendable {
  private let outcome = Promise<Result<Value, EngineError>>()

  /// Makes the value and lets everyone through who waits for it. Called once.
  func load(_ make: () throws(EngineError) -> Value) { outcome.fulfill(Result(catching: make)) }

  /// What is known now; never waits.
  var state: EngineState {
    switch outcome.value {
    case nil: .loading
    case .success: .ready
    case .failure(let error): .failed(error)
    }
  }

  /// Waits until the value is there.
  func get() throws(EngineError) -> Value { try outcome.wait().get() }
}
