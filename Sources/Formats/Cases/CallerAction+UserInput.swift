public import CallCore

extension CallerAction {
  private static let silence = "(silence)"
  private static let hangingUp = "(hangs up)"
  private static let recording = "(a recording)"
  private static let pressing = "(presses "

  /// What the caller does, as the predecessor's `user_input` and transcripts have it: what is said, without fillers and
  /// stumbles, or a remark in parentheses.
  public var userInput: String {
    switch self {
    case .say(let pieces): pieces.meaning
    case .play(_, let text): text ?? Self.recording
    case .press(let keys): Self.pressing + String(keys.map(\.character)) + ")"
    case .staySilent: Self.silence
    case .backchannel(let word): word
    case .hangUp: Self.hangingUp
    }
  }

  /// What a `user_input` asks for: `(silence)`, `(hangs up)` and `(presses 4711)` as `userInput` writes them; anything else
  /// is said as it stands. `nil` when there is nothing in it to say.
  init?(userInput text: String) {
    switch text {
    case Self.silence: self = .staySilent
    case Self.hangingUp: self = .hangUp
    default:
      if text.hasPrefix(Self.pressing), text.hasSuffix(")") {
        let inside = text.dropFirst(Self.pressing.count).dropLast()
        let keys = inside.compactMap { Key($0) }
        if !keys.isEmpty, keys.count == inside.count, keys.count <= CaseLimits.keysMax {
          self = .press(keys)
          return
        }
      }
      guard !WordErrorRate.words(of: text).isEmpty else { return nil }
      self = .say([.words(text)])
    }
  }
}
