/// Agreement and refusal.
enum SpokenYesNo {
  /// `nil` when the words are neither, or when they cannot be told apart.
  static func value(in heard: UtteranceWords) -> Bool? {
    if contains(unclear, heard) { return nil }
    if heard.words == ["know"] { return false }  // a recogniser's "no": nobody answers with that word
    if heard.words == ["please"] { return true }
    if contains(yesInSpiteOfNo, heard) { return true }
    if contains(noPhrases, heard) { return false }
    for word in heard.words {
      if noWords.contains(word) { return false }
      if yesWords.contains(word) { return heard.words.contains("not") ? nil : true }
    }
    return contains(yesPhrases, heard) ? true : nil
  }

  private static func contains(_ phrases: [String], _ heard: UtteranceWords) -> Bool {
    let text = " \(heard.joined) "
    return phrases.contains { text.contains(" \($0) ") }
  }

  private static let unclear = [
    "dont know", "do not know", "not sure", "no idea", "yes and no", "yes or no", "dont care",
  ]
  private static let yesInSpiteOfNo = ["no problem", "why not"]
  private static let noPhrases = [
    "not right", "not correct", "isnt right", "isnt correct", "not quite", "not really", "not true", "is wrong",
    "its not", "it is not", "thats not", "dont", "do not", "would not", "rather not",
  ]
  private static let yesPhrases = ["of course", "go ahead", "thats it", "sounds good", "i do", "it is", "i would"]
  private static let yesWords: Set = [
    "yes", "yeah", "yep", "yup", "ya", "yea", "sure", "correct", "right", "ok", "okay", "absolutely", "exactly",
    "definitely", "certainly", "fine", "perfect", "true", "uhhuh", "mmhmm", "indeed", "affirmative",
  ]
  private static let noWords: Set = [
    "no", "nope", "nah", "not", "wrong", "incorrect", "never", "negative", "isnt", "false",
  ]
}
