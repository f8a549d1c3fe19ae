import CallCore
import Testing

@Suite("Flow: texts with variables")
struct FlowTextTests {
  @Test(
    "Places are filled and filtered",
    arguments: [
      ("Order {order | digits} is {state}.", "Order four seven one one is late."), ("{ order }", "4711"),
      ("{missing}!", "!"), ("At {time | spoken}", "At half past three"),
      ("On {day|spoken}", "On tomorrow, Saturday the second of May"),
      ("{\"order\": \"{order}\"}", "{\"order\": \"4711\"}"), ("{not a place} {", "{not a place} {"),
    ])
  func rendered(source: String, text: String) {
    let values = ["order": "4711", "state": "late", "time": "15:30", "day": "2026-05-02", "today": "2026-05-01"]
    #expect(FlowText(source).rendered(with: values) == text)
  }

  @Test(
    "A brace that belongs to no place is seen", arguments: [("Hi {name}", false), ("Hi {na me}", true), ("Hi }", true)])
  func stray(source: String, hasStrayBrace: Bool) {
    #expect(FlowText(source).hasStrayBrace == hasStrayBrace)
  }

  @Test(
    "Times are said so that hearing them gives the same time again",
    arguments: (0..<24).flatMap { hour in [0, 5, 15, 20, 30, 45, 59].map { (hour, $0) } })
  func roundTrip(hour: Int, minute: Int) throws {
    let value = (hour < 10 ? "0" : "") + "\(hour):" + (minute < 10 ? "0" : "") + "\(minute)"
    let words = try #require(SpokenForm.time(value))
    #expect(SlotKind.time.value(said: words, today: nil) == value, "\(words)")
  }

  @Test(
    "Dates are said as people say them",
    arguments: [
      ("2026-05-01", "today, Friday the first of May"), ("2026-05-02", "tomorrow, Saturday the second of May"),
      ("2026-05-05", "Tuesday the fifth of May"),
      ("2026-05-23", "Saturday the twenty third of May"), ("2027-05-03", "Monday the third of May twenty twenty seven"),
      ("next Monday", "next Monday"), ("10:00:00", "ten o'clock"),
      ("2026-05-02T15:30", "tomorrow, Saturday the second of May at half past three"),
      ("2026-05-23T10:00:00Z", "Saturday the twenty third of May at ten o'clock"),
      ("2026-05-02T15:30:00.250+02:00", "tomorrow, Saturday the second of May at half past three"),
      ("2026-05-23 10:00", "Saturday the twenty third of May at ten o'clock"), ("2026-05-23T", "2026-05-23T"),
      ("2026-05-23T10:00 or so", "2026-05-23T10:00 or so"),
    ])
  func dates(value: String, words: String) {
    #expect(SpokenForm.of(value, today: CalendarDate("2026-05-01")) == words)
  }

  @Test(
    "Digits are read in groups",
    arguments: [
      ("4711", "four seven one one"), ("471123", "four seven one, one two three"), ("A4-711", "A four seven, one one"),
      ("12345678", "one two three, four five six, seven eight"), ("", ""),
    ])
  func digits(value: String, words: String) {
    #expect(SpokenForm.digits(of: value) == words)
  }
}
