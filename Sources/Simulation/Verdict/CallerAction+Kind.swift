import CallCore

extension CallerAction {
  /// Whether the caller's voice is heard.
  var isSpoken: Bool {
    switch self {
    case .say, .play, .backchannel: true
    case .press, .staySilent, .hangUp: false
    }
  }

  /// Whether the agent has to say something to it.
  var wantsAnswer: Bool {
    switch self {
    case .say, .play, .press, .staySilent: true
    case .backchannel, .hangUp: false
    }
  }

  /// A word of attention.
  var isBackchannel: Bool { if case .backchannel = self { true } else { false } }

  /// Whether the caller has the floor with it, so that the agent has to wait.
  var takesTheFloor: Bool { isSpoken && !isBackchannel }

  /// What the caller means by it.
  var meaning: String {
    switch self {
    case .say(let pieces): pieces.meaning
    case .play(_, let text): text ?? ""
    case .backchannel(let text): text
    case .press, .staySilent, .hangUp: ""
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
    case .hangUp: "hangs up"
    }
  }
}
