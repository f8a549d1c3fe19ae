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

    /// What kind it is.
    public var kind: CheckKind {
      switch self {
      case .keywords: .keywords
      case .anyOf: .anyOf
      case .exact: .exact
      case .regex: .regex
      case .excludes: .excludes
      case .similarity: .similarity
      case .state: .state
      case .slot: .slot
      case .outcome: .outcome
      case .ended: .ended
      case .latency: .latency
      case .yield: .yield
      case .understood: .understood
      case .duration: .duration
      case .talkOver: .talkOver
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

  /// See the properties.
  public init(_ check: Check, isAbsent: Bool = false, allowsPartsOfWords: Bool = false, line: Int = 0) {
    self.check = check
    self.isAbsent = isAbsent
    self.allowsPartsOfWords = allowsPartsOfWords
    self.line = line
  }
}
