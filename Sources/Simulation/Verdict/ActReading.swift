import CallCore

/// What the caller did in a turn, by the tracks, and which utterances of the agent go with it.
struct ActReading {
  let act: CallerAct
  let turn: TestTurn
  /// First sound, key, or the caller's resolve to stay silent.
  let start: Timestamp
  /// End of the last sound or key. For silence, when the agent had spoken again.
  let end: Timestamp
  /// Where the caller's next turn begins; far away for the last.
  var until = ActReading.never
  var isLast = true
  /// The agent's utterance that was under way when the caller began.
  var interrupted: AgentUtterance?
  /// Utterances that began from here to the next turn and were not over before the caller was.
  var replies: [AgentUtterance] = []
  /// The first of these that answers the caller. One that goes on as if nobody had spoken does not.
  var answer: AgentUtterance?

  static let never = Timestamp(microseconds: .max / 2)

  /// - Parameter speech: where the caller is audible.
  init(_ act: CallerAct, of turn: TestTurn, speech: [SpeechSpan]) {
    self.act = act
    self.turn = turn
    var first: Timestamp?
    var last: Timestamp?
    if turn.action.isSpoken {
      for span in speech where span.start < act.ended && span.end > act.began {
        if first == nil { first = max(span.start, act.began) }
        last = span.end
      }
    }
    start = first ?? act.keys.first?.at ?? act.began
    end = max(last ?? act.keys.last?.at ?? act.ended, start)
  }

  /// Whether the caller sets out to talk over the agent.
  var isOverAgent: Bool {
    turn.action.isBackchannel || (turn.cue.isOverAgent && (turn.action.isSpoken || turn.action.isPress))
  }

  /// Whether the agent should stop for it.
  var isInterruption: Bool { isOverAgent && !turn.action.isBackchannel }

  /// How long the agent took to stop; `nil` unless it was to and was speaking. Nothing when it stopped between two words.
  var yield: CallDuration? {
    guard isInterruption, let interrupted else { return nil }
    return max(interrupted.ended - start, .zero)
  }

  /// How long the caller waited; `nil` without an answer, or when it began before the caller was done, or after silence.
  var latency: CallDuration? {
    guard turn.action.wantsAnswer, turn.action != .staySilent, let answer, answer.began >= end else { return nil }
    return answer.began - end
  }
}

extension CallerAction {
  /// Whether keys are pressed.
  var isPress: Bool { if case .press = self { true } else { false } }

  /// Whether the caller's voice is heard.
  var isSpoken: Bool {
    switch self {
    case .say, .play, .backchannel, .answerAsMachine, .hold: true
    case .press, .staySilent, .hangUp: false
    }
  }

  /// Whether the agent has to say something to it.
  var wantsAnswer: Bool {
    switch self {
    case .say, .play, .press, .staySilent, .answerAsMachine: true
    case .backchannel, .hold, .hangUp: false
    }
  }

  /// A word of attention.
  var isBackchannel: Bool { if case .backchannel = self { true } else { false } }

  /// Whether the agent has to hold the line.
  var isHold: Bool { if case .hold = self { true } else { false } }

  /// Whether the caller has the floor with it, so that the agent has to wait.
  var takesTheFloor: Bool { isSpoken && !isBackchannel && !isHold }

  /// What the caller means by it.
  var meaning: String {
    switch self {
    case .say(let pieces): pieces.meaning
    case .play(_, let text): text ?? ""
    case .backchannel(let text): text
    case .answerAsMachine(let greeting, _): greeting.meaning
    case .press, .staySilent, .hold, .hangUp: ""
    }
  }

  /// For reports: what the caller does, without the words.
  func described(cue: CallerCue) -> String {
    switch self {
    case .say: cue.isOverAgent ? "interrupts" : "says"
    case .play(let file, _): (cue.isOverAgent ? "interrupts with " : "plays ") + (file.split(separator: "/").last ?? "")
    case .press(let keys): "presses " + keys.map { String($0.character) }.joined(separator: " ")
    case .staySilent: "stays silent"
    case .backchannel: "listens"
    case .answerAsMachine: "answers as a machine"
    case .hold(_, let length): "holds the line for \(ReportFormat.span(length))"
    case .hangUp: "hangs up"
    }
  }
}
