import CallCore
import Foundation
import TestSupport
import Testing

/// What callers say, with what is right: lines of `Tests/SpokenLines`, written from life, and lines that `SpokenLineGenerator` makes.
@Suite("Flow: what callers mean")
struct SpokenLineTests {
  @Test("Of the labelled lines, 98 % are understood and none is understood wrong", arguments: SpokenLine.kinds)
  func labelledLines(kind: String) throws {
    let lines = try SpokenLine.written(of: kind) + SpokenLineGenerator.lines(of: kind)
    let results = lines.map { (line: $0, got: $0.understood) }
    let wrong = results.filter { !$0.line.right.contains($0.got) }
    let silent = wrong.filter { $0.got != nil }
    let right = Double(lines.count - wrong.count) / Double(lines.count)
    print("\(kind): \(lines.count) lines, \(lines.count - wrong.count) right, \(silent.count) silently wrong")
    for (line, got) in wrong { print("  \(line.text): \(got ?? "asks again"), right is \(line.rightWords)") }
    #expect(silent.isEmpty, "\(silent.map { "\($0.line.text): \($0.got ?? "")" })")
    #expect(right >= 0.98, "\(wrong.map(\.line.text))")
  }

  @Test("The labelled lines are at least 800, half of them written, and a quarter must not be kept")
  func balance() throws {
    let written = try SpokenLine.kinds.flatMap(SpokenLine.written)
    let made = SpokenLine.kinds.flatMap(SpokenLineGenerator.lines)
    #expect(written.count >= 400)
    #expect(made.count >= 400)
    #expect(4 * written.filter { $0.right.contains(nil) }.count >= written.count)
    #expect(4 * made.filter { $0.right.contains(nil) }.count >= made.count)
  }

  @Test("The same words are understood the same in any case and punctuation", arguments: SpokenLine.kinds)
  func spelling(kind: String) throws {
    var generator = SeededGenerator(seed: 15)
    for line in try SpokenLine.written(of: kind) {
      // Marks within a word, as in 3:30 and 4,711, belong to it, and names are spelled as they were said.
      let words = line.text.split(separator: " ").map(String.init)
      let marks = ["", "", ",", ".", "!", "…", " ,", ";"]
      let other = words.map { word in
        let mark = word.last?.isLetter ?? false ? marks[Int.random(in: 0..<marks.count, using: &generator)] : ""
        return (Bool.random(using: &generator) ? word.uppercased() : word.lowercased()) + mark
      }
      .joined(separator: " ")
      #expect(line.understood(as: other)?.lowercased() == line.understood?.lowercased(), "\(line.text) | \(other)")
    }
  }

  @Test("A line that breaks off anywhere, or begins anywhere, is understood somehow", arguments: SpokenLine.kinds)
  func brokenLines(kind: String) throws {
    for line in try SpokenLine.written(of: kind) {
      let words = line.text.split(separator: " ")
      for place in 1..<max(words.count, 1) {
        for part in [words[..<place], words[place...]] {
          #expect(line.understood(as: part.joined(separator: " "))?.isEmpty != true)
        }
      }
    }
  }

  @Test("Any words in any order are understood somehow", arguments: SpokenLine.kinds)
  func anyWords(kind: String) throws {
    var generator = SeededGenerator(seed: 16)
    let lines = try SpokenLine.kinds.flatMap(SpokenLine.written)
    let words = lines.flatMap { $0.text.split(separator: " ").map(String.init) }
    let line = try #require(try SpokenLine.written(of: kind).first)
    for length in [1, 2, 3, 5, 8, 13, 200, 1000] {
      for _ in 0..<40 {
        let text = (0..<length).map { _ in words[Int.random(in: 0..<words.count, using: &generator)] }
        let understood = line.understood(as: text.joined(separator: " "))
        #expect(understood?.isEmpty != true)
      }
    }
  }
}

/// What a caller said, and what must come of it.
struct SpokenLine {
  let kind: String
  let text: String
  /// Each of them is right; `nil`: the caller is asked again.
  let right: [String?]

  static let kinds = ["date", "time", "digits4", "digits10", "digits3-8", "number", "count", "yes-no", "name", "drink"]
  /// A Monday.
  static let context = SpokenContext(today: CalendarDate("2026-03-02"))

  var understood: String? { understood(as: text) }

  func understood(as text: String) -> String? { slot.value(said: text, Self.context) }

  var rightWords: String { right.map { $0 ?? "to ask again" }.joined(separator: " or ") }

  private var slot: SlotKind {
    switch kind {
    case "date": .date
    case "time": .time
    case "digits4": .digits(4...4)
    case "digits10": .digits(10...10)
    case "digits3-8": .digits(3...8)
    case "number": .number(least: nil, most: nil)
    case "count": .number(least: 1, most: 12)
    case "yes-no": .yesNo
    case "name": .name
    default: .choice(["tea", "coffee"].map { SlotChoice($0, hear: [UtterancePattern($0)].compactMap(\.self)) })
    }
  }

  /// The lines of a kind in `Tests/SpokenLines`: kind, line and right values with `|` between, `-` for asking again, in columns.
  static func written(of kind: String) throws -> [SpokenLine] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../SpokenLines")
      .standardizedFileURL
    return try ["reported", "everyday", "difficult", "abroad", "grammar", "reviewed"].flatMap { name in
      try String(contentsOf: folder.appending(path: "\(name).tsv"), encoding: .utf8).split(separator: "\n").compactMap {
        row in
        let columns = row.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        guard columns.count == 3, columns[0] == kind else { return nil }
        return SpokenLine(
          kind: kind, text: columns[1], right: columns[2].split(separator: "|").map { $0 == "-" ? nil : String($0) })
      }
    }
  }
}
