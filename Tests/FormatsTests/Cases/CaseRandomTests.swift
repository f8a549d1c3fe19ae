import CallCore
import JSON
import Formats
import Testing
import TestSupport

@Suite("Test case reader under random input")
struct CaseRandomTests {
  /// Pieces that mean something to the reader, so that damage gets past its first look.
  private static let pieces = [
    "say", "play", "at:", "expect:", "never:", "{", "}", "[", "]", "[pause 1s]", "{day}", "parameters:", "- ", ": ",
    "99s",
    "9e99s", "-1", "5%", "\"", "'", "none", "&a", "*a", "é", "\t", "  ", "true", "must-fail: yield", "\u{0}", "🙂", "#",
    "~",
  ]

  @Test("A damaged file gives cases or faults, never a crash, and a fault always has a place in it")
  func damagedYAML() throws {
    let files = try SampleCases.files().filter { $0.file.hasSuffix(".yaml") }
    let flows = try SampleFlows.library()
    var wrong = 0
    for seed in UInt64(0)..<3000 {
      var dice = SeededGenerator(seed: seed)
      let lines = files[Int(seed) % files.count].text.split(separator: "\n", omittingEmptySubsequences: false).map(
        String.init)
      let text = damaged(lines, &dice)
      if case .failure(let found) = TestCaseFileReader.read(
        text, file: "x.yaml", flows: flows, recordingExists: { _ in true })
      {
        wrong += 1
        let lineMax = text.split(separator: "\n", omittingEmptySubsequences: false).count + 1
        for fault in found.faults where !(1...lineMax).contains(fault.line) || fault.column < 1 || fault.message.isEmpty
        {
          Issue.record("seed \(seed): \(fault)")
        }
        #expect(!found.faults.isEmpty, "seed \(seed)")
      }
    }
    #expect(wrong > 1500, "only \(wrong) of 3000 damaged files were found wrong")
  }

  @Test("Damaged JSON gives cases or a fault, and what is read can be written and read again")
  func damagedJSON() throws {
    let file = try #require(try SampleCases.files().first { $0.file.hasSuffix(".json") })
    let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var (read, refused) = (0, 0)
    for seed in UInt64(0)..<2000 {
      var dice = SeededGenerator(seed: seed)
      do throws(WireFault) {
        let cases = try TestCaseDocument.read(Array(damaged(lines, &dice).utf8), flow: "appointment")
        let again = try TestCaseDocument.read(JSONObject.array(cases.map(JSONObject.testCase)), flow: "appointment")
        read += 1
        #expect(again == cases, "seed \(seed)")
      } catch {
        refused += 1
        #expect(!error.message.isEmpty, "seed \(seed)")
      }
    }
    #expect(read > 20 && refused > 1000, "read \(read), refused \(refused)")
  }

  private func damaged(_ lines: [String], _ dice: inout SeededGenerator) -> String {
    var damaged = lines
    for _ in 0..<Int.random(in: 1...3, using: &dice) where !damaged.isEmpty {
      let line = Int.random(in: 0..<damaged.count, using: &dice)
      var characters = Array(damaged[line])
      let column = Int.random(in: 0...characters.count, using: &dice)
      switch Int.random(in: 0..<6, using: &dice) {
      case 0: damaged.remove(at: line)
      case 1: damaged.insert(lines.randomElement(using: &dice) ?? "", at: line)
      case 2: damaged[line] = String(characters.prefix(column))
      case 3: damaged[line] = "  " + damaged[line]
      case 4 where !characters.isEmpty:
        characters.swapAt(min(column, characters.count - 1), Int.random(in: 0..<characters.count, using: &dice))
        damaged[line] = String(characters)
      default:
        characters.insert(contentsOf: Self.pieces.randomElement(using: &dice) ?? "", at: column)
        damaged[line] = String(characters)
      }
    }
    return damaged.joined(separator: "\n")
  }
}
