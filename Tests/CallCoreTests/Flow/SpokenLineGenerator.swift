import CallCore

/// Lines made of phrases that name a value and of what callers put around them.
enum SpokenLineGenerator {
  /// The same lines each time.
  static func lines(of kind: String) -> [SpokenLine] {
    let said = phrases(of: kind)
    guard !said.isEmpty else { return [] }
    var lines: [SpokenLine] = []
    for (index, frame) in frames(of: kind).enumerated() {
      // Each frame with a few values; the other value is of a phrase that names all of it.
      for step in 0..<3 {
        let this = said[(index * 7 + step * 5) % said.count]
        let other = said[(index * 7 + step * 5 + 3) % said.count]
        guard this.value != other.value else { continue }
        let text = frame.text.replacing("{x}", with: this.phrase).replacing("{y}", with: other.phrase)
        lines.append(SpokenLine(kind: kind, text: text, right: [frame.keeps ? this.value : nil]))
      }
    }
    return lines
  }

  private struct Frame {
    let text: String
    /// Whether `{x}` is what the caller means; else nothing can be kept.
    let keeps: Bool
  }

  private static func frames(of kind: String) -> [Frame] {
    let given = ["{x}", "{x} please", "um, {x}", "it's {x}", "I'd say {x}", "{x}, thank you"]
    let corrected = [
      "{y}, no, {x}", "{y}, sorry, {x}", "{y}, I mean {x}", "{y}. Actually, {x}", "{y}, no wait, {x}",
      "not {y} but {x}",
    ]
    let open = ["{x} or {y}", "not {x}", "either {x} or {y}", "{x}, no", "anything but {x}"]
    let ordered = [
      "before {x}", "after {x}", "between {x} and {y}", "from {x} to {y}", "{x} doesn't work for me", "not {x} or {y}",
    ]
    let scheduled = [
      "how about {x}", "could we do {x}", "{x} would be great", "{x} works for me", "{x}, not {y}",
      "{y} doesn't work, {x} does",
    ]
    switch kind {
    case "date", "time":
      return (given + scheduled + corrected).map { Frame(text: $0, keeps: true) }
        + (open + ordered).map { Frame(text: $0, keeps: false) }
    case "yes-no":
      return ["{x}", "{x} please", "um, {x}", "well, {x}", "{x}, thank you"].map { Frame(text: $0, keeps: true) }
        + ["I don't know", "{x} and {y}", "{x}, or maybe {y}"].map { Frame(text: $0, keeps: false) }
    case "name":
      return [
        "{x}", "My name is {x}", "It's {x}", "this is {x}", "Hi, this is {x}", "{x} speaking", "{x} is my name",
        "I'm {x}", "Sure, it's {x}",
        "{y}, sorry, {x}",
      ].map { Frame(text: $0, keeps: true) }
    default:
      return (given + corrected).map { Frame(text: $0, keeps: true) } + open.map { Frame(text: $0, keeps: false) }
    }
  }

  /// Ways to name values; those whose neighbours differ in value.
  private static func phrases(of kind: String) -> [(phrase: String, value: String)] {
    switch kind {
    case "date": dates
    case "time": times
    case "digits4":
      [
        ("four seven one one", "4711"), ("double oh seven three", "0073"), ("twenty three eighteen", "2318"),
        ("9-8-2-5", "9825"),
        ("6 0 6 4", "6064"), ("three thousand and twelve", "3012"), ("eight triple five", "8555"),
        ("nineteen oh four", "1904"),
      ]
    case "digits10":
      [
        ("five five five, oh one two, three four five six", "5550123456"), ("415 555 2671", "4155552671"),
        ("(212) 555-0187", "2125550187"),
        ("eight hundred five five five one two three four", "8005551234"),
        ("six oh two triple five oh one nine two", "6025550192"),
      ]
    case "digits3-8":
      [
        ("four seven one", "471"), ("eight oh two two", "8022"), ("1 2 9 9 3", "12993"),
        ("seventy seven double four oh", "77440"), ("60616263", "60616263"),
      ]
    case "number":
      [
        ("forty two", "42"), ("a hundred and five", "105"), ("three point five", "3.5"), ("1,250", "1250"),
        ("minus seven", "-7"), ("nineteen", "19"),
        ("two thousand", "2000"), ("0.75", "0.75"),
      ]
    case "count":
      [
        ("four", "4"), ("a dozen", "12"), ("7", "7"), ("a couple", "2"), ("eleven", "11"), ("nine", "9"),
        ("three", "3"),
      ]
    case "yes-no":
      [
        ("yes", "yes"), ("no", "no"), ("that's right", "yes"), ("that's wrong", "no"), ("yeah, correct", "yes"),
        ("no, it isn't", "no"),
        ("sounds good", "yes"), ("absolutely not", "no"), ("not a problem", "yes"), ("not really", "no"),
      ]
    case "name":
      [
        ("Anna Miller", "Anna Miller"), ("Jean-Luc Picard", "Jean-Luc Picard"), ("Maya O'Neill", "Maya O'Neill"),
        ("Tom Baker", "Tom Baker"),
        ("Zoë Kravitz", "Zoë Kravitz"), ("Omar Haddad", "Omar Haddad"), ("Li Wei", "Li Wei"),
      ]
    default:
      [
        ("tea", "tea"), ("coffee", "coffee"), ("a cup of tea", "tea"), ("some coffee", "coffee"), ("the tea", "tea"),
        ("black coffee", "coffee"),
      ]
    }
  }

  private static let dates = [
    ("the fifth of May", "2026-05-05"), ("Friday the sixth", "2026-03-06"), ("June third", "2026-06-03"),
    ("tomorrow", "2026-03-03"), ("Tuesday next week", "2026-03-10"),
    ("the 21st of March", "2026-03-21"), ("Dec 5", "2026-12-05"), ("a week from Friday", "2026-03-13"),
    ("the day after tomorrow", "2026-03-04"),
    ("May the 14th, 2027", "2027-05-14"), ("in ten days", "2026-03-12"),
    ("Wednesday the eighteenth of March", "2026-03-18"), ("next Sunday", "2026-03-15"),
    ("the first Monday in June", "2026-06-01"), ("3 April", "2026-04-03"),
    ("the day before Saturday the seventh of March", "2026-03-06"),
    ("two weeks from tomorrow", "2026-03-17"), ("October twenty second", "2026-10-22"),
  ]

  private static let times = [
    ("half past three", "15:30"), ("9 a.m.", "09:00"), ("quarter to five", "16:45"), ("eleven o'clock", "11:00"),
    ("two thirty", "14:30"),
    ("noon", "12:00"), ("16:15", "16:15"), ("ten past eight", "08:10"), ("seven in the evening", "19:00"),
    ("ten forty five", "10:45"),
    ("6 pm", "18:00"), ("nine oh five", "09:05"), ("fifteen hundred", "15:00"),
    ("twenty to six in the evening", "17:40"), ("1:20 p.m.", "13:20"),
    ("quarter past twelve", "12:15"), ("three fifteen in the afternoon", "15:15"),
  ]
}
