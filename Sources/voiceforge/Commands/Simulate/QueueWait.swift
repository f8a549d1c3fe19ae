import CallDriver
import Threads

/// What a submitter waits for: the next look at its run, a queue that does not answer, and Ctrl-C, which shortens the rest. Used by one thread.
final class QueueWait {
  /// How often the queue is asked how far the run is.
  private static let pollMilliseconds = 500
  /// A queue that says nothing for so long is given up; after Ctrl-C for so long.
  private static let (silenceMax, cancelledMax) = (Duration.seconds(600), Duration.seconds(5))

  private(set) var isCancelled = false
  private let isQuiet: Bool
  private var silentSince: ContinuousClock.Instant?

  /// - Parameter isQuiet: whether a person is told nothing.
  init(isQuiet: Bool) { self.isQuiet = isQuiet }

  /// Waits for the next question. The first Ctrl-C cancels the run, and any further one ends the process at once.
  func pause() {
    guard !isCancelled else { return Self.sleep() }
    guard StopSignal.isReceived(within: Self.pollMilliseconds) else { return }
    isCancelled = true
    if silentSince != nil { silentSince = .now }
    StopSignal.unblock()
    guard !isQuiet else { return }
    ProgressLine.clear()
    Terminal.errorLine("the run is being cancelled; Ctrl-C again leaves at once")
  }

  /// The queue is there.
  func answered() { silentSince = nil }

  /// Waits a while for a queue that did not answer.
  /// - Returns: whether to ask it again.
  func isAskedAgain(after error: StoreError) -> Bool {
    let since = silentSince ?? .now
    silentSince = since
    if !isQuiet { ProgressLine.show("waiting for the queue: \(error.why)") }
    pause()
    return .now - (silentSince ?? since) < (isCancelled ? Self.cancelledMax : Self.silenceMax)
  }

  private static func sleep() {
    _ = Latch().wait(within: .milliseconds(pollMilliseconds))
  }

  /// Asks until there is an answer, or as long as it is worth while.
  func ask<Answer>(_ question: () throws(StoreError) -> Answer) throws(CommandFault) -> Answer {
    while true {
      do throws(StoreError) {
        let answer = try question()
        answered()
        return answer
      } catch {
        guard isAskedAgain(after: error) else { throw CommandFault(queue: error) }
      }
    }
  }
}
