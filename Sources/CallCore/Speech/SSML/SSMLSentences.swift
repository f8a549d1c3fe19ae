extension SSMLText {
  /// Its sentences, each in parts where the rate changes or a pause is made, in the words of a voice.
  ///
  /// - Parameters:
  ///   - voice: words for a voice of another language than English stay as they are; pauses and rates are made all the same.
  ///   - dates: the order of dates in numbers.
  package func sentences(voice: Voice.ID, dates: DateOrder = .monthFirst) -> [SpokenSentence] {
    var builder = SSMLSentenceBuilder()
    for item in items { builder.add(item) }
    let wording = SSMLWording(isEnglish: Voice.speaksEnglish(voice), dates: dates)
    return builder.finish().flatMap { part in part.sentences(wording) }
  }
}

/// Puts words together to parts that are spoken at once.
struct SSMLSentenceBuilder {
  /// A word of normal text, or all the words of a `say-as` or `sub`.
  struct Unit {
    var text: String
    var said: SSMLText.Saying
    /// Whether white space stands in front.
    var isSpaced: Bool
  }

  /// What is spoken at once.
  struct Part {
    var units: [Unit] = []
    var delivery = SpeechDelivery()
    var length = 0
  }

  private static let closingMarks = Set<Character>(".,;:!?…)]”’\"'")

  private var parts: [Part] = []
  private var part = Part()
  private var isSpaced = false
  /// Silence in front of the first words.
  private var silence = CallDuration.zero

  mutating func add(_ item: SSMLText.Item) {
    switch item {
    case .words(let words, let said, let rate): add(words, said, rate)
    case .pause(let length):
      close(.zero)
      if parts.isEmpty { silence = silence + length } else { addSilence(length) }
    case .sentenceEnd: close(nil)
    }
  }

  /// - Returns: parts with something to say.
  mutating func finish() -> [Part] {
    close(nil)
    return parts
  }

  private mutating func addSilence(_ length: CallDuration) {
    parts[parts.count - 1].delivery.pauseAfter = (parts[parts.count - 1].delivery.pauseAfter ?? .zero) + length
  }

  private mutating func add(_ words: String, _ said: SSMLText.Saying, _ rate: Int) {
    let startsSpaced = words.unicodeScalars.first?.properties.isWhitespace ?? false
    defer { isSpaced = words.unicodeScalars.last?.properties.isWhitespace ?? isSpaced }
    var pieces = words.wordsWithinBlanks
    if said != .normalized {
      pieces = pieces.isEmpty ? [] : [pieces.joined(separator: " ")]
      if pieces.isEmpty, case .alias = said { pieces = [""] }
    }
    for (index, piece) in pieces.enumerated() {
      let unit = Unit(text: piece, said: said, isSpaced: index > 0 || isSpaced || startsSpaced)
      if moveToLastPart(unit, rate) { continue }
      endSentence(before: unit)
      if rate != part.delivery.ratePercent { close(.zero) }
      let count = piece.scalarCount
      if part.length + count > SentenceSplitter.sentenceMax { close(.zero) }
      if part.units.isEmpty { part.delivery.ratePercent = rate }
      part.units.append(unit)
      part.length += count + 1
    }
  }

  /// Marks that follow a part without a blank belong to it: `<prosody rate="slow">4711</prosody>.`
  private mutating func moveToLastPart(_ unit: Unit, _ rate: Int) -> Bool {
    guard unit.said == .normalized, !unit.isSpaced, unit.text.allSatisfy(Self.closingMarks.contains) else {
      return false
    }
    if part.units.isEmpty, !parts.isEmpty {
      parts[parts.count - 1].units.append(unit)
      if unit.text.contains(where: { ".!?…".contains($0) }), parts[parts.count - 1].delivery.pauseAfter == .zero {
        parts[parts.count - 1].delivery.pauseAfter = nil
      }
      return true
    }
    guard !part.units.isEmpty, rate != part.delivery.ratePercent else { return false }
    part.units.append(unit)
    return true
  }

  /// Closes the part where its last word ends a sentence.
  private mutating func endSentence(before next: Unit) {
    guard let last = part.units.last, next.isSpaced, last.said == .normalized else { return }
    if SentenceSplitter.endsSentence(Substring(last.text), before: Substring(next.text)) { close(nil) }
  }

  /// - Parameter pause: silence behind it; `nil` for what is usual between sentences.
  private mutating func close(_ pause: CallDuration?) {
    defer { part = Part() }
    guard part.units.contains(where: \.hasWords) else {
      if pause == nil, !parts.isEmpty, parts[parts.count - 1].delivery.pauseAfter == .zero {
        parts[parts.count - 1].delivery.pauseAfter = nil
      }
      return
    }
    part.delivery.pauseAfter = pause
    if parts.isEmpty { part.delivery.pauseBefore = silence }
    parts.append(part)
  }
}

extension SSMLSentenceBuilder.Unit {
  /// Whether something is said for it.
  fileprivate var hasWords: Bool {
    if case .alias(let alias) = said { return alias.contains { $0.isLetter || $0.isNumber } }
    return text.contains { $0.isLetter || $0.isNumber }
  }
}
