public import CallCore

/// Sends the spans of calls to whoever collects them. Safe to share by threads.
public protocol SpanExporter: AnyObject, Sendable {
  /// Queues what is to be sent. Encodes it, and waits for nothing: what finds no place is lost and counted. Not to be called by a loop of calls.
  func export(_ call: CallSpans)

  /// The spans of a call are lost before they came here.
  func countLost()

  /// What became of all of them.
  var figures: SpanFigures { get }
}

/// What became of the spans of calls since the start. Every call is in one of the figures, once its spans were sent or given up.
public struct SpanFigures: Sendable, Equatable {
  /// Why the spans of a call are lost. The raw values stand in `/metrics`.
  public enum Loss: String, Sendable, CaseIterable {
    /// Too much waited to be sent, or to be made.
    case full
    /// The collector could not be reached, or gave no answer in time, as often as it was tried.
    case unreachable
    /// It refused them.
    case refused
    /// They were not sent when the server stopped.
    case stopped
  }

  /// Calls whose spans were sent and taken.
  public var sent = 0
  /// Calls whose spans are lost.
  public var lost: [Loss: Int] = [:]
  /// Spans that the collector said it did not keep, although it took the request.
  public var rejectedSpans = 0
  /// Requests that were sent once more.
  public var retries = 0
  /// Calls whose spans wait to be sent.
  public var waiting = 0

  /// Nothing yet.
  public init() {}
}
