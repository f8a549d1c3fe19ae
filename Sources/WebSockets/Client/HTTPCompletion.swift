import Synchronization

/// The promise to call a completion once, whatever becomes of the request: dropped unused, it says `stopped`.
final class HTTPCompletion: Sendable {
  typealias Outcome = Result<HTTPClientResponse, HTTPClientError>

  private let isDone = Atomic<Bool>(false)
  private let completion: @Sendable (Outcome) -> Void
  private let onDone: @Sendable () -> Void

  init(onDone: @escaping @Sendable () -> Void, completion: @escaping @Sendable (Outcome) -> Void) {
    self.onDone = onDone
    self.completion = completion
  }

  deinit { finish(.failure(.stopped)) }

  /// Whether it was called.
  var isFinished: Bool { isDone.load(ordering: .relaxed) }

  func finish(_ outcome: Outcome) {
    guard !isDone.exchange(true, ordering: .relaxed) else { return }
    onDone()
    completion(outcome)
  }
}
