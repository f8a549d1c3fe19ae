import Threads

/// Whether a piece of work is still wanted. Shared by whoever asked for it and the thread that does it.
public final class CancellationToken: Sendable {
  private struct State {
    var isWithdrawn = false
    var onWithdrawal: (@Sendable () -> Void)?
  }

  private let state = Locked(State())

  /// Wanted.
  public init() {}

  /// Whether nobody wants it any more.
  public var isWithdrawn: Bool { state.withLock { $0.isWithdrawn } }

  /// Nobody wants it any more. Any thread; again does nothing.
  public func withdraw() {
    let body = state.withLock { state in
      defer { state.onWithdrawal = nil }
      state.isWithdrawn = true
      return state.onWithdrawal
    }
    body?()
  }

  /// Does `body` while `stop` can end it: at the withdrawal, on that thread, or at once when it was before. Does not nest.
  public func during<Result, Failure: Error>(
    stop: @escaping @Sendable () -> Void, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let isLate = state.withLock { state in
      if !state.isWithdrawn { state.onWithdrawal = stop }
      return state.isWithdrawn
    }
    if isLate { stop() }
    defer { state.withLock { $0.onWithdrawal = nil } }
    return try body()
  }
}
