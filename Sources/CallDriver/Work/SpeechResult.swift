public import CallCore

/// What a call asked for, brought back to its loop.
public struct SpeechResult: Sendable {
  /// What was found out.
  public enum Content: Sendable {
    /// The words of a turn.
    case words(RequestID, Result<String, EngineError>)
    /// The audio of sentence `index`.
    case speech(UtteranceID, index: Int, Result<EncodedSpeech, EngineError>)
    /// A tool's answer.
    case tool(RequestID, ToolResponse)
  }

  /// The call that asked; an answer to a call that is over is dropped.
  public var call: CallNumber
  /// What was found out.
  public var content: Content

  /// See the properties.
  public init(call: CallNumber, content: Content) {
    self.call = call
    self.content = content
  }
}
