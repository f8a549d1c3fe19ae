/// An utterance's sentences and how long each plays, to tell what of it was heard.
struct SpokenText: Sendable, Equatable {
  /// In order.
  let sentences: [String]
  /// Playing times of the first sentences, as far as they are known.
  private(set) var durations: [CallDuration] = []

  init(sentences: [String]) { self.sentences = sentences }

  /// The whole text.
  var text: String { sentences.joined(separator: " ") }

  /// What could be played: the sentences that have audio.
  var playableText: String { sentences.prefix(durations.count).joined(separator: " ") }

  /// Playing time of the sentences that have audio.
  var duration: CallDuration { durations.reduce(.zero, +) }

  /// Notes the audio of sentence `index`; anything but the next one in order is ignored.
  mutating func ready(_ index: Int, _ duration: CallDuration) {
    guard index == durations.count, index < sentences.count else { return }
    durations.append(duration)
  }

  /// The words that were audible in the first `heard` of the utterance. Within a sentence, time is shared out by letters,
  /// and a word counts when it was heard to its end.
  func heard(_ heard: CallDuration) -> String {
    var left = heard
    var words: [Substring] = []
    for (sentence, duration) in zip(sentences, durations) {
      if left >= duration {
        words.append(Substring(sentence))
        left = left - duration
        continue
      }
      words += Self.words(of: sentence, in: left, of: duration)
      break
    }
    return words.joined(separator: " ")
  }

  private static func words(of sentence: String, in heard: CallDuration, of duration: CallDuration) -> [Substring] {
    guard duration > .zero else { return [] }
    let characters = Int64(sentence.count) * heard.microseconds / duration.microseconds
    var words: [Substring] = []
    var used: Int64 = 0
    for word in sentence.split(separator: " ") {
      used += Int64(word.count)
      guard used <= characters else { break }
      words.append(word)
      used += 1
    }
    return words
  }
}
