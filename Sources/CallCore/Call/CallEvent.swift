/// What happens to a call. The driver turns packets, answers and the passing of time into these.
public enum CallEvent: Sendable, Equatable {
  /// The caller is connected; the flow begins.
  case began
  /// One detector window of the caller's audio. `until` is when its last sample was due on the caller's own clock, which
  /// does not stutter with the network. `loudUntil` is when the last sound ended that was well above the noise: detectors
  /// see the end of speech some 100 ms late, and that much every caller would wait.
  case speechWindow(SpeechProbability, until: Timestamp, loudUntil: Timestamp)
  /// The caller pressed a key.
  case keyPressed(Key)
  /// The caller typed instead of speaking; not empty.
  case typed(String)
  /// The recogniser's answer; empty when it understood nothing.
  case transcribed(RequestID, String)
  /// The recogniser gave no answer.
  case recognitionFailed(RequestID, EngineError)
  /// Audio of a sentence is there. Sentences come in order.
  case sentenceReady(UtteranceID, sentence: Int, CallDuration)
  /// A sentence could not be spoken; no further one of this utterance will come.
  case synthesisFailed(UtteranceID, EngineError)
  /// The first packet of an utterance was sent.
  case playoutStarted(UtteranceID)
  /// The caller heard the utterance to its end.
  case playoutFinished(UtteranceID)
  /// The utterance was stopped, as asked; so much of it was audible.
  case playoutStopped(UtteranceID, played: CallDuration)
  /// The client's own word on how much of an utterance it played; may come late, wrong, or never.
  case played(UtteranceID, CallDuration)
  /// A tool's answer.
  case toolAnswered(RequestID, ToolResponse)
  /// The caller hung up.
  case hungUp
  /// The caller's connection broke.
  case vanished
  /// The peer broke the wire's rules so that the call cannot go on.
  case protocolBroken
  /// The server goes down and can wait no longer.
  case serverStopping
  /// Time passed. Sent at least every 100 ms.
  case tick
}
