public import CallCore
public import CallDriver

/// What language models say in calls in virtual time.
public protocol VirtualModel: Sendable {
  /// A call begins. What other calls ask changes nothing for it.
  /// - Parameter testCase: id of its case.
  func beginCall(of testCase: String) -> any VirtualModelCall
}

/// A language model as one call in virtual time knows it. Confined to the call's thread.
public protocol VirtualModelCall: AnyObject {
  /// Everything that comes of a question, and how long after it. It may take its time: the call's clock stands still.
  func answer(_ question: ModelRequest) -> [TimedModelEvent]
}

/// Something that comes of a question to a language model.
public struct TimedModelEvent: Sendable, Hashable {
  /// Since the question.
  public var after: CallDuration
  /// What comes.
  public var event: ModelEvent

  /// - Parameter after: since the question.
  public init(after: CallDuration, _ event: ModelEvent) { (self.after, self.event) = (after, event) }
}

/// Stands where a call in virtual time has no language model.
final class NoVirtualModel: VirtualModelCall {
  private static let fault = ModelFault(
    .missing, "no language model in virtual time: replay what one said, see `voiceforge simulate --help`")

  func answer(_ question: ModelRequest) -> [TimedModelEvent] {
    [TimedModelEvent(after: .zero, .failed(Self.fault))]
  }
}
