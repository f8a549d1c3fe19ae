/// The words of a voice for what is written.
struct SSMLWording {
  let isEnglish: Bool
  let dates: DateOrder

  func said(for text: String, _ said: SSMLText.Saying) -> String {
    switch said {
    case .alias(let alias): isEnglish ? TextNormalizer.spoken(alias, dates: dates) : alias
    case .normalized: isEnglish ? TextNormalizer.spoken(text, dates: dates) : text
    case .reading(let reading, let format): isEnglish ? reading.words(for: text, format: format, dates: dates) : text
    }
  }
}

extension SSMLSentenceBuilder.Part {
  /// As it is written and as it is said; in several where what is said is too much for an engine.
  func sentences(_ wording: SSMLWording) -> [SpokenSentence] {
    var (text, spoken, ends) = ("", "", [Int]())
    for run in runs {
      let isJoined = !text.isEmpty && !run.isSpaced
      let gap = text.isEmpty || isJoined ? "" : " "
      let (words, more) = Self.said(for: run, wording)
      let offset = spoken.count + (spoken.isEmpty || words.isEmpty ? 0 : gap.count)
      text += gap + run.text
      spoken += (spoken.isEmpty || words.isEmpty ? "" : gap) + words
      if isJoined, !ends.isEmpty { ends.removeLast() }
      ends += more.map { $0 + offset }
    }
    let sentence = SpokenSentence(text: text, spoken: spoken, delivery: delivery, ends: ends)
    return sentence.hasWords ? sentence.parts : []
  }

  /// Normal words that follow each other are one, as rules look at several.
  private var runs: [SSMLSentenceBuilder.Unit] {
    var runs: [SSMLSentenceBuilder.Unit] = []
    for unit in units {
      if unit.said == .normalized, let last = runs.last, last.said == .normalized {
        runs[runs.count - 1].text += (unit.isSpaced ? " " : "") + unit.text
      } else {
        runs.append(unit)
      }
    }
    return runs
  }

  /// What is said for a run, and how much of that is over with each of its written words.
  private static func said(for run: SSMLSentenceBuilder.Unit, _ wording: SSMLWording) -> (words: String, ends: [Int]) {
    let words = wording.said(for: run.text, run.said)
    let count = run.text.split(whereSeparator: \.isWhitespace).count
    guard run.said == .normalized else { return (words, Array(repeating: words.count, count: count)) }
    if wording.isEnglish { return (words, TextNormalizer.wordEnds(of: run.text, dates: wording.dates).ends) }
    return (words, SpokenSentence.ends(of: run.text.split(separator: " ")))
  }
}
