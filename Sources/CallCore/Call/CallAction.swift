/// What a call asks its driver to do, in order.
public enum CallAction: Sendable, Equatable {
  /// Why words are asked for.
  public enum Purpose: Sendable, Equatable {
    /// To show them while the caller speaks; may be dropped under load.
    case partial
    /// The caller made a short pause; used if the turn turns out to be over.
    case speculative
    /// The turn is over and its words are needed.
    case final
  }

  /// A turn began: keep the caller's audio from `preRoll` before `speechStart` on.
  case openTurn(TurnID, speechStart: Timestamp)
  /// Recognise the open turn's audio so far.
  case transcribe(RequestID, Purpose)
  /// The turn is over: the words of this trial, which are not known yet, are waited for now.
  case hurry(RequestID)
  /// The answer to this request is not needed any more.
  case cancel(RequestID)
  /// The turn's audio is not needed any more.
  case closeTurn(TurnID)
  /// Speak these sentences one after the other.
  case speak(UtteranceID, sentences: [String])
  /// Stop speaking at once and answer with `.playoutStopped`, also when nothing was audible yet.
  case stopPlayout(UtteranceID)
  /// Make this request; answer with `.toolAnswered`.
  case callTool(RequestID, ToolRequest)
  /// Tell the client.
  case report(CallReport)
  /// The call is over: keep its record, tell the client, close. The last action of a call.
  case end(CloseReason)
}
