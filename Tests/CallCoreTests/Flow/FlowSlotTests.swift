import CallCore
import Testing

@Suite("Flow: values in what callers say")
struct FlowSlotTests {
  @Test(
    "Four digits are heard however they are said or written",
    arguments: [
      "4711", "4,711", "47 11", "4-7-1-1", "4, 7, 1, 1.", "Four seven one one.", "forty seven eleven",
      "It's 4711, please.", "four thousand seven hundred eleven", "Four thousand seven hundred and eleven",
      "4 7 double 1",
      "Um, four... seven, one and one.", "47:11", "Forty-seven 11", "4712, no, 4711", "4 thousand 711",
      "I said 4711. 4711.", "fourty... sorry, four seven one one",
    ])
  func digits(words: String) {
    #expect(SlotKind.digits(4...4).value(said: words, today: nil) == "4711")
  }

  @Test(
    "Digits with zeros and repetitions",
    arguments: [
      ("double oh seven", "007"), ("one oh five", "105"), ("triple two", "222"), ("nought five nine", "059"),
      ("one hundred", "100"), ("o 4 2", "042"),
    ])
  func zeros(words: String, digits: String) {
    #expect(SlotKind.digits(3...3).value(said: words, today: nil) == digits)
  }

  @Test(
    "Homophones count between digits only", arguments: [("four to one one", "4211"), ("1 for 4 ate 5", nil as String?)])
  func homophones(words: String, digits: String?) {
    #expect(SlotKind.digits(4...4).value(said: words, today: nil) == digits)
  }

  @Test(
    "Digits are never invented",
    arguments: [
      "471", "47115", "", "I have two orders", "for 7 1 1", "4711 or 4712", "my number is for you", "May 3rd",
    ])
  func noDigits(words: String) {
    #expect(SlotKind.digits(4...4).value(said: words, today: nil) == nil)
  }

  @Test(
    "Numbers",
    arguments: [
      ("twelve", "12"), ("a hundred and five", "105"), ("3.5", "3.5"), ("three point five", "3.5"), ("minus two", "-2"),
      ("We are 4 people.", "4"), ("two thousand twenty six", "2026"), ("one million two hundred thousand", "1200000"),
      ("two, no, three", "3"), ("four or five", nil), ("the blue one", nil), ("nothing", nil),
    ] as [(String, String?)])
  func numbers(words: String, value: String?) {
    #expect(SlotKind.number(least: nil, most: nil).value(said: words, today: nil) == value)
  }

  @Test(
    "Numbers outside the limits do not count",
    arguments: [("0", nil), ("1", "1"), ("10", "10"), ("11", nil)] as [(String, String?)])
  func limits(words: String, value: String?) {
    #expect(SlotKind.number(least: 1, most: 10).value(said: words, today: nil) == value)
    #expect(SlotKind.number(least: 1, most: 10).value(pressed: words) == value)
  }

  @Test(
    "Dates are reckoned from today, Friday the first of May 2026",
    arguments: [
      ("today", "2026-05-01"), ("Tomorrow, please.", "2026-05-02"), ("the day after tomorrow", "2026-05-03"),
      ("Monday", "2026-05-04"), ("this Monday", "2026-05-04"), ("next Monday", "2026-05-04"), ("Friday", "2026-05-08"),
      ("next Friday", "2026-05-08"), ("next Sunday", "2026-05-10"), ("Sunday", "2026-05-03"),
      ("the third of May", "2026-05-03"), ("May 3rd", "2026-05-03"), ("May the third", "2026-05-03"),
      ("On May 3.", "2026-05-03"), ("3 May", "2026-05-03"), ("April 30th", "2027-04-30"),
      ("the twenty third of May", "2026-05-23"), ("May twenty-third, 2027", "2027-05-23"),
      ("May third twenty twenty seven", "2027-05-03"), ("Monday the 11th of May", "2026-05-11"),
      ("in three days", "2026-05-04"), ("in two weeks", "2026-05-15"), ("in a week", "2026-05-08"),
      ("the 23rd", "2026-05-23"), ("on the thirty first", "2026-05-31"), ("2026-06-01", "2026-06-01"),
      ("5/23", "2026-05-23"), ("23/5", "2026-05-23"), ("Monday, no, Tuesday", "2026-05-05"),
      ("February 29th", "2028-02-29"),
    ])
  func dates(words: String, iso: String) {
    #expect(SlotKind.date.value(said: words, today: CalendarDate("2026-05-01")) == iso)
  }

  @Test(
    "Dates are never invented",
    arguments: ["the 31st of February", "Monday or Tuesday", "I may come", "5/3", "soon", "the first time", "at three"])
  func noDates(words: String) {
    #expect(SlotKind.date.value(said: words, today: CalendarDate("2026-05-01")) == nil)
    #expect(SlotKind.date.value(said: words, today: nil) == nil)
  }

  @Test(
    "Without today a date stays in words that can be said",
    arguments: [
      ("tomorrow", "tomorrow"), ("next monday please", "next Monday"), ("May 3rd", "the third of May"),
      ("the day after tomorrow", "the day after tomorrow"), ("in a week", "in seven days"),
      ("the 23rd", "the twenty third"),
    ])
  func datesInWords(words: String, phrase: String) {
    #expect(SlotKind.date.value(said: words, today: nil) == phrase)
  }

  @Test(
    "Times of day",
    arguments: [
      ("half past three", "15:30"), ("Half past 3.", "15:30"), ("half three", "15:30"), ("3 p.m.", "15:00"),
      ("3pm", "15:00"), ("3:30", "15:30"), ("03:30", "03:30"), ("3.30", "15:30"), ("330 pm", "15:30"),
      ("three thirty in the afternoon", "15:30"), ("three thirty in the morning", "03:30"), ("noon", "12:00"),
      ("midnight", "00:00"), ("twelve", "12:00"), ("12 a.m.", "00:00"), ("quarter to four", "15:45"),
      ("a quarter past nine", "09:15"), ("ten past eleven", "11:10"), ("twenty five to six", "17:35"),
      ("three o'clock", "15:00"), ("At three.", "15:00"), ("nine oh five", "09:05"), ("15:30", "15:30"),
      ("fifteen thirty", "15:30"), ("eight in the evening", "20:00"), ("10 at night", "22:00"),
      ("tomorrow at half past three", "15:30"), ("quarter to one", "12:45"), ("ten to nine", "08:50"),
      ("At 8 a.m., please.", "08:00"), ("eleven fifteen", "11:15"), ("at three tomorrow morning", "03:00"),
      ("at two, no, at three", "15:00"), ("How about around ten?", "10:00"),
    ])
  func times(words: String, time: String) {
    #expect(SlotKind.time.value(said: words, today: nil) == time)
  }

  @Test(
    "Times are never invented",
    arguments: [
      "in three days", "we are three people", "between three and four", "25:00", "I am late", "15:30 in the morning",
    ])
  func noTimes(words: String) {
    #expect(SlotKind.time.value(said: words, today: nil) == nil)
  }

  @Test(
    "Keyed times", arguments: [("1530", "15:30"), ("930", "09:30"), ("2460", nil), ("9", nil)] as [(String, String?)])
  func keyedTimes(keys: String, time: String?) {
    #expect(SlotKind.time.value(pressed: keys) == time)
  }

  @Test(
    "Yes",
    arguments: [
      "Yes.", "Yeah, that's right", "uh-huh", "Correct!", "No problem.", "of course", "it is", "Yep", "Please.",
    ])
  func yes(words: String) {
    #expect(SlotKind.yesNo.value(said: words, today: nil) == "yes")
  }

  @Test(
    "No",
    arguments: [
      "No.", "Nope", "That's not right.", "no, it isn't", "It is not.", "I don't", "Know.", "not quite", "wrong",
    ])
  func no(words: String) {
    #expect(SlotKind.yesNo.value(said: words, today: nil) == "no")
  }

  @Test(
    "Neither yes nor no", arguments: ["I don't know", "Not sure.", "Tuesday", "", "I know him well", "repeat, please"])
  func neither(words: String) {
    #expect(SlotKind.yesNo.value(said: words, today: nil) == nil)
  }

  @Test(
    "Names lose what stands around them",
    arguments: [
      ("My name is Ada Lovelace.", "Ada Lovelace"), ("It's Alan", "Alan"), ("this is grace hopper", "Grace Hopper"),
      ("O'Neill.", "O'Neill"), ("um, Jean-Luc Picard, please", "Jean-Luc Picard"), ("I'm Noor.", "Noor"),
    ])
  func names(words: String, name: String) {
    #expect(SlotKind.name.value(said: words, today: nil) == name)
  }

  @Test("A sentence is no name", arguments: ["I would like to speak to somebody else now", "...", "my name is"])
  func noNames(words: String) {
    #expect(SlotKind.name.value(said: words, today: nil) == nil)
  }

  private let colours = SlotKind.choice([
    SlotChoice("red", hear: ["red", "crimson"].compactMap { UtterancePattern($0) }, keys: "1"),
    SlotChoice("dark red", hear: ["dark red", "burgundy"].compactMap { UtterancePattern($0) }, keys: "2"),
    SlotChoice("turquoise", hear: ["turquoise"].compactMap { UtterancePattern($0) }),
  ])

  @Test(
    "A choice is the longest that fits, then the only one that nearly does",
    arguments: [
      ("Crimson, please.", "red"), ("Dark red.", "dark red"), ("turquois", "turquoise"), ("turquoize", "turquoise"),
      ("reddish", nil), ("blue", nil), ("no, burgundy", nil), ("red, no, burgundy", "dark red"),
    ] as [(String, String?)])
  func choices(words: String, value: String?) {
    #expect(colours.value(said: words, today: nil) == value)
  }

  @Test("Keys choose too", arguments: [("1", "red"), ("2", "dark red"), ("3", nil)] as [(String, String?)])
  func keyedChoices(keys: String, value: String?) {
    #expect(colours.value(pressed: keys) == value)
  }

  @Test("A calendar day and its number belong together from 1999 to 2101")
  func calendar() throws {
    let first = try #require(CalendarDate("1999-12-28"))
    var previous = first
    for days in 1...37_000 {
      let day = try #require(first.adding(days: days))
      #expect(day.dayNumber == first.dayNumber + days)
      #expect(day.weekday == (previous.weekday + 1) % 7)
      #expect(CalendarDate(day.iso) == day)
      previous = day
    }
    #expect(previous.iso == "2101-04-17")
    #expect(CalendarDate("2026-05-01")?.weekdayName == "Friday")
  }
}
