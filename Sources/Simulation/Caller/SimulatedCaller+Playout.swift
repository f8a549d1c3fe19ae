package import CallCore
import CallDriver
package import Wires

/// What the caller hears of an agent whose audio waits in a queue, in real time.
extension SimulatedCaller {
  /// Plays each frame that begins by `end`.
  /// - Parameters:
  ///   - queue: in the format of the caller.
  ///   - reached: takes each mark, as that of `PlayoutQueue.play`.
  package func play(
    _ queue: inout PlayoutQueue, until end: Timestamp, reached: (String, Timestamp) -> Void
  ) throws(EngineError) {
    var fault: EngineError?
    queue.play(until: end, reached: reached) { packet, start in
      do throws(EngineError) { try playFrame(packet, at: start) } catch { fault = error }
    }
    if let fault { throw fault }
  }

  /// Plays what waits when the other side has closed the stream, with its marks. Nobody speaks any more, so it need not take as long as it sounds.
  /// - Parameters:
  ///   - next: when the caller's next frame ends.
  ///   - limit: longest time that a call may take; what would be played later is not.
  ///   - reached: as that of `play`.
  /// - Returns: when the last of it was played; `nil`: nothing waited.
  package func drain(
    _ queue: inout PlayoutQueue, from next: Timestamp, limit: CallDuration, reached: (String, Timestamp) -> Void
  ) throws(EngineError) -> Timestamp? {
    var (start, end): (Timestamp, Timestamp?) = (next, nil)
    while queue.queuedBytes > 0 || queue.queuedMarks > 0, start - .zero < limit {
      try play(&queue, until: start, reached: reached)
      start = start + PacedCaller.frame
      end = start
    }
    return end
  }
}
