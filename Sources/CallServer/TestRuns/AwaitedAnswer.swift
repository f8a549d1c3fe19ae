package import CallCore
package import CallDriver
package import Simulation
package import Threads

/// The answer to one question to a language model, for which a thread waits.
package final class AwaitedAnswer: Sendable {
  private struct State {
    var events: [TimedModelEvent] = []
    /// Whether all came, or nobody waits any longer.
    var isOver = false
    var isGivenUp = false
  }

  private let state = Monitor(State())

  /// Nothing is asked yet.
  package init() {}

  /// Asks and waits for the end of the answer. To be called once.
  /// - Parameter deadline: the answer is given up then; `nil`: it ends when the model says so.
  /// - Returns: what came, each so long after the question, in whole milliseconds; and whether that is all, with its ending.
  package func wait(
    for question: ModelRequest, from model: any LanguageModel, until deadline: Deadline? = nil
  ) -> (events: [TimedModelEvent], isWhole: Bool) {
    let asked = ContinuousClock.now
    let ticket = model.ask(question) { [state] event in
      let after = CallDuration.milliseconds(Int(asked.duration(to: .now) / .milliseconds(1)))
      state.withLock { state in
        guard !state.isOver else { return }
        state.events.append(TimedModelEvent(after: after, event))
        if case .delta = event { return }
        state.isOver = true
      }
    }
    defer { ticket.cancel() }
    let ended = state.wait(until: deadline) { $0.isOver ? $0 : nil }
    return ended.map { ($0.events, !$0.isGivenUp) } ?? (state.read { $0.events }, false)
  }

  /// Has the thread wait no longer. Any thread.
  package func giveUp() {
    state.withLock { state in
      state.isGivenUp = state.isGivenUp || !state.isOver
      state.isOver = true
    }
  }
}
