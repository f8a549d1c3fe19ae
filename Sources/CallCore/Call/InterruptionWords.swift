/// How speech over the agent interrupts it. The raw values stand in flow files.
public enum InterruptRule: String, Sendable, Hashable, CaseIterable {
  /// The agent stops as soon as there is speech enough (`TurnLimits.bargeInSpeechMin`).
  case atOnce = "at-once"
  /// The agent pauses then, and stops when there are words; otherwise it goes on where it paused.
  case whenWords = "when-words"
}

/// Whether the words that were said over the agent are meant to stop it. English only, like the recogniser.
package struct InterruptionWords {
  /// False where there are none, and where all are back-channels: sounds and words by which a listener says no more than to be there.
  package let interrupt: Bool
  /// Whether they are words that a recogniser does not make of a back-channel or a cough: it hears "Of her", "Amen" or "Ham" in "uh-huh", "mm" and "hmm",
  /// and "Yes" in "yeah". Three words are enough, or one with which people stop somebody, or a digit.
  ///
  /// - Parameter doubted: how many words before them were in doubt.
  package func areCertain(behind doubted: Int = 0) -> Bool { hasStop || count >= Self.certainMin + doubted }

  package let count: Int
  private let hasStop: Bool
  private static let certainMin = 3

  /// - Parameter text: of the recogniser, with its punctuation; what it writes in brackets, such as `[cough]`, is no word.
  package init(_ text: String) {
    var words: [String] = []
    var word = ""
    var depth = 0
    for character in text.lowercased() + " " {
      switch character {
      case "[", "(", "*": depth += depth > 0 && character == "*" ? -1 : 1
      case "]", ")": depth = max(depth - 1, 0)
      default: break
      }
      if depth == 0, character.isLetter || character.isNumber || character == "'" {
        word.append(character)
      } else if !word.isEmpty {
        words.append(word)
        word = ""
      }
    }
    interrupt = !words.allSatisfy(Self.backchannels.contains)
    count = words.count
    hasStop = words.contains { Self.stops.contains($0) || $0.contains(where: \.isNumber) }
  }

  private static let stops: Set<String> = [
    "stop", "wait", "no", "nope", "hello", "hold", "sorry", "excuse", "pardon", "what", "what's", "please", "moment",
    "listen",
    "cancel", "help", "repeat", "again", "goodbye", "bye",
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
  ]

  /// "Yes", "no" and "right" are not among them: said over a question, they answer it.
  private static let backchannels: Set<String> = [
    "uh", "huh", "uhhuh", "mm", "mmm", "mhm", "mmhm", "mmhmm", "hm", "hmm", "hmmm", "m", "h", "aha", "ah", "oh", "ooh",
    "um", "er", "erm",
    "yeah", "yea", "yep", "yup", "okay", "ok", "k",
  ]
}
