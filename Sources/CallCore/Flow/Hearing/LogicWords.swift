/// Words that say what is done with what was said: negated, excluded, corrected, left open.
enum LogicWord: Hashable, Sendable {
  case negation(Negation)
  case but
  case or
  case and
  case condition
  case correction(Correction)
  /// "I'm not sure": nothing that stands beside it can be kept.
  case unsure
  /// Stands between "not" and what it negates.
  case link
  /// Looks like one of the others and says nothing: "no problem".
  case nothing

  /// The longest phrase of the table that begins at `index`, and its words.
  static func longest(in words: [String], at index: Int) -> (word: LogicWord, length: Int)? {
    table.longest(in: words, at: index).map { ($0.meaning, $0.length) }
  }

  private static let table = PhraseTable(phrases.flatMap { word, lines in lines.map { ($0, word) } })

  private static let phrases: [(LogicWord, [String])] = [
    (
      .nothing,
      [
        "not a problem", "no problem", "no problem at all", "no worries", "not at all", "why not", "why dont we",
        "why dont you", "why dont i", "dont worry", "dont mind", "do not mind", "wouldnt mind", "would not mind",
        "dont forget", "no rush", "no hurry", "no doubt", "no matter", "cant wait", "if possible", "if you can",
        "if you could", "if you dont mind", "if you please", "if you like", "if i may", "if thats possible",
        "if thats ok", "if thats okay", "if thats alright", "if thats all right", "if thats fine", "if its possible",
        "if its ok", "if its okay", "if that works", "if you have it", "if its free", "if its available",
        "if thats available", "if thats free", "if theres space", "or so", "or something", "or something like that",
        "or thereabouts", "or whatever", "more or less", "not only", "last but not least", "make sure", "i guess",
        "better make it", "you know what", "if i remember correctly", "not joking", "not kidding", "im not joking",
        "i am not joking", "im not kidding", "isnt it", "doesnt it", "isnt that right", "is it not", "otherwise i cant",
        "otherwise i cannot", "otherwise i wont",
        "not a minute later", "not a minute earlier", "not a second later", "not to worry", "i forgot to",
        "almost forgot", "nearly forgot", "not bad", "not too bad",
        "if im not mistaken", "if i am not mistaken",
      ]
    ),
    (
      .unsure,
      [
        "not sure", "not quite sure", "not really sure", "not certain", "dont know", "do not know", "no idea",
        "cant say", "cant remember", "cannot remember", "cant recall", "dont remember", "do not remember", "unless",
        "it depends", "that depends", "depends on", "dont care", "do not care", "no preference", "forgotten",
        "im busy", "i am busy", "were busy", "we are busy", "im away", "i am away", "were away", "we are away",
        "im booked", "im fully booked",
        "i forgot", "ive lost", "i lost", "cant find", "cannot find", "what time is it",
        "what day is it", "what day is today", "what date is it", "what date is today", "whats the date",
        "whats the time", "what is the date", "what is the time", "whats today", "what did you say", "what was that",
      ]
    ),
    (
      .correction(.takesBack),
      [
        "no", "nope", "nah", "no no", "no wait", "no sorry", "no thanks", "no thank you", "wait", "wait a second",
        "wait a minute", "wait a moment", "wait wait", "hold on", "hold on a second", "hang on", "hang on a second",
        "scratch that", "strike that", "forget that", "forget it", "thats wrong", "that was wrong", "that is wrong",
        "thats not right", "that is not right", "oops", "whoops",
      ]
    ),
    (
      .correction(.replaces),
      [
        "sorry", "im sorry", "i am sorry", "actually", "i mean", "i meant", "i mean to say", "i meant to say", "mean",
        "meant", "correction", "or rather", "or better", "rather", "make that", "make it", "on second thought",
        "on second thoughts", "excuse me", "pardon", "pardon me", "my mistake", "my bad", "let me rephrase",
        "or no", "or actually", "better", "well actually", "i should say", "what am i saying",
      ]
    ),
    (
      .negation(.exclusion),
      [
        "except", "except for", "except on", "excluding", "other than", "apart from", "aside from", "besides",
        "anything but", "any day but", "any time but", "anytime but", "any but", "anyday but", "all but",
        "every day but", "everything but", "everyday but", "nothing but", "whenever but", "instead of",
        "in place of", "rather than", "as opposed to", "better than", "easier than", "nicer than", "more than",
        "with the exception of", "no more",
      ]
    ),
    (
      .negation(.adverb),
      [
        "nothing on", "nothing at", "nothing for", "not", "never", "nor", "neither", "without", "no longer",
        "definitely not", "certainly not", "absolutely not",
      ]
    ),
    (
      .negation(.verb),
      [
        "cant", "cannot", "can not", "couldnt", "could not", "dont", "do not", "didnt", "did not", "wont", "will not",
        "wouldnt", "would not", "shouldnt", "should not", "havent", "have not", "hasnt", "has not", "wasnt",
        "was not", "werent", "were not", "arent", "are not", "im not", "i am not", "isnt", "is not", "aint",
        "doesnt", "does not", "unable", "not able", "hate", "refuse", "avoid", "skip", "cancel", "cant do",
        "anything not",
      ]
    ),
    (.negation(.after), afterPhrases),
    (.but, ["but", "however", "although", "though", "yet"]),
    (.or, ["or", "or maybe", "or perhaps", "or even", "or else", "otherwise", "alternatively", "either", "slash"]),
    (.and, ["and", "plus", "as well as"]),
    (.condition, ["if", "in case", "depending", "as long as", "provided"]),
    (
      .link,
      [
        "on", "at", "the", "this", "for", "in", "a", "an", "of", "to", "by", "it", "is", "thats", "its", "that", "be",
        "with", "my", "do", "want", "take", "like", "say",
      ]
    ),
  ]

  /// "Doesn't work", "is not so good": of what went before.
  private static let afterPhrases: [String] = {
    let verbs = ["doesnt", "does not", "wont", "will not", "wouldnt", "would not", "didnt", "did not", "dont", "cant"]
    let effects = [
      "work", "work out", "really work", "suit", "suit me", "fit", "do", "go", "happen", "help", "work for me",
      "work for us", "work so well", "work well",
    ]
    let copulas = ["is", "isnt", "was", "wasnt", "would be", "wouldnt be", "thats", "its", "are", "arent", ""]
    let verdicts = [
      "good", "great", "ideal", "possible", "convenient", "okay", "ok", "fine", "available", "so good", "so great",
      "very good", "that good", "an option", "going to work", "gonna work", "any good", "right", "correct", "free",
      "suitable", "great for me", "good for me", "what i said", "what i meant", "what i want",
    ]
    let negated = verbs.filter { $0 != "dont" && $0 != "cant" }.flatMap { verb in effects.map { "\(verb) \($0)" } }
    let bad = copulas.flatMap { copula in
      verdicts.map { verdict in
        copula.hasSuffix("nt") || copula == "wouldnt be" ? "\(copula) \(verdict)" : "\(copula) not \(verdict)"
      }
    }
    return negated + bad.map { $0.drop { $0 == " " } }.map(String.init) + [
      "no good", "is no good", "is impossible", "impossible", "thats not it", "its not it", "is not it", "is out",
      "out of the question", "are out", "is out of the question", "wont do",
      "is full", "is fully booked", "is booked", "is booked up", "is taken", "is gone", "is bad", "is busy", "clashes",
      "is terrible", "is awful", "is the worst", "is tricky", "is difficult",
      "too early", "is too early", "too late", "is too late", "too soon", "is too soon", "too far away", "too far off",
    ]
  }()
}
