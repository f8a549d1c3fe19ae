import CallCore
import Testing

@Suite("Flow: numbers in what callers say")
struct FlowNumberTests {
  @Test(
    "Numbers, and what leaves a number open",
    arguments: [
      ("a hundred and five", "105"), ("point five", "0.5"), ("three point one four", "3.14"), ("minus two", "-2"),
      ("one million two hundred thousand", "1200000"), ("twelve hundred", "1200"), ("1,200", "1200"),
      ("1,200.50", "1200.50"), ("fifty percent", "50"), ("zero", "0"),
      ("three hundred thousand four hundred and two", "300402"), ("two hundred and fifty pounds", "250"),
      ("seventeen point two five", "17.25"), ("a hundred and twenty over eighty", nil),
      ("thirty eight and a half", "38.5"), ("it was thirty seven no thirty eight point one", "38.1"),
      ("three and a quarter", "3.25"), ("one and a half tablets", "1.5"),
      ("somewhere between fifty and a hundred", nil), ("fifty or sixty", nil), ("less than a thousand", nil),
      ("at least twenty", nil), ("fifteen hundred dollars", "1500"), ("not five hundred, five thousand", "5000"),
      ("sixty, no sorry, sixteen", "16"), ("everything that's in the account", nil), ("i'm not sure how much", nil),
      ("minus twelve degrees", "-12"), ("zero point zero five", "0.05"), ("12.5 kg", "12.5"), ("five foot eleven", nil),
      ("three thousand four hundred and twenty dollars and no cents", "3420"),
      ("a hundred pounds, for my three daughters", "100"), ("half a million", "500000"), ("twenty-odd", nil),
      ("20 to 30 milligrams", nil), ("forty something", nil), ("up to eighty", nil),
      ("thirty six point six, i measured it twice", "36.6"), ("one point two million", "1200000"), ("$1,899", "1899"),
      ("more than last time", nil), ("no, nine hundred and nine, not nineteen", "909"),
      ("two hundred thousand", "200000"), ("20k", "20000"), ("two and a half million", "2500000"),
      ("a quarter of a million", nil), ("two thirds", nil), ("two and a third", nil), ("two and a quarter", "2.25"),
      ("minus point five", "-0.5"), ("negative three point two", "-3.2"), ("zero point five", "0.5"),
      ("the second one", nil), ("the blue one", nil), ("a small one", nil), ("hundred and five", "105"),
      ("one hundred", "100"), ("hundreds", nil), ("three thousand and one", "3001"), ("18 plus", nil),
      ("five or more", nil), ("twenty five", "25"), ("not twenty five", nil), ("not twenty five but thirty", "30"),
      ("no, thirty", "30"), ("thirty, no", nil), ("thirty, no, wait", nil), ("thirty, sorry", "30"),
      ("thirty, sorry, forty", "40"), ("either thirty or forty", nil), ("thirty to forty", nil),
      ("between thirty and forty", nil), ("over thirty", nil), ("just under thirty", nil), ("nearly thirty", nil),
      ("exactly thirty", "30"), ("thirty exactly", "30"), ("thirty please", "30"), ("number seven", "7"),
      ("option three", "3"), ("five times two", nil), ("two plus two", nil), ("twelve thirty", nil), ("1 2 3", nil),
      ("5/3", nil), ("7:30", nil), ("3rd", nil), ("five percent", "5"), ("5%", "5"), ("ten euros fifty", nil),
      ("ten I think", "10"), ("two dozen", "24"), ("three dozen eggs", "36"), ("1,234,567", "1234567"),
      ("1.5 million", "1500000"), ("one billion", "1000000000"), ("twenty grand", "20000"),
      ("a thousand and one nights", "1001"), ("nineteen ninety", nil), ("１２", "12"), ("٣", "3"),
      ("a couple hundred", nil), ("a few hundred", nil), ("double five", nil), ("less than ten", nil),
      ("no less than ten", nil), ("ten at the most", nil), ("ten minimum", nil), ("minimum ten", nil),
      ("a maximum of ten", nil), ("ten, eleven", nil), ("ten ten", "10"), ("if possible ten", "10"),
      ("instead of ten, twelve", "12"), ("twelve instead of ten", "12"), ("twelve rather than ten", "12"),
      ("anything but ten", nil), ("ten, not twelve", "10"), ("two kids and three adults", nil),
      ("two hundred fifty", "250"), ("point", nil), ("minus", nil), ("half", nil), ("one and a half", "1.5"),
      ("five and a bit", nil), ("seven eighths", nil), ("twenty-five point seven five", "25.75"), ("99.99", "99.99"),
      ("$20", "20"), ("20 dollars", "20"), ("thirty years old", "30"), ("I'm thirty", "30"), ("three of them", "3"),
      ("all three", "3"),
    ] as [(String, String?)])
  func numbers(words: String, value: String?) {
    #expect(SlotKind.number(least: nil, most: nil).value(said: words, today: nil) == value)
  }

  @Test(
    "Counts from 1 to 12",
    arguments: [
      ("a dozen", "12"), ("a couple", "2"), ("a pair", "2"), ("just one", "1"), ("only the one", "1"),
      ("two or three", nil), ("two, three", nil), ("twelve", "12"), ("not two, three", "3"),
      ("me and my wife, so two", "2"), ("there are four of us", "4"), ("for two", "2"), ("thirteen", nil),
      ("there'll be six of us", "6"), ("just me", "1"), ("half a dozen", "6"), ("eleven, sorry, twelve", "12"),
      ("seven or eight, depending on my brother", nil), ("eight at most", nil), ("at least five", nil),
      ("there are fifteen of us", nil), ("zero", nil), ("a few", nil), ("several parcels", nil),
      ("five boxes not ten", "5"), ("we were going to be nine but now it's ten", "10"), ("three. yeah, three.", "3"),
      ("party of 9", "9"), ("the second one", nil), ("one point five", nil), ("from four to six people", nil),
      ("it's four, isn't it", "4"), ("the usual", nil), ("as many as you can", nil), ("let me think um five", "5"),
      ("only one i'm afraid", "1"), ("two no three no four", "4"), ("seven including the kids", "7"),
      ("no more than three", nil), ("we haven't decided yet", nil), ("not twelve, that was last year", nil),
      ("me and two friends", nil), ("me plus one", nil), ("two adults and one child", nil), ("one", "1"),
      ("just the one", "1"), ("one please", "1"), ("one ticket", "1"), ("I'd like one", "1"), ("this one", nil),
      ("another one", nil), ("one more", nil), ("two more", nil), ("a pair of tickets", "2"),
      ("a couple of tickets", "2"), ("five, actually six", "6"), ("it was five but now six", "6"),
      ("five but not six", "5"), ("five people at seven o'clock", "5"), ("at seven for five people", "5"),
      ("a table for four at seven", "4"), ("twelve or thirteen", nil), ("for my wife and my two kids", nil),
      ("one and two", nil), ("minus one", nil), ("ten if not twelve", nil), ("not ten", nil),
      ("no not ten, eleven", "11"), ("at most ten", nil), ("more than five", nil), ("five max", nil),
      ("only five", "5"), ("five only", "5"), ("five seats", "5"), ("5 seats.", "5"), ("party of five", "5"),
      ("the party of five", "5"), ("same as last time", nil), ("two to four", nil), ("2-4", nil), ("2 - 4 people", nil),
      ("10th", nil), ("only two, not three", "2"), ("two not three", "2"), ("oh, two", "2"), ("too many", nil),
      ("one two three four", nil),
    ] as [(String, String?)])
  func counts(words: String, value: String?) {
    #expect(SlotKind.number(least: 1, most: 12).value(said: words, today: nil) == value)
  }
}
