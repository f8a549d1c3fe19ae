import CallCore
import Testing

@Suite("Flow: digits in what callers say")
struct FlowDigitTests {
  @Test(
    "Four digits",
    arguments: [
      ("double five one two", "5512"), ("oh-seven double three", "0733"), ("triple zero one", "0001"),
      ("double zero seven one", "0071"), ("double oh seven one", "0071"), ("forty seven eleven", "4711"),
      ("four thousand seven hundred and eleven", "4711"), ("forty-seven hundred", "4700"),
      ("seventy one oh one", "7101"), ("twenty oh five", "2005"), ("one thousand and one", "1001"),
      ("nineteen hundred and five", "1905"), ("twenty-one hundred", "2100"), ("one two three", nil),
      ("one two three four five", nil), ("4-7-1-1", "4711"), ("4 7 1 1.", "4711"), ("four seven... one... one", "4711"),
      ("four seven one one, I think", "4711"), ("four seven one one no sorry four seven one two", "4712"),
      ("the number is number four seven one one", "4711"), ("four seven one won", "4711"),
      ("four seven eleven", "4711"), ("not four seven one one but four seven one two", "4712"),
      ("my PIN has four digits and it is 4711", "4711"), ("one of my orders is 4711", "4711"),
      ("zero four seven one", "0471"), ("O four seven one", "0471"), ("０４７１", "0471"),
      ("four four double four", "4444"), ("the last four are nine oh two six", "9026"), ("ninety nine sixteen", "9916"),
      ("triple six four", "6664"), ("it ends in two seven zero three", "2703"), ("3961, that's 3 9 6 1", "3961"),
      ("six two eight", nil), ("six two eight and i can't read the last one", nil),
      ("seven seven, two or three, one", nil), ("it's either 1490 or 1940", nil), ("1490 no sorry 1940", "1940"),
      ("three three four, no, three three five eight", "3358"), ("it's not 2210 any more", nil),
      ("i don't remember my pin", nil), ("my daughter is fourteen and the pin is 8350", "8350"),
      ("oh oh four two", "0042"), ("nought nine nought five", "0905"), ("nineteen eighty four", "1984"),
      ("five hundred", nil), ("five five double nine", "5599"), ("um it's seven uh three uh three zero", "7330"),
      ("the code is four four one nine, as in four four one nine", "4419"), ("somewhere between 1000 and 2000", nil),
      ("i'd rather not say that out loud", nil), ("three eight, then a zero, then a one", "3801"),
      ("two thousand and eighteen", "2018"), ("zero zero double one, same as on my old card", "0011"),
      ("five digits it's six six one two nine", nil), ("oh, 4711", "4711"),
      ("four seven one one four seven one one", "4711"), ("4711 or 4712", nil), ("not 4711", nil),
      ("4711 is wrong", nil), ("4711, no", nil), ("4711, no, 4712", "4712"), ("no, 4712", "4712"),
      ("4711 not 4712", "4711"), ("4711 instead of 4712", "4711"), ("I think it's 4711", "4711"),
      ("I'm not sure, 4711", nil), ("four seven one", nil), ("four seven one something", nil),
      ("starts with 4711", nil), ("4711 and something", nil), ("between 4711 and 4720", nil),
      ("from 4711 to 4720", nil), ("about 4711", nil), ("how about 4711", "4711"),
      ("one of my two cards ends in 4711", "4711"), ("I have two cards, 4711 and 4712", nil),
      ("forty seven hundred and eleven", "4711"), ("one hundred five six", "1056"), ("eight hundred and five", nil),
      ("fifteen oh two", "1502"), ("ten sixty six", "1066"), ("nineteen hundred", "1900"), ("two thousand", "2000"),
      ("twenty twenty", "2020"), ("twenty twenty six", "2026"), ("double seven double eight", "7788"),
      ("seven double eight nine", "7889"), ("four zeros", "0000"), ("three ones two", "1112"),
      ("triple one two", "1112"), ("1 2 3 4 5", nil), ("123", nil), ("four, seven, one, one.", "4711"),
      ("4.7.1.1", "4711"), ("4711!", "4711"), ("47-11", "4711"), ("47 11", "4711"),
      ("the old one was 4711 the new one is 4712", nil), ("the one is 4711", "4711"),
      ("my house number is 12 and my pin is 4711", "4711"), ("it's 4711 for two people", "4711"), ("4 7 1 1 2", nil),
      ("niner niner one two", "9912"), ("four too one one", "4211"), ("for for one one", nil),
      ("can you repeat that", nil), ("one moment", nil), ("one second please", nil), ("I lost it", nil),
      ("I don't have it", nil), ("four seven one question mark", nil), ("4711 4712", nil), ("4711, 4712", nil),
      ("four or five seven one one", nil), ("4711 hang on 4712", "4712"), ("4711 hang on", nil), ("wait 4711", "4711"),
      ("four seven and then one one", "4711"), ("4 and 7 and 1 and 1", "4711"), ("at 4 30 pm", nil),
      ("five minutes", nil), ("twelve hundred", "1200"), ("seven thousand two hundred and fifty four", "7254"),
      ("7 thousand 254", "7254"),
    ] as [(String, String?)])
  func four(words: String, value: String?) {
    #expect(SlotKind.digits(4...4).value(said: words, today: nil) == value)
  }

  @Test(
    "Telephone numbers of ten digits",
    arguments: [
      ("five five five, oh one double two, three four five", "5550122345"), ("555-012-2345", "5550122345"),
      ("(555) 012-2345", "5550122345"), ("five five five oh one two two three four five extension nine", "5550122345"),
      ("plus one 555 012 2345", "5550122345"), ("five fifty-five, zero twelve, twenty-three forty-five", "5550122345"),
      ("eight hundred five five five one two one two", "8005551212"), ("212 555 0187", "2125550187"),
      ("four one five, five five five, oh one three six", "4155550136"),
      ("area code six one seven, then five five five oh one nine eight", "6175550198"),
      ("my number's 303-555-0142", "3035550142"), ("+1 (702) 555-0111", "7025550111"),
      ("five five five oh one nine eight", nil), ("oh two oh seven nine four six oh nine one eight", nil),
      ("nine seven two, triple five, zero one double four", "9725550144"), ("202.555.0163", "2025550163"),
      ("the same number i'm calling from", nil), ("you can reach me at 404 555 0175 after six", "4045550175"),
      ("call my wife on 503 555 0190, not on my old number", "5035550190"),
      ("it's 617 555 0101, or try 617 555 0102", nil),
      ("five one two... five five five... oh one... uh... two two", "5125550122"),
      ("i've only got the first six digits, 8 1 3 5 5 5", nil), ("800 555 1212", "8005551212"),
      ("eight hundred, five five five, twelve twelve", "8005551212"),
      ("nine hundred five five five one two one two", "9005551212"), ("one 800 555 1212", "8005551212"),
      ("1-800-555-1212", "8005551212"), ("+1 800 555 1212 ext 12", "8005551212"),
      ("800 555 1212 extension 345", "8005551212"), ("555 1212", nil), ("212 555 0187 or 212 555 0188", nil),
      ("it's two one two, five five five, oh one eight seven", "2125550187"),
      ("two one two triple five zero one eight seven", "2125550187"),
      ("two one two five fifty five oh one eighty seven", "2125550187"), ("(212)555-0187", "2125550187"),
      ("212/555/0187", "2125550187"), ("2125550187", "2125550187"), ("2125550187 thanks", "2125550187"),
      ("my wife's is 212 555 0187 and mine is 212 555 0188", nil), ("02079460918", nil), ("44 20 7946 0918", nil),
    ] as [(String, String?)])
  func ten(words: String, value: String?) {
    #expect(SlotKind.digits(10...10).value(said: words, today: nil) == value)
  }

  @Test(
    "Three to eight digits",
    arguments: [
      ("customer number is four four nine", "449"), ("order 20 61 778", "2061778"),
      ("account one oh oh three eight eight two", "1003882"), ("twelve thousand three hundred and forty", "12340"),
      ("tracking number 0 0 7 1 4 4 2 9", "00714429"), ("parcel number six one", nil),
      ("nine one two three four five six seven eight", nil), ("it's booking five seventy two", "572"),
      ("double eight double one double six", "881166"), ("two parcels, and the number is 60417", "60417"),
      ("i have three orders, which one do you mean", nil), ("sort code 40-12-76", "401276"),
      ("55512 no wait 55521", "55521"), ("member 8 0 3 3, the new card not the old one", "8033"),
      ("seven one one nine dash four", "71194"), ("i'm afraid i lost the slip", nil),
      ("it starts with four oh six", nil), ("something like six thousand and something", nil),
      ("three oh four or three oh five, the ink has run", nil), ("not order 7718, the other one", nil),
      ("i meant 9920, not 9902", "9920"), ("one two three", "123"), ("twelve", nil), ("nine hundred", "900"),
      ("five hundred and one", "501"), ("5 hundred 1", "501"), ("five hundred one two", nil), ("one one", nil),
      ("I have 300 dollars and order 4711", nil), ("order number 4711 from 2024", nil),
      ("4711, it was two books", "4711"), ("two books, 4711", "4711"), ("between 100 and 200", nil),
      ("100 to 200", nil), ("123 456", "123456"), ("123, 456, 78", "12345678"), ("123 456 789", nil),
      ("123 no 124", "124"), ("123, sorry, 124", "124"), ("123, I mean 124", "124"), ("123 actually 124", "124"),
      ("12 3", "123"), ("double oh seven", "007"), ("oh oh seven", "007"), ("one thousand", "1000"),
      ("the number is one two three", "123"), ("number one two three", "123"), ("number one", nil),
    ] as [(String, String?)])
  func threeToEight(words: String, value: String?) {
    #expect(SlotKind.digits(3...8).value(said: words, today: nil) == value)
  }

  @Test(
    "One digit or several are mended while a number is confirmed",
    arguments: [
      ("no, the last one's a two", "4712?"), ("The last digit is 2, not 1", "4712?"),
      ("the second digit should be eight", "4811?"), ("the last two are three four", "4734?"),
      ("no, the first two digits are double five", "5511?"), ("the last two digits are 34 instead of 11", "4734?"),
      ("the fifth digit is two", "Sorry, I did not get that. 4711?"), ("the last digit is wrong", "What order?"),
    ])
  func mended(words: String, question: String) {
    var harness = FlowHarness.begun([collect("order", .digits(4...4), confirm: ["{order}?"]), end("done")])
    harness.handle(.said("4711"))
    harness.handle(.said(words))
    #expect(harness.said == [question])
  }
}
