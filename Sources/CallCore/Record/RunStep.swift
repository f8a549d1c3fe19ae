/// One turn of a test case, side by side with what happened.
public struct RunStep: Sendable, Equatable {
  /// From 1.
  public var number: Int
  /// What the caller is to say or do.
  public var expectedInput: String
  /// What was audible of it, fillers and all; empty when the call did not come to it.
  public var actualInput = ""
  /// Keywords that are expected of the reply.
  public var keywords: [String]
  /// Whether they have to stand there as whole words.
  public var isExact: Bool
  /// What the agent said before the caller's next turn, as far as it was heard.
  public var reply = ""
  /// Whether the call came to it.
  public var isReached = false
  /// Whether it was reached and every check of it passed.
  public var isPassed = false
  /// Every check that did not pass, or which ones did.
  public var details = ""

  /// A step that was not reached.
  public init(number: Int, expectedInput: String, keywords: [String], isExact: Bool) {
    self.number = number
    self.expectedInput = expectedInput
    self.keywords = keywords
    self.isExact = isExact
  }
}
