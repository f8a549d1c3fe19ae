import CallCore
import Engines
import FoundationEssentials
import Testing

/// The ids of Hugging Face's `tokenizers` 0.22 for the same vocabulary, worked out once.
@Suite("Word pieces")
struct WordPieceTests {
  private static let reference: [(text: String, ids: [Int64])] = [
    ("I want to see a doctor", [101, 1045, 2215, 2000, 2156, 1037, 3460, 102]),
    (
      "Na\u{EF}ve caf\u{E9}, s'il vous pla\u{EE}t! \u{5317}\u{4EAC} \u{BD} \u{A3}5",
      [
        101, 15743, 7668, 1010, 1055, 1005, 6335, 29536, 2271, 20228, 4886, 2102, 999, 1781, 1755, 1092, 27813, 102,
      ]
    ),
    ("Hello,  WORLD\tunbelievableness", [101, 7592, 1010, 2088, 23653, 2791, 102]),
    (
      "supercalifragilisticexpialidocious 4711",
      [101, 3565, 9289, 10128, 29181, 24411, 4588, 10288, 19312, 21273, 10085, 6313, 4700, 14526, 102]
    ),
    ("", [101, 102]), (" \n", [101, 102]),
    (
      "it's o'clock 3:30 p.m.",
      [101, 2009, 1005, 1055, 1051, 1005, 5119, 1017, 1024, 2382, 1052, 1012, 1049, 1012, 102]
    ),
    ("\u{0}a\u{FFFD}b\u{200D}c e\u{301}", [101, 5925, 1041, 102]),
    (
      "\u{1EBE}\u{C5}\u{15E} Stra\u{DF}e \u{FB01} \u{130}stanbul", [101, 19413, 2015, 2358, 27807, 1984, 9960, 102]
    ),
    (
      "\u{DC}n\u{EF}c\u{F6}d\u{E9}\u{2014}\u{201C}quotes\u{201D}\u{2026} $5+2=7",
      [101, 27260, 1517, 1523, 16614, 1524, 1529, 1002, 1019, 1009, 1016, 1027, 1021, 102]
    ),
    (String(repeating: "x", count: 101) + " ok", [101, 100, 7929, 102]),
    (
      "I'd like to re-schedule, please?",
      [101, 1045, 1005, 1040, 2066, 2000, 2128, 1011, 6134, 1010, 3531, 1029, 102]
    ),
  ]

  private func tokenizer() throws -> WordPieceTokenizer {
    let path = EngineHarness.folder.meaningVocabulary
    let data = try #require(FileManager.default.contents(atPath: path), "\(path) is missing: make setup")
    return try #require(WordPieceTokenizer(vocabulary: String(decoding: data, as: UTF8.self)))
  }

  @Test("are those of the reference, for accents, marks, Chinese, controls and words that are too long")
  func reference() throws {
    let tokenizer = try tokenizer()
    for (text, ids) in Self.reference { #expect(tokenizer.ids(of: text) == ids, "\(text)") }
  }

  @Test("what a caller writes is never a mark of the model's own")
  func marks() throws {
    let ids = try tokenizer().ids(of: "hello [SEP] world [CLS]")
    #expect(ids.filter { $0 == 101 }.count == 1 && ids.filter { $0 == 102 }.count == 1)
  }

  @Test("a long text ends at the limit, with the mark of the end")
  func longText() throws {
    let ids = try tokenizer().ids(of: String(repeating: "appointment ", count: 500))
    #expect(ids.count == WordPieceTokenizer.piecesMax && ids.last == 102)
  }

  @Test("a vocabulary without the marks is none")
  func badVocabulary() {
    #expect(WordPieceTokenizer(vocabulary: "a\nb\n") == nil)
    #expect(WordPieceTokenizer(vocabulary: "") == nil)
  }
}
