package import CallCore
package import CallDriver
import Threads

/// How this machine's monotonic clock stands to the clock of a store. What is measured is never set by it: a clock that is off moves the start
/// of a generator, and no latency.
package struct StoreClock: Sendable, Equatable {
  /// Questions of which the one that took least is believed.
  package static let questions = 50

  /// Microseconds of the store's clock, less those of the own.
  package let offset: Int64
  /// At most so much `offset` is wrong: half of the time that the question took.
  package let error: CallDuration

  /// Asks the store for its time.
  /// - Throws: when it answers none of the questions.
  package init(of store: any SharedLoadStore) throws(StoreError) {
    try self.init(questions: Self.questions, now: { Int64(MonotonicClock.now()) }) { () throws(StoreError) in
      try store.clock()
    }
  }

  /// The same with any clocks.
  package init<Failure: Error>(
    questions: Int, now: () -> Int64, store: () throws(Failure) -> Int64
  ) throws(Failure) {
    var best: (offset: Int64, error: Int64)?
    for number in 1...questions {
      let asked = now()
      let told: Int64
      do throws(Failure) { told = try store() } catch {
        // Any other answer will do.
        guard number < questions || best != nil else { throw error }
        continue
      }
      let answered = now()
      let error = (answered - asked + 1) / 2
      if error < best?.error ?? .max { best = (told - (asked + answered) / 2, error) }
    }
    (offset, error) = (best?.offset ?? 0, .microseconds(best?.error ?? 0))
  }

  /// An instant of the store's clock by the own one; 0 where that lies before it began.
  package func own(_ instant: Int64) -> UInt64 { UInt64(max(instant - offset, 0)) }
}
