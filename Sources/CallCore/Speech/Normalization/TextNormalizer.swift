/// Writes out what is not words in an English text as people say it: money, times, dates, telephone numbers, units, abbreviations,
/// addresses. Markup and emoji are silent. What is words already stays as it is, byte for byte.
///
/// One pass over the words; every rule looks at a fixed number of them, so that the work grows with the length of the text and no faster.
/// Letters of other scripts pass as they are: what a voice makes of them is the voice's own.
package enum TextNormalizer {
  /// Most Unicode scalars of a text: an hour of speech, as much as `voiceforge say` takes. A longer one stays as it is.
  package static let scalarsMax = 50_000
  /// Most Unicode scalars of a word that is looked at; a longer one stays as it is.
  static let wordMax = 200

  private typealias Rule = @Sendable (Int, [TextToken]) -> SpokenSpan?
  private static let (monthFirstRules, dayFirstRules) = (rules(.monthFirst), rules(.dayFirst))

  /// Rules in the order in which they are asked; the first that knows the words at a place says them.
  private static func rules(_ dates: DateOrder) -> [Rule] {
    [
      AddressRule.span, MoneyRule.span, { DateRule.span(at: $0, of: $1, dates) }, TimeOfDayRule.span,
      TelephoneRule.span, MeasureRule.span, NumberRule.span, AbbreviationRule.span, RomanNumeralRule.span,
      IdentifierRule.span, SymbolRule.span,
    ]
  }

  /// - Parameters:
  ///   - text: any text.
  ///   - voice: whose it will be; the text of a voice of another language than English stays as it is.
  ///   - dates: the order of dates in numbers: whether `5/3` is a day in May.
  /// - Returns: what is to be said; empty where there is nothing but markup.
  package static func spoken(_ text: String, voice: Voice.ID, dates: DateOrder = .monthFirst) -> String {
    Voice.speaksEnglish(voice) ? spoken(text, dates: dates) : text
  }

  /// The same for a voice that speaks English.
  package static func spoken(_ text: String, dates: DateOrder = .monthFirst) -> String {
    guard text.scalarCount <= scalarsMax else { return text }
    let words = MarkupFilter.words(of: text)
    var result = SpokenWords()
    var isChanged = words != text
    read(TextToken.tokens(of: words), dates) { piece, _, isSpan in
      result.append(piece)
      isChanged = isChanged || isSpan
    }
    return isChanged ? result.text : text
  }

  /// How much is said for each word of a text, in one pass.
  ///
  /// - Parameter text: with something in it that is said in other words.
  /// - Returns: what is said, and for each word that stands between white space how many characters of it are over with that word: words
  ///   that are said together end together.
  package static func wordEnds(
    of text: String, dates: DateOrder = .monthFirst
  ) -> (spoken: String, ends: [Int]) {
    guard text.scalarCount <= scalarsMax else { return (text, []) }
    let tokens = TextToken.tokens(of: MarkupFilter.words(of: text))
    var (result, kept, ends) = (SpokenWords(), 0, [Int]())
    var rest = MarkupFilter.wordEnds(of: text)[...]
    while rest.first == 0 {  // silent
      ends.append(0)
      rest.removeFirst()
    }
    read(tokens, dates) { piece, tokens, _ in
      result.append(piece)
      kept += tokens.reduce(0) { $0 + $1.scalarCount }
      while let end = rest.first, end <= kept {
        ends.append(result.count)
        rest.removeFirst()
      }
    }
    return (result.text, ends)
  }

  /// Hands on what is said, piece by piece, with the words that each piece stands for and whether a rule said it.
  private static func read(
    _ tokens: [TextToken], _ dates: DateOrder, _ take: (String, ArraySlice<TextToken>, Bool) -> Void
  ) {
    let rules = dates == .dayFirst ? dayFirstRules : monthFirstRules
    var index = 0
    while index < tokens.count {
      let token = tokens[index]
      if let span = token.isPlain ? nil : span(at: index, of: tokens, by: rules) {
        let end = index + span.count
        let next = end < tokens.count ? tokens[end] : nil
        let isEnd = next.map { span.mayEndSentence && $0.isCapitalized } ?? true
        take(joined(token, span, tokens[end - 1], isLast: isEnd), tokens[index..<end], true)
        index = end
      } else {
        take(token.space + token.lead + token.core + token.trail, tokens[index...index], false)
        index += 1
      }
    }
  }

  private static func span(at index: Int, of tokens: [TextToken], by rules: [Rule]) -> SpokenSpan? {
    guard tokens[index].core.scalarCount <= wordMax else { return nil }
    for rule in rules {
      if let span = rule(index, tokens) { return span }
    }
    return nil
  }

  private static func joined(
    _ first: TextToken, _ span: SpokenSpan, _ last: TextToken, isLast: Bool
  ) -> String {
    var trail = last.trail
    if span.dropsMark { trail.removeFirst() }
    // The point of an abbreviation is no end of a sentence, unless nothing follows; one that is said has its own.
    let isEaten = span.words.last == "." || span.endsInPoint && (!isLast || trail.count > 1)
    if isEaten, trail.first == "." { trail.removeFirst() }
    let lead = span.dropsLead ? "" : first.lead
    let space = span.words.isEmpty && trail.isEmpty && lead.isEmpty ? "" : first.space
    return space + lead + span.words + trail
  }
}

/// What is said, put together without blanks at both ends, before marks and beside blanks, which markup leaves behind.
private struct SpokenWords {
  private(set) var text = ""
  /// Characters of `text`.
  private(set) var count = 0
  private var blanks = ""

  mutating func append(_ piece: String) {
    for character in piece {
      if character.isWhitespace {
        blanks.append(character)
      } else {
        if !text.isEmpty, !",.;!?".contains(character) {
          let gap = blanks.count < 2 ? blanks : blanks.contains("\n") ? "\n" : " "
          text += gap
          count += gap.count
        }
        blanks = ""
        text.append(character)
        count += 1
      }
    }
  }
}

/// What is said in place of some words.
struct SpokenSpan: Equatable {
  /// Empty where they are silent.
  var words: String
  /// Words of the text that it stands for, 1 and up.
  var count = 1
  /// The point behind the last of them belongs to an abbreviation.
  var endsInPoint = false
  /// A point behind the last of them ends a sentence where a capital letter follows.
  var mayEndSentence = false
  /// The marks in front belong to it.
  var dropsLead = false
  /// The first mark behind belongs to it.
  var dropsMark = false
}

extension Voice {
  /// Whether a voice is given English texts. eSpeak NG's ids name their language (`espeak:de`); every other voice is spoken to in English.
  package static func speaksEnglish(_ id: Voice.ID) -> Bool {
    let name = id.hasPrefix("remote:") ? id.dropFirst("remote:".count) : id[...]
    guard name.hasPrefix("espeak:") else { return true }
    let language = name.dropFirst("espeak:".count)
    return language == "en" || language.hasPrefix("en-") || language.hasPrefix("en+")
  }
}
