import FoundationEssentials
import Testing

/// The drawing in `Sources/ARCHITECTURE.md` and the machine must agree: every step that random calls take is drawn, and every
/// step that is drawn is taken.
@Suite("The phases in ARCHITECTURE.md are those of the code")
struct PhaseDiagramTests {
  @Test("Same steps on both sides")
  func diagramAgrees() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Sources/ARCHITECTURE.md")
    let drawn = Set(
      try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
        let words = line.split(separator: " ")
        return words.count == 3 && words[1] == "-->" ? "\(words[0])→\(words[2])" : nil
      })
    var taken: Set<String> = []
    for seed in 0..<3000 {
      var call = RandomCall(seed: UInt64(seed))
      call.run(events: 300)
      taken.formUnion(call.steps)
    }
    #expect(taken.subtracting(drawn).sorted() == [], "taken, but not drawn")
    #expect(drawn.subtracting(taken).sorted() == [], "drawn, but never taken")
  }
}
