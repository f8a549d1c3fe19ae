import CallCore
import Simulation
import Testing
import Wires

@Suite("What is told of the agent's words, and what is heard")
struct ComparedWordsTests {
  private static let told = "We are open from nine in the morning until half past five."

  private static let lie =
    "Thank you for calling, I have booked the twelfth of March at nine in the morning for you, and I look forward to it."

  private static let rows: [(name: String, told: [String], heard: [String], differs: Bool)] = [
    ("the same", [told], [told], false),
    ("one word of twelve", [told], ["We are open from nine in the morning until half past four."], false),
    ("three of twelve", [told], ["We are closed from nine in the evening until half past four."], true),
    (
      "digits", ["Your number is eight four nine, seven three six, I repeat."], ["Your number is 849-736, I repeat."],
      false
    ),
    (
      "one long lie in a true call", [told, told, told, told, lie],
      [told, told, told, told, "Good morning, this is the Harbour Clinic, and we are closed until Monday next week."],
      true
    ),
    ("short ones are judged together", ["At what time?", told], ["At a time?", told], false),
    ("a few words alone say nothing", ["At what time?"], ["Good morning."], false),
    ("short ones, all wrong", Array(repeating: "At what time?", count: 5), Array(repeating: "No.", count: 5), true),
  ]

  @Test("over 20 % of the words is a finding", arguments: rows.indices)
  func differences(index: Int) {
    let row = Self.rows[index]
    var evidence = CallEvidence(mode: .live)
    evidence.wire = .realtime
    evidence.comparedWords = zip(row.told, row.heard).map { ComparedWords(at: .zero, told: $0, heard: $1) }
    evidence.noteDifference()
    #expect(evidence.findings.map(\.code) == (row.differs ? [.wordsDiffer] : []), "\(row.name)")
    if let finding = evidence.findings.first { #expect(finding.offset == nil && finding.text.contains("told “")) }
  }
}
