import CallCore
import Testing

@Suite("Flow: the same words mean the same")
struct FlowHearingTests {
  private static let kinds: [SlotKind] = [
    .digits(4...4), .digits(10...10), .digits(3...8), .number(least: nil, most: nil), .number(least: 1, most: 12),
    .yesNo,
    .choice(["tea", "coffee"].map { SlotChoice($0, hear: [UtterancePattern($0)].compactMap(\.self)) }),
  ]

  private static let vocabulary = """
    yes no not right wrong maybe sorry wait actually i mean or and but if one two three four five eleven twenty forty hundred thousand
    point half a an dozen double oh the last digit is it its that this my for to please tea coffee without instead of about at least
    than more dont doesnt work problem sure absolutely what 4711 12 3.5 1,200 seven sevens extension anna miller
    """.split { $0.isWhitespace }.map(String.init)

  /// Lines of up to 60 words without any sense, the same in every run.
  private static let lines: [String] = {
    var state: UInt64 = 15
    func next(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    return (0..<300).map { _ in
      (0...next(next(2) == 0 ? 8 : 60)).map { _ in vocabulary[next(vocabulary.count)] }.joined(separator: " ")
    }
  }()

  @Test("in any case and with any punctuation")
  func writing() {
    var different: [String] = []
    for line in Self.lines {
      let variants = [line.uppercased(), line + "!", "… " + line, line.replacing(" ", with: "  ")]
      for kind in Self.kinds {
        let value = kind.value(said: line, today: nil)
        for variant in variants where kind.value(said: variant, today: nil) != value { different.append(variant) }
      }
      let name = SlotKind.name.value(said: line, today: nil)?.lowercased()
      for variant in variants where SlotKind.name.value(said: variant, today: nil)?.lowercased() != name {
        different.append(variant)
      }
    }
    #expect(different == [])
  }

  @Test("and stories are no value")
  func stories() {
    let story = "four seven one one " + String(repeating: "and then we went home ", count: 40)
    for kind in Self.kinds { #expect(kind.value(said: story, today: nil) == nil) }
    #expect(SlotKind.name.value(said: story, today: nil) == nil)
  }
}
