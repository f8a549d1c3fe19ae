public import CallCore
public import CallDriver
import Formats
import Threads
import WebSockets

/// Sends the spans of calls to a collector, on a thread of its own and in requests of many calls. What it does not take is tried again as `SpanRetry`
/// says; meanwhile further calls wait, as many as `SpanQueue` holds, and the newest beyond that are lost and counted. Calls notice nothing.
public final class SpanSender: SpanExporter {
  private struct State {
    var queue = SpanQueue()
    /// Calls of the request that is under way.
    var sending = 0
    var figures = SpanFigures()
    var isStopping = false
    /// When sending must be over; `nil` until it is to stop.
    var deadline: Deadline?
    var hasThread = false
    /// Whether the last request failed: a collector that is away is told once.
    var isInTrouble = false
  }

  private let collector: SpanCollector
  private let client = HTTPClient(requestCountMax: 1)
  private let state = Monitor(State())
  private let ended = Latch()
  private let tell: @Sendable (String?) -> Void

  /// - Parameters:
  ///   - collector: where it is.
  ///   - tell: called on the sender's thread with what is wrong, once, and with `nil` when it is over.
  public init(_ collector: SpanCollector, tell: @escaping @Sendable (_ trouble: String?) -> Void) {
    (self.collector, self.tell) = (collector, tell)
  }

  /// Starts the thread; without one, spans are lost and counted.
  public func start() {
    do throws(Thread.Failure) {
      try Thread.startDetached("spans") { [self] in
        run()
        ended.open()
      }
      state.withLock { $0.hasThread = true }
    } catch {
      tell("spans are not sent: \(error)")
    }
  }

  /// See `SpanExporter`.
  public func export(_ call: CallSpans) {
    let fields = SpanExportRequest.fields(of: call)
    state.withLock { state in
      if state.isStopping || !state.hasThread {
        state.figures.lost[.stopped, default: 0] += 1
      } else if !state.queue.append(fields) {
        state.figures.lost[.full, default: 0] += 1
      }
    }
  }

  /// See `SpanExporter`.
  public func countLost() { state.withLock { $0.figures.lost[.full, default: 0] += 1 } }

  /// See `SpanExporter`.
  public var figures: SpanFigures {
    state.read { state in
      var figures = state.figures
      figures.waiting = state.queue.calls.count + state.sending
      return figures
    }
  }

  /// Sends what waits, for `SpanTimes.stopMax` at most and without further tries, and ends the thread. What is left is lost.
  public func stop() {
    let hasThread = state.withLock { state in
      (state.isStopping, state.deadline) = (true, .after(collector.times.stopMax))
      return state.hasThread
    }
    if hasThread, !ended.wait(within: collector.times.stopMax) {
      // Ends the request that is under way, and with it the thread.
      client.stop()
      ended.wait()
    }
    client.stop()
    state.withLock { state in
      state.figures.lost[.stopped, default: 0] += state.queue.calls.count
      state.queue = SpanQueue()
    }
  }

  // MARK: - The thread

  private func run() {
    while let batch = nextBatch() {
      let body = SpanExportRequest.body(batch, resource: collector.resource, version: collector.version)
      send(body, calls: batch.count)
    }
  }

  /// Waits until there is something, and a little longer for more.
  /// - Returns: `nil` when the thread is to end.
  private func nextBatch() -> [[UInt8]]? {
    state.wait { $0.isStopping || !$0.queue.calls.isEmpty ? () : nil }
    _ = state.wait(until: .after(collector.times.batchDelay)) { $0.isStopping || $0.queue.isBatchFull ? () : nil }
    return state.withLock { state in
      if let deadline = state.deadline, deadline.isOver { return nil }
      let batch = state.queue.takeBatch()
      state.sending = batch.count
      return batch.isEmpty ? nil : batch
    }
  }

  private func send(_ body: [UInt8], calls: Int) {
    var attempt = 1
    while true {
      switch outcome(of: body) {
      case .taken(let rejected, let message): return finish(calls, rejectedSpans: rejected, note: message)
      case .refused(let why): return lose(calls, .refused, why)
      case .later(let why, let retryAfter):
        tellTrouble(why)
        let chance = UInt64.random(in: 0...UInt64.max)
        let next = collector.times.retry.next(attempt: attempt, retryAfter: retryAfter, chance: chance)
        guard case .again(let pause) = next, !isStopped(within: pause) else {
          return lose(calls, state.read { $0.isStopping } ? .stopped : .unreachable, why)
        }
        attempt += 1
        state.withLock { $0.figures.retries += 1 }
      }
    }
  }

  private func outcome(of body: [UInt8]) -> SpanRetry.Outcome {
    let answer = Promise<Result<HTTPClientResponse, HTTPClientError>>()
    client.send(collector.request(body)) { answer.fulfill($0) }
    return SpanRetry.Outcome(answer.wait())
  }

  /// Waits.
  /// - Returns: whether it was stopped before or meanwhile.
  private func isStopped(within pause: Duration) -> Bool {
    state.wait(until: .after(pause)) { $0.isStopping ? true : nil } ?? false
  }

  private func finish(_ calls: Int, rejectedSpans: Int, note: String) {
    let wasInTrouble = state.withLock { state in
      state.sending = 0
      state.figures.sent += calls
      state.figures.rejectedSpans += rejectedSpans
      defer { state.isInTrouble = rejectedSpans > 0 }
      return state.isInTrouble
    }
    if rejectedSpans > 0 {
      if !wasInTrouble { tell("the collector did not keep \(rejectedSpans) spans\(Self.said(note))") }
    } else if wasInTrouble {
      tell(nil)
    }
  }

  private func lose(_ calls: Int, _ loss: SpanFigures.Loss, _ why: String) {
    state.withLock { state in
      state.sending = 0
      state.figures.lost[loss, default: 0] += calls
    }
    tellTrouble(why)
  }

  private func tellTrouble(_ why: String) {
    let isFirst = state.withLock { state in
      defer { state.isInTrouble = true }
      return !state.isInTrouble
    }
    if isFirst { tell("spans cannot be sent to \(collector.shownURL): \(why)") }
  }

  private static func said(_ note: String) -> String { note.isEmpty ? "" : ": \(note.bounded(to: 200))" }
}
