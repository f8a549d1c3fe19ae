package import CallDriver
import Threads

/// The echo cancellers of a server: so many at once, and no more. A call that finds none left goes on with the echo. Asked once or twice a call, never for
/// a frame.
package final class LimitedEchoCancellers: EchoCancellerFactory {
  /// Most at once for each media loop: at `Admission.loopShareOfEcho` a fifth of its core.
  package static let perLoopMax = 50

  /// What became of those that were asked for.
  package struct Figures: Sendable, Equatable {
    /// In use now.
    package var inUse = 0
    /// Made so far.
    package var made = 0
    /// Asked for when none was left.
    package var refused = 0

    package init(inUse: Int = 0, made: Int = 0, refused: Int = 0) {
      (self.inUse, self.made, self.refused) = (inUse, made, refused)
    }
  }

  private let factory: any EchoCancellerFactory
  private let limit: Int
  private let state = Locked(Figures())

  /// - Parameter limit: most at once, 1 and up.
  package init(_ factory: any EchoCancellerFactory, limit: Int) {
    self.factory = factory
    self.limit = limit
  }

  /// What became of those that were asked for.
  package var figures: Figures { state.withLock { $0 } }

  /// See `EchoCancellerFactory`.
  package func makeEchoCanceller() -> (any EchoCanceller)? {
    guard reserve() else { return nil }
    guard let canceller = factory.makeEchoCanceller() else {
      release()
      return nil
    }
    return Counted(canceller, of: self)
  }

  private func reserve() -> Bool {
    state.withLock { figures in
      guard figures.inUse < limit else {
        figures.refused += 1
        return false
      }
      figures.inUse += 1
      figures.made += 1
      return true
    }
  }

  private func release() { state.withLock { $0.inUse -= 1 } }

  /// One that gives its place back when its call is over.
  private final class Counted: EchoCanceller {
    private let canceller: any EchoCanceller
    private let owner: LimitedEchoCancellers

    init(_ canceller: any EchoCanceller, of owner: LimitedEchoCancellers) {
      self.canceller = canceller
      self.owner = owner
    }

    deinit { owner.release() }

    func cancel(_ played: UnsafeBufferPointer<Int16>, in frame: UnsafeMutableBufferPointer<Int16>) {
      canceller.cancel(played, in: frame)
    }

    func reset() { canceller.reset() }
  }
}
