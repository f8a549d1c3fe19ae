/// Silence, lengths and counts that bound a call and its turns.
public struct TurnLimits: Sendable, Equatable {
  /// Probability at which silence becomes speech (Silero's own default).
  public var speechThreshold = SpeechProbability(thousandths: 500)
  /// Probability below which speech becomes silence (Silero's own default: 0.15 below the other).
  public var silenceThreshold = SpeechProbability(thousandths: 350)
  /// Speech that opens a turn; less is a click or a breath. Three windows of the detector.
  public var speechMin = CallDuration.milliseconds(96)
  /// Speech over the agent that interrupts it. Five windows: longer than a cough's burst, short enough to yield within 250 ms.
  public var bargeInSpeechMin = CallDuration.milliseconds(160)
  /// Whether the agent may pause for speech over it and stop only when words come, where the flow says so (`InterruptRule.whenWords`); without it, speech
  /// interrupts at once. Not on wires whose clients know no pause.
  public var pausesForWords = true
  /// Silence after which the words so far are recognised speculatively. Leaves 300 ms for the recogniser before the turn is over.
  public var speculationSilence = CallDuration.milliseconds(180)
  /// Silence after speech that ends the caller's turn, unless the flow's state asks for another.
  public var endOfTurnSilence = CallDuration.milliseconds(500)
  /// What ends a turn, unless the flow's state asks for another rule.
  public var endOfTurn = EndOfTurnRule.silence
  /// Whether turns may end by their meaning at all; without it silence ends them, whatever the flow and its states ask for.
  public var endsTurnsByMeaning = true
  /// Silence after which the turn detector is asked, where turns end by meaning. Of 100 to 300 ms all give the same answers (measured); the words
  /// of the pause are on their way by then.
  public var judgementSilence = CallDuration.milliseconds(200)
  /// Shortest usual silence beside which turns can end by their meaning: question, answer and words take as long. Below it silence is always first.
  public static let judgedSilenceMin = CallDuration.milliseconds(280)
  /// Completeness from which the turn detector takes a turn for complete (Smart Turn's own).
  public var completenessMin = TurnCompleteness(thousandths: 500)
  /// Silence that ends a turn which both its sound and its words show to be unfinished; a longer `endOfTurnSilence` holds. Pauses within a
  /// sentence are rarely longer.
  public var unfinishedTurnSilence = CallDuration.milliseconds(1200)
  /// Audio before the detected start of speech that belongs to the turn, as the start is always found late.
  public var preRoll = CallDuration.milliseconds(320)
  /// Longest turn. It is then recognised as it is; what the caller goes on to say is not kept.
  public var turnDurationMax = CallDuration.seconds(30)
  /// How often the words so far are recognised while the caller speaks; `nil` for never. Costs five times the final (measured).
  public var partialInterval: CallDuration?
  /// Nothing arrives from a caller who spoke: how much longer than the turn's silence we wait before that is silence.
  public var stallMax = CallDuration.milliseconds(500)
  /// A pause after a key that ends the number (VoiceXML's interdigit time-out).
  public var keyPause = CallDuration.seconds(3)
  /// Most keys of one turn; the turn is then over.
  public var keysMax = 32
  /// Keys and texts that come while they cannot be used are kept in order up to this count; further ones are refused with the error
  /// `too-early`.
  public var inputAheadMax = 32
  /// Longest wait for a recognition, and for the meaning of its words. 70 times the usual.
  public var recognitionMax = CallDuration.seconds(5)
  /// Longest wait for the first sentence of a reply.
  public var synthesisMax = CallDuration.seconds(10)
  /// How much longer than its own time-out a tool is waited for, before the driver is taken to have lost it.
  public var toolGrace = CallDuration.milliseconds(500)
  /// A tool that takes longer than this has the caller told that something goes on, where there is a text for it.
  public var fillerAfter = CallDuration.milliseconds(700)
  /// Longest wait for a language model's first sentence; the model's own limits are shorter.
  public var modelMax = CallDuration.seconds(15)
  /// Most Unicode scalars of one answer of a language model that are said, some five minutes of speech; the rest is not waited for.
  public var modelSpeechMax = 4000
  /// Answers of a language model that may be begun before a turn is over, in its first pauses whose words are known; 0 for none. A flow may want fewer.
  /// Each that is thrown away is paid for, and one is wasted by whoever makes a pause of 0.3 s in mid-turn.
  public var earlyAnswersMax = 1
  /// Longest utterance of the agent; it is then cut.
  public var utteranceDurationMax = CallDuration.seconds(180)
  /// Failures of one engine in a row that end the call.
  public var engineFailuresMax = 3
  /// Longest call.
  public var callDurationMax = CallDuration.seconds(3600)
  /// Most turns of one call.
  public var turnsMax = 500
  /// Most characters of one caller's text; the wire refuses longer ones, the recogniser's are cut.
  public var textMax = 1000
  /// Most entries of the transcript.
  public var transcriptEntriesMax = 1000
  /// Most calls of tools by a language model that the record keeps: one for each turn.
  public var toolCallsMax = 500
  /// Most entries of the timeline.
  public var timelineEntriesMax = 4000

  /// Everything at its default.
  public init() {}
}
