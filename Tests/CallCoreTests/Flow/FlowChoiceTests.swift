import CallCore
import Testing

@Suite("Flow: choices in what callers say")
struct FlowChoiceTests {
  private let drinks = SlotKind.choice(
    ["tea", "coffee"].map { SlotChoice($0, hear: [UtterancePattern($0)].compactMap(\.self)) })

  @Test(
    "Tea or coffee",
    arguments: [
      ("a cup of tea would be lovely", "tea"), ("coffee, black, two sugars", "coffee"), ("tea not coffee", "tea"),
      ("tea or coffee, i don't mind", nil), ("both please", nil), ("coffee no actually tea", "tea"),
      ("neither thanks", nil), ("no coffee for me", nil), ("what do you have", nil),
      ("decaf coffee if you've got it", "coffee"), ("just water please", nil), ("two coffees", "coffee"),
      ("coffee, yeah, coffee", "coffee"), ("half tea half coffee", nil), ("One tea, please, no sugar", "tea"),
      ("i don't drink tea", nil), ("i'm allergic to coffee", nil), ("tea", "tea"), ("Tea!", "tea"),
      ("not tea, coffee", "coffee"), ("tea or coffee", nil), ("tea no", nil), ("tea, no, coffee", "coffee"),
      ("tea without sugar", "tea"), ("tea no milk", "tea"), ("tea no sugar please", "tea"), ("tea and coffee", nil),
      ("coffee rather than tea", "coffee"), ("coffee instead of tea", "coffee"), ("instead of tea, coffee", "coffee"),
      ("I don't like tea", nil), ("I hate coffee", nil), ("the tea please", "tea"), ("tea if you have it", "tea"),
      ("if there's no tea then coffee", nil), ("not coffee", nil), ("never coffee", nil), ("no coffee thanks", nil),
      ("I said tea", "tea"), ("I meant tea", "tea"), ("tea I mean coffee", "coffee"), ("coffees", "coffee"),
      ("not coffees", nil), ("the other one", nil), ("either", nil), ("both", nil), ("tea, tea", "tea"),
      ("tea tea tea", "tea"), ("green tea", "tea"), ("tea with milk", "tea"), ("I'm not sure, tea", nil),
      ("tea I guess", "tea"), ("tea or maybe coffee", nil), ("half and half", nil), ("water", nil),
      ("except coffee", nil), ("wait tea", "tea"), ("tea wait coffee", "coffee"), ("tea but not coffee", "tea"),
      ("both tea and coffee", nil),
    ] as [(String, String?)])
  func chosen(words: String, value: String?) {
    #expect(drinks.value(said: words, today: nil) == value)
  }

  @Test(
    "Words of a choice may say what would else take it back",
    arguments: [
      ("no hurry", "low"), ("There is no hurry.", "low"), ("not urgent", "low"), ("urgent", "high"), ("not low", nil),
    ]
      as [(String, String?)])
  func negativeWords(words: String, value: String?) {
    let kind = SlotKind.choice([
      SlotChoice("high", hear: ["urgent", "high"].compactMap { UtterancePattern($0) }),
      SlotChoice("low", hear: ["no hurry", "not urgent", "low"].compactMap { UtterancePattern($0) }),
    ])
    #expect(kind.value(said: words, today: nil) == value)
  }
}
