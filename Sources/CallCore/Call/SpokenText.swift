/// An utterance's sentences and how long each plays, to tell what of it was heard.
struct SpokenText: Sendable, Equatable {
  /// In order.
  private(set) var sentences: [SpokenSentence]
  /// Playing times of the first sentences, as far as they are known.
  private(set) var durations: [CallDuration] = []

  init(sentences: [SpokenSentence]) { self.sentences = sentences }

  /// More is said.
  mutating func add(_ more: [SpokenSentence]) { sentences += more }

  /// The whole text.
  var text: String { Self.text(of: sentences[...]) }

  /// What is said of it, where that is in other words than the text; else `nil`.
  var wording: String? {
    let wording = sentences.map(\.spoken).joined(separator: " ")
    return wording == text ? nil : wording
  }

  /// What could be played: the sentences that have audio.
  var playableText: String { Self.text(of: sentences.prefix(durations.count)) }

  /// Playing time of the sentences that have audio.
  var duration: CallDuration { durations.reduce(.zero, +) }

  /// Notes the audio of sentence `index`; anything but the next one in order is ignored.
  mutating func addDuration(_ index: Int, ofSentence duration: CallDuration) {
    guard index == durations.count, index < sentences.count else { return }
    durations.append(duration)
  }

  /// The words of the text that were audible in the first `heard` of the utterance. Within a sentence, time is shared out by the letters
  /// that are said, and a word counts when what is said for it was heard to its end.
  func playedText(_ heard: CallDuration) -> String {
    var left = heard
    var words: [String] = []
    for (sentence, duration) in zip(sentences, durations) {
      if left >= duration {
        words.append(sentence.text)
        left = left - duration
        continue
      }
      if duration > .zero {
        let characters = Int64(sentence.spoken.count) * left.microseconds / duration.microseconds
        words += sentence.words(inFirst: Int(characters))
      }
      break
    }
    return words.filter { !$0.isEmpty }.joined(separator: " ")
  }

  private static func text(of sentences: ArraySlice<SpokenSentence>) -> String {
    sentences.map(\.text).filter { !$0.isEmpty }.joined(separator: " ")
  }
}

/// A sentence as it is written and as it is said.
struct SpokenSentence: Sendable, Equatable {
  /// Most Unicode scalars that are said at once; an engine's limit is 500.
  private static let spokenMax = 450

  /// As it is written: what a transcript shows. Empty for the first parts of a sentence whose words do not fit at once.
  let text: String
  /// As it is said: what an engine is given.
  let spoken: String

  /// Sentences in the words that a voice says; those of which nothing is said, such as a tag alone, are left out.
  static func all(_ sentences: [String], voice: Voice.ID) -> [SpokenSentence] {
    sentences.flatMap { text -> [SpokenSentence] in
      let spoken = TextNormalizer.spoken(text, voice: voice)
      guard spoken != text else { return [SpokenSentence(text: text, spoken: text)] }
      guard spoken.contains(where: { $0.isLetter || $0.isNumber }) else { return [] }
      guard spoken.scalarCount > spokenMax else { return [SpokenSentence(text: text, spoken: spoken)] }
      // The text goes with the last part, so that it does not count as heard before it was.
      let parts = SentenceSplitter.sentences(of: spoken)
      return parts.enumerated().map { index, part in
        SpokenSentence(text: index + 1 == parts.count ? text : "", spoken: part)
      }
    }
  }

  /// The words of the text for which all is said within the first characters of `spoken`.
  func words(inFirst characters: Int) -> [String] {
    let words = text.split(whereSeparator: \.isWhitespace)
    if spoken == text {
      var end = -1
      let ends = words.map { word in
        end += word.count + 1
        return end
      }
      return zip(words, ends).prefix { $0.1 <= characters }.map { String($0.0) }
    }
    let said = TextNormalizer.wordEnds(of: text)
    // Of a sentence in parts, this is the last.
    guard said.spoken == spoken else { return [] }
    return zip(words, said.ends).prefix { $0.1 <= characters }.map { String($0.0) }
  }
}
