/// One thing that the caller does, and what is expected back.
public struct TestTurn: Sendable, Equatable {
  /// From 1.
  public var number: Int
  /// When.
  public var cue: CallerCue
  /// What.
  public var action: CallerAction
  /// What is expected of the agent's next utterances, up to the caller's next turn.
  public var expectations: [Expectation]
  /// The caller does it once more when the agent's answer has one of these words or phrases in it: asked again, people answer again.
  /// Empty: never.
  public var againWhen: [String] = []
  /// Line in the file; 0 when there is none.
  public var line: Int

  /// Most times that a caller does the same once more.
  public static let repeatsMax = 3

  package init(
    number: Int, cue: CallerCue = .whenAsked, action: CallerAction, expectations: [Expectation] = [], line: Int = 0
  ) {
    self.number = number
    self.cue = cue
    self.action = action
    self.expectations = expectations
    self.line = line
  }
}

/// When a caller begins a turn.
public enum CallerCue: Sendable, Equatable {
  /// When the agent has finished and has been quiet for `CallerProfile.pauseBeforeAnswer`.
  case whenAsked
  /// This long after the agent's next utterance became audible, over its voice.
  case overAgent(after: CallDuration)
  /// When the agent is about to have said this phrase, over its voice. The instant is worked out from the agent's text at its
  /// usual pace, so it is exact to a few words.
  case atPhrase(String)
  /// Over the agent, too: the cues that need it to speak.
  public var isOverAgent: Bool { self != .whenAsked }
}

/// What a caller does in a turn.
public enum CallerAction: Sendable, Equatable {
  /// Says this, with the pauses that are written in it.
  case say([SpokenPiece])
  /// Plays a recording: a WAV file, by its path as the reader resolved it. `text` is what is said in it, where that is known.
  case play(file: String, text: String?)
  /// Presses these keys, one every 150 ms.
  case press([Key])
  /// Says nothing until the agent has spoken again and finished.
  case staySilent
  /// A word of attention such as `uh-huh` while the agent speaks: it must neither stop the agent nor be answered.
  case backchannel(String)
  /// Answers the call as a machine does: a greeting at once, a beep, and then only listens. The first turn.
  case answerAsMachine(greeting: [SpokenPiece], beep: MachineBeep)
  /// Lets the agent hold the line: music, looped, for so long, during which the agent has nothing to say. `music` is a WAV file, by its path as the
  /// reader resolved it; `nil`: a tune of our own.
  case hold(music: String?, length: CallDuration)
  /// Hangs up.
  case hangUp
}

/// The beep behind a greeting.
public struct MachineBeep: Sendable, Equatable {
  /// 400 … 2000.
  public var hertz = 1000
  /// 200 ms … 1.5 s.
  public var length = CallDuration.milliseconds(500)
  /// Silence between the greeting and the beep.
  public static let pause = CallDuration.milliseconds(400)

  /// 1000 Hz for 500 ms.
  public init() {}
}

/// A piece of what a caller says.
public enum SpokenPiece: Sendable, Equatable {
  /// Words as they are.
  case words(String)
  /// A filler such as `uh`; it does not count as the caller's words.
  case filler(String)
  /// Words that are said again or broken off; they do not count as the caller's words.
  case stumble(String)
  /// A word that is drawn out.
  case lengthened(String)
  /// Silence.
  case pause(CallDuration)
}

extension Sequence<SpokenPiece> {
  /// What the caller means, without what slipped in.
  public var meaning: String {
    compactMap { piece in
      switch piece {
      case .words(let text), .lengthened(let text): text
      case .filler, .stumble, .pause: nil
      }
    }.joined(separator: " ")
  }

  /// Everything that is audible.
  public var wording: String {
    compactMap { piece in
      switch piece {
      case .words(let text), .lengthened(let text), .filler(let text), .stumble(let text): text
      case .pause: nil
      }
    }.joined(separator: " ")
  }
}
