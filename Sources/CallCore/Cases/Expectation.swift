/// What is expected of the agent, in a turn or in the whole call.
public struct Expectation: Sendable, Equatable {
  /// What is looked at, and what has to be there. Texts are compared after the normalisation of `WordErrorRate.words`.
  public enum Check: Sendable, Equatable {
    /// All of these; each is a word or a phrase.
    case keywords([String])
    /// One of these at least.
    case anyOf([String])
    /// This and nothing else.
    case exact(String)
    /// Found anywhere, without regard to case.
    case regex(CompiledPattern)
    /// None of these.
    case excludes([String])
    /// At least this share of words in common: 100 less the word error rate in per cent.
    case similarity(String, percentMin: Int)
    /// A sentence of the reply, or all of it, says this in whatever words: `MeaningRule.sameMeaning`.
    case similarInMeaning(String)
    /// The flow enters or is in this state before the caller's next turn; in a call's expectations, at any time.
    case state(String)
    /// The value of a slot at the end of the turn, or of the call.
    case slot(String, String)
    /// Of the call only.
    case outcome(String)
    /// Of the call only.
    case ended(CloseReason)
    /// Of a turn: that one; of the call: every turn.
    case latency(max: CallDuration)
    /// Of a turn that interrupts, or of the call: every one.
    case yield(max: CallDuration)
    /// Of a spoken turn, or of the call as a whole: word errors per hundred words.
    case understood(wordErrorsMax: Int)
    /// Of the call only.
    case duration(max: CallDuration)
    /// Of the call only, in per cent of its length.
    case talkOver(percentMax: Int)
    /// The agent calls these tools in this order, with others between them or not: up to the caller's next turn, or at any time of the call.
    case tools([ExpectedToolCall])
    /// Every one of these is heard in what the agent says after the beep of an answering machine.
    case messageLeft([String])
    /// Of the call only: how far the caller with a goal has come in the end.
    case goal(GoalState)
    /// Of the call only: a statement about the agent that a language model finds to be true.
    case judged(String)

    /// What kind it is.
    public var kind: CheckKind {
      switch self {
      case .keywords: .keywords
      case .anyOf: .anyOf
      case .exact: .exact
      case .regex: .regex
      case .excludes: .excludes
      case .similarity: .similarity
      case .similarInMeaning: .similarInMeaning
      case .state: .state
      case .slot: .slot
      case .outcome: .outcome
      case .ended: .ended
      case .latency: .latency
      case .yield: .yield
      case .understood: .understood
      case .duration: .duration
      case .talkOver: .talkOver
      case .tools: .tools
      case .messageLeft: .messageLeft
      case .goal: .goal
      case .judged: .judged
      }
    }
  }

  /// What.
  public var check: Check
  /// Whether it must *not* happen.
  public var isAbsent: Bool
  /// Of keywords only: each may also stand within longer words, compared as text without regard to case, so that `book` is
  /// found in `booked`. That is what the predecessor's `exact_match_required: false` means; without it, keywords are whole
  /// words.
  public var allowsPartsOfWords: Bool
  /// Line in the file; 0 when there is none.
  public var line: Int

  package init(_ check: Check, isAbsent: Bool = false, allowsPartsOfWords: Bool = false, line: Int = 0) {
    self.check = check
    self.isAbsent = isAbsent
    self.allowsPartsOfWords = allowsPartsOfWords
    self.line = line
  }
}

/// What kind of thing a check looks at. The raw values stand in reports and in `must-fail`.
public enum CheckKind: String, Sendable, Hashable, CaseIterable {
  /// Every keyword is in the agent's reply.
  case keywords
  /// At least one of these is.
  case anyOf = "any-of"
  /// The reply is this, word for word after normalising.
  case exact
  /// A regular expression is found in the reply.
  case regex
  /// None of these is in the reply.
  case excludes
  /// The reply is alike.
  case similarity
  /// The reply says this, in whatever words.
  case similarInMeaning = "similar-in-meaning"
  /// The flow was in this state.
  case state
  /// The agent took this down.
  case slot
  /// The call's outcome.
  case outcome
  /// Why the call ended.
  case ended
  /// How long the caller waited.
  case latency
  /// How fast the agent stopped when it was interrupted.
  case yield
  /// The agent answered at all. Checked in every turn that wants an answer.
  case reply
  /// The reply is more than the expected keywords. Checked wherever keywords are expected.
  case ownWords = "own-words"
  /// The reply is more than the caller's own words. Checked in every spoken turn.
  case echo
  /// The agent did not begin inside a caller's turn. Checked in every turn.
  case interruption
  /// A backchannel neither stopped the agent nor was answered. Checked where there is one.
  case selectivity
  /// What the agent understood, by word errors against what the caller meant. Also when it speaks, but goes on as if nobody had.
  case understood
  /// Length of the call.
  case duration
  /// Share of the call in which both speak.
  case talkOver = "talk-over"
  /// The agent called these tools.
  case tools
  /// What the agent said after an answering machine's beep.
  case messageLeft = "message-left"
  /// While it was on hold, the agent said nothing. Checked in every such turn.
  case hold
  /// How far a caller with a goal has come. Checked in every call of such a caller.
  case goal
  /// The caller whom a language model plays kept to its brief. Checked in every call of such a caller; one that is not met makes the case
  /// invalid.
  case conduct
  /// A language model finds that a statement about the agent is true.
  case judged
  /// Every turn that was written was reached. Checked in every call.
  case coverage
  /// The call went on to its end without a failure of the line or an engine. Checked in every call that is not asked to fail.
  case line
  /// What the caller was to do is in the caller's own track, and the room and the line were as asked. Checked in every turn; one that
  /// is not met makes the case invalid.
  case stimulus
}
