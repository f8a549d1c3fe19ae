/// One thing that was said in a run of a test case.
public struct TestRunUtterance: Sendable, Equatable {
  /// Who spoke. The raw values stand in REST.
  public enum Speaker: String, Sendable, CaseIterable {
    /// The simulated caller.
    case user
    /// The agent.
    case agent
  }

  /// Who spoke.
  public var speaker: Speaker
  /// The caller: what was audible, fillers and all, or a remark such as `(presses 4711)`. The agent: the words that were heard.
  public var text: String
  /// The turn of the case it belongs to, from 1; 0 for what the agent said before the first.
  public var step: Int
  /// Microseconds since 1970 UTC. In virtual time the start of the run and the time in the call, added up.
  public var atUnixMicroseconds: Int64

  /// See the properties.
  public init(speaker: Speaker, text: String, step: Int, atUnixMicroseconds: Int64) {
    self.speaker = speaker
    self.text = text
    self.step = step
    self.atUnixMicroseconds = atUnixMicroseconds
  }
}
