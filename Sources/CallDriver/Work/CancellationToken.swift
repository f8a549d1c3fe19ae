import Threads

/// Whether a piece of work is still wanted. Shared by whoever asked for it and the thread that does it.
public final class CancellationToken: Sendable {
  private struct State {
    var isCancelled = false
    var onCancel: (@Sendable () -> Void)?
  }

  private let state = Locked(State())

  /// Wanted.
  public init() {}

  /// Whether nobody wants it any more.
  public var isCancelled: Bool { state.withLock { $0.isCancelled } }

  /// Nobody wants it any more. Any thread; again does nothing.
  public func cancel() {
    let body = state.withLock { state in
      defer { state.onCancel = nil }
      state.isCancelled = true
      return state.onCancel
    }
    body?()
  }

  /// Does `body` while `stop` can end it: at the withdrawal, on that thread, or at once when it was before. Does not nest.
  public func run<Result, Failure: Error>(
    onCancel stop: @escaping @Sendable () -> Void, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let isLate = state.withLock { state in
      if !state.isCancelled { state.onCancel = stop }
      return state.isCancelled
    }
    if isLate { stop() }
    defer { state.withLock { $0.onCancel = nil } }
    return try body()
  }
}
