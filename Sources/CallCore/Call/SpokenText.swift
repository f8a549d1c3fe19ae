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
      words += sentence.words(inFirst: left, of: duration)
      break
    }
    return words.filter { !$0.isEmpty }.joined(separator: " ")
  }

  private static func text(of sentences: ArraySlice<SpokenSentence>) -> String {
    sentences.map(\.text).filter { !$0.isEmpty }.joined(separator: " ")
  }
}

/// A sentence as it is written and as it is said.
package struct SpokenSentence: Sendable, Equatable {
  /// Most Unicode scalars that are said at once; an engine's limit is 500.
  private static let spokenMax = 450

  /// As it is written: what a transcript shows. Empty for the first parts of a sentence whose words do not fit at once.
  package let text: String
  /// As it is said: what an engine is given.
  let spoken: String
  /// The rate and the silence around it.
  var delivery = SpeechDelivery.plain
  /// The order of dates in numbers.
  var dates = DateOrder.monthFirst
  /// For each word of `text`, how many characters of `spoken` are over with it, where marks say what is said; else `nil`.
  var ends: [Int]?

  /// What an engine is given.
  package var synthesis: SynthesisText { SynthesisText(spoken, delivery) }

  /// Whether there is anything to say.
  var hasWords: Bool { spoken.contains { $0.isLetter || $0.isNumber } }

  /// Sentences in the words that a voice says; those of which nothing is said, such as a tag alone, are left out.
  /// - Parameter dates: the order of dates in numbers.
  static func all(
    _ sentences: [String], voice: Voice.ID, dates: DateOrder = .monthFirst
  ) -> [SpokenSentence] {
    sentences.flatMap { text -> [SpokenSentence] in
      let spoken = TextNormalizer.spoken(text, voice: voice, dates: dates)
      guard spoken != text else { return [SpokenSentence(text: text, spoken: text)] }
      let sentence = SpokenSentence(text: text, spoken: spoken, dates: dates)
      return sentence.hasWords ? sentence.parts : []
    }
  }

  /// The sentence itself, or several where its words are too many for an engine. The text goes with the last of them, so that it does not
  /// count as heard before it was.
  var parts: [SpokenSentence] {
    guard spoken.scalarCount > Self.spokenMax else { return [self] }
    let pieces = SentenceSplitter.sentences(of: spoken)
    return pieces.enumerated().map { index, piece in
      let isLast = index + 1 == pieces.count
      let (before, after) = (index == 0 ? delivery.pauseBefore : .zero, isLast ? delivery.pauseAfter : .zero)
      let delivery = SpeechDelivery(ratePercent: delivery.ratePercent, pauseBefore: before, pauseAfter: after)
      return SpokenSentence(text: isLast ? text : "", spoken: piece, delivery: delivery, dates: dates)
    }
  }

  /// The words of the text that were heard whole in the first part of its sound.
  /// - Parameters:
  ///   - heard: less than `duration`.
  ///   - duration: of the sound with the silence around it.
  package func words(inFirst heard: CallDuration, of duration: CallDuration) -> [String] {
    let sound = duration - delivery.silence
    let spent = heard - delivery.pauseBefore
    guard sound > .zero, spent > .zero else { return [] }
    guard spent < sound else { return text.split(whereSeparator: \.isWhitespace).map(String.init) }
    return words(inFirst: Int(Int64(spoken.count) * spent.microseconds / sound.microseconds))
  }

  /// The words of the text for which all is said within the first characters of `spoken`.
  private func words(inFirst characters: Int) -> [String] {
    let words = text.split(whereSeparator: \.isWhitespace)
    if let ends { return zip(words, ends).prefix { $0.1 <= characters }.map { String($0.0) } }
    if spoken == text { return zip(words, Self.ends(of: words)).prefix { $0.1 <= characters }.map { String($0.0) } }
    let said = TextNormalizer.wordEnds(of: text, dates: dates)
    // Of a sentence in parts, this is the last.
    guard said.spoken == spoken else { return [] }
    return zip(words, said.ends).prefix { $0.1 <= characters }.map { String($0.0) }
  }

  /// Where each of some words ends that are said as they are, with a blank between them.
  static func ends(of words: [Substring]) -> [Int] {
    var end = -1
    return words.map { word in
      end += word.count + 1
      return end
    }
  }
}
