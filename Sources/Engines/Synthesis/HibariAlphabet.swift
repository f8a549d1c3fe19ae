import CallCore
import FoundationEssentials

/// From text to the numbers that hibari's network reads: eSpeak NG's phonemes, rewritten in the alphabet the network was
/// trained with (misaki's), and numbered by the model's own list.
struct HibariAlphabet: Sendable {
  /// eSpeak's spelling and misaki's, applied in this order (measured against the reference pipeline).
  private static let rewriting: [(from: [Unicode.Scalar], to: [Unicode.Scalar])] = [
    ("aɪ", "I"), ("aʊ", "W"), ("dʒ", "ʤ"), ("eɪ", "A"), ("tʃ", "ʧ"), ("ɔɪ", "Y"), ("oʊ", "O"), ("ɜːɹ", "ɜɹ"),
    ("ɜː", "ɜɹ"), ("ɚ", "əɹ"), ("əl", "ᵊl"), ("n̩", "ᵊn"), ("l̩", "ᵊl"), ("ɾ", "T"), ("ʔ", "t"), ("r", "ɹ"), ("ɐ", "ə"),
    ("ː", ""), ("o", "ɔ"), ("e", "ɛ"), ("ᵻ", "ɪ"), ("\u{200D}", ""), ("_", ""), ("-", ""),
  ].map { (Array($0.0.unicodeScalars), Array($0.1.unicodeScalars)) }

  private let ids: [Unicode.Scalar: Int64]

  /// - Parameter vocabulary: path of `vocab.json`, an object from symbol to number.
  /// - Throws: `.modelUnavailable` with that path when it is absent or something else.
  init(vocabulary path: String) throws(EngineError) {
    do {
      let entries = try JSONDecoder().decode([String: Int64].self, from: Data(contentsOf: URL(filePath: path)))
      var ids: [Unicode.Scalar: Int64] = [:]
      for (symbol, id) in entries {
        if let scalar = symbol.unicodeScalars.first, symbol.unicodeScalars.count == 1 { ids[scalar] = id }
      }
      self.ids = ids
    } catch {
      throw .modelUnavailable(path: path)
    }
  }

  /// - Returns: one row of ids per piece that the network can hold; a symbol that it does not know is left out.
  /// - Throws: `.unsupported` when nothing is left of a part that has words: nothing asked for is missing without an error.
  func rows(of text: String, espeak: EspeakClient) throws(EngineError) -> [[Int64]] {
    var rows: [[Int64]] = []
    var row: [Int64] = []
    let clauses = SpokenClause.clauses(of: text)
    for (clause, phonemes) in zip(clauses, try espeak.phonemes(of: clauses.map(\.text), voice: "gmw/en-US")) {
      let symbols = numbers(Self.rewritten(phonemes) + [clause.mark])
      guard symbols.count > 1 else {
        guard !clause.text.contains(where: { $0.isLetter || $0.isNumber }) else {
          throw .unsupported("words that the neural voices cannot say: \(clause.text)")
        }
        continue
      }
      for piece in pieces(of: symbols) {
        if !row.isEmpty, row.count + piece.count + 1 > HibariModel.symbolsMax {
          rows.append(row)
          row = []
        }
        if !row.isEmpty, let blank = ids[" "] { row.append(blank) }
        row += piece
      }
    }
    if !row.isEmpty { rows.append(row) }
    return rows.map { [0] + $0 + [0] }
  }

  /// A clause in pieces that the network can hold, cut at blanks. A piece that is not the last ends with a comma: the network lets a
  /// sound without a mark behind it die away.
  private func pieces(of symbols: [Int64]) -> [[Int64]] {
    var pieces: [[Int64]] = []
    var rest = symbols[...]
    while rest.count > HibariModel.symbolsMax {
      let most = rest.prefix(HibariModel.symbolsMax - 1)
      let end = ids[" "].flatMap { blank in most.lastIndex(of: blank) } ?? most.endIndex
      pieces.append(rest[..<end] + [","].compactMap { ids[$0] })
      rest = rest[end...].drop { $0 == ids[" "] }
    }
    return pieces + [Array(rest)]
  }

  private func numbers(_ symbols: [Unicode.Scalar]) -> [Int64] { symbols.compactMap { ids[$0] } }

  private static func rewritten(_ phonemes: String) -> [Unicode.Scalar] {
    var symbols = Array(phonemes.unicodeScalars)
    for (from, to) in rewriting { symbols = replace(from, by: to, in: symbols) }
    return symbols
  }

  private static func replace(
    _ from: [Unicode.Scalar], by to: [Unicode.Scalar], in symbols: [Unicode.Scalar]
  ) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(symbols.count)
    var index = 0
    while index < symbols.count {
      if symbols[index...].starts(with: from) {
        result += to
        index += from.count
      } else {
        result.append(symbols[index])
        index += 1
      }
    }
    return result
  }
}

/// A part of a sentence up to a punctuation mark. eSpeak NG drops marks from its phonemes, but hibari's network hears pauses
/// and melody in them, so the text is cut before it is given to eSpeak.
struct SpokenClause: Equatable {
  /// With its mark, because eSpeak reads abbreviations such as `a.m.` by it.
  var text: String
  /// The mark as the network knows it: one of `, ; : . ! ? … —`.
  var mark: Unicode.Scalar

  /// Marks that end a clause when a blank or the end follows.
  private static let marks: [Character: Unicode.Scalar] = [
    ",": ",", ";": ";", ":": ":", ".": ".", "!": "!", "?": "?", "…": "…", "—": "—", "–": "—",
  ]
  /// Their full stop ends no clause.
  private static let titles: Set<String> = [
    "Dr", "Mr", "Mrs", "Ms", "Prof", "St", "Mt", "Lt", "Col", "Gen", "Sgt", "Rev",
  ]

  /// - Returns: clauses in order; the last ends with a full stop when the text has no mark of its own.
  static func clauses(of text: String) -> [SpokenClause] {
    var clauses: [SpokenClause] = []
    var current = ""
    var mark: Unicode.Scalar?
    for word in text.split(separator: " ") {
      if current.isEmpty, let last = clauses.indices.last, word.allSatisfy({ marks[$0] != nil }) {
        clauses[last].mark = word.first.flatMap { marks[$0] } ?? clauses[last].mark
        continue
      }
      mark = endMark(of: word)
      current += (current.isEmpty ? "" : " ") + (isTitle(word) ? String(word.dropLast()) : String(word))
      if let mark {
        clauses.append(SpokenClause(text: current, mark: mark))
        current = ""
      }
    }
    if !current.isEmpty { clauses.append(SpokenClause(text: current, mark: ".")) }
    return clauses
  }

  private static func isTitle(_ word: Substring) -> Bool {
    word.last == "." && titles.contains(String(word.dropLast()))
  }

  /// The mark that a word ends with, behind closing quotes and brackets. Abbreviations such as `a.m.` and initials such as
  /// `J.` end no clause.
  private static func endMark(of word: Substring) -> Unicode.Scalar? {
    let bare = word.drop { "\"“‘'(".contains($0) }
    let end = bare.lastIndex { !"\"”’')]".contains($0) }
    guard let end, let mark = marks[bare[end]] else { return nil }
    let stem = bare[..<end]
    guard bare[end] == "." else { return mark }
    if stem.last == "." { return "…" }
    let isAbbreviation = stem.contains(".") && stem.allSatisfy { $0.isLetter || $0 == "." }
    return isTitle(bare) || isAbbreviation || (stem.count == 1 && stem.first?.isUppercase == true) ? nil : mark
  }
}
