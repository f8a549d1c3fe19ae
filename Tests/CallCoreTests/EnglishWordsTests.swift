import CallCore
import Foundation
import Testing

/// `Tests/Golden/english-words.tsv` has a text a line, its words by Whisper's rules, and by ours. `english-words-differences.tsv` has texts
/// of which Whisper's normaliser makes something else: its words, ours by its rules, and why. `Tests/Counterparts/test_word_errors.py` checks
/// what stands there of Whisper's against the package.
@Suite("English words, as word errors compare them")
struct EnglishWordsTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../Golden").standardizedFileURL

  private static func rows(of file: String, columns: Int) throws -> [[String]] {
    let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
    let rows = text.split(separator: "\n").map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(rows.allSatisfy { $0.count == columns })
    return rows
  }

  @Test("By Whisper's rules, each text gives the words that Whisper's normaliser gives")
  func whisper() throws {
    let rows = try Self.rows(of: "english-words.tsv", columns: 3)
    #expect(rows.count > 250)
    let wrong = rows.filter { EnglishWords.words(of: $0[0], by: .whisper).joined(separator: " ") != $0[1] }
    #expect(wrong == [])
  }

  @Test("Where something else is right, it is on record with its reason")
  func differences() throws {
    let rows = try Self.rows(of: "english-words-differences.tsv", columns: 4)
    #expect(rows.allSatisfy { $0[1] != $0[2] && !$0[3].isEmpty })
    let wrong = rows.filter { EnglishWords.words(of: $0[0], by: .whisper).joined(separator: " ") != $0[2] }
    #expect(wrong == [])
  }

  @Test("By our rules, runs of digits have no gaps and clock times are times")
  func ours() throws {
    let rows = try Self.rows(of: "english-words.tsv", columns: 3)
    let wrong = rows.filter { EnglishWords.words(of: $0[0]).joined(separator: " ") != $0[2] }
    #expect(wrong == [])
  }

  @Test(
    "No word error between what is said and how recognisers write it",
    arguments: [
      ("five five five, one two three four", "555-1234"), ("five five five, oh one two three", "555-0123"),
      ("half past seven", "7:30"), ("seven thirty", "07:30"), ("seven o'clock p.m.", "7:00 PM"), ("nine p.m.", "9 pm"),
      ("quarter to eight", "7:45"), ("at seven thirty p.m.", "at 7.30pm"), ("twenty dollars and fifty cents", "$20.50"),
      ("I'll pay fifty per cent", "I will pay 50%"), ("the twenty-first of May", "the 21st of May"),
      ("nineteen eighty-four", "1984"), ("S M I T H", "S-M-I-T-H."),
      ("we can't, we won't", "We cannot; we will not".replacing("cannot", with: "can not")),
      ("my favourite colour", "My favorite color"), ("Dr. Smith isn't in", "Doctor Smith is not in."),
      ("forty-two thousand five hundred", "42,500"), ("the Café", "the cafe"), ("um, tomorrow", "to-morrow"),
      ("thank you, good-bye", "Thank you. Goodbye!"), ("don't", "dont"),
    ])
  func equal(said: String, heard: String) {
    #expect(
      WordErrorRate(reference: said, heard: heard).errors == 0,
      "\(EnglishWords.words(of: said)), \(EnglishWords.words(of: heard))")
  }

  @Test(
    "What means something else stays an error",
    arguments: [
      ("five five five, one two three four", "555-1235", 1), ("half past seven", "7:45", 1), ("fifteen", "50", 1),
      ("seven a.m.", "7 pm", 1), ("the fifth", "the 15th", 1), ("I can", "I can't", 1), ("five pounds", "$5", 1),
    ])
  func different(said: String, heard: String, errors: Int) {
    #expect(WordErrorRate(reference: said, heard: heard).errors == errors)
  }

  @Test("Of the same text, rates by three rules: plain words, Whisper's, ours")
  func threeRates() {
    let (said, heard) = ("five five five, one two three four", "555-1234")
    let plain = WordErrorRate(
      WordErrorRate.alignment(of: WordErrorRate.words(of: said), with: WordErrorRate.words(of: heard)))
    #expect(plain.errors == 7 && plain.referenceWords == 7)
    let whisper = WordErrorRate(reference: said, heard: heard, by: .whisper)
    #expect(whisper.errors == 2 && whisper.referenceWords == 1)
    #expect(WordErrorRate(reference: said, heard: heard).rate == 0)
  }

  @Test("Nothing that is typed is too much: brackets that are not closed, numbers without end, any character")
  func hostile() {
    for text in [
      String(repeating: "<[(", count: 20_000), String(repeating: "9", count: 5000),
      String(repeating: "million ", count: 5000), String(repeating: "double ", count: 5000),
      String(repeating: "' ", count: 5000), "9.9.9.9 .5 $ % £ \u{301} \u{200D}", "0:0:0:0",
    ] {
      for rules in EnglishWords.Rules.allCases {
        let words = EnglishWords.words(of: text, by: rules)
        #expect(words.allSatisfy { !$0.isEmpty && !$0.contains(" ") })
      }
    }
  }
}
