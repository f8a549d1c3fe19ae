import CallCore

/// Figures and findings in the words of every report.
enum ReportText {
  /// A moment of the call, such as `1:02.345`.
  static func moment(_ instant: Timestamp) -> String {
    let milliseconds = max(instant.milliseconds, 0)
    return "\(milliseconds / 60_000):\(padded(milliseconds % 60_000 / 1000, 2)).\(padded(milliseconds % 1000, 3))"
  }

  /// Why a turn ended, as a column of a table has it: `silence`, `long silence`.
  static func ending(of turn: TurnResult) -> String { turn.stages?.endedBy?.words ?? "–" }

  /// A latency, such as `620 ms`; milliseconds however long it is, so that columns can be compared.
  static func milliseconds(_ span: CallDuration) -> String { "\(span.milliseconds) ms" }

  /// A length of a call, such as `34.2 s`.
  static func seconds(_ span: CallDuration) -> String { "\(tenths(span.milliseconds / 100)) s" }

  /// `-123` → `-12.3`.
  static func tenths(_ count: Int) -> String { "\(count < 0 ? "-" : "")\(abs(count) / 10).\(abs(count) % 10)" }

  /// `1 turn`, `2 turns`.
  static func counted(_ count: Int, _ thing: String) -> String { "\(count) \(thing)\(count == 1 ? "" : "s")" }

  /// Fewer events than this are shown as counts: a percentage of so few says more than is known (`measures.md`).
  static let eventsForShareMin = 10

  /// Such as `2 of 7 words`, or from ten on `4.2 % of 120 words`.
  static func share(_ part: Int, of whole: Int, _ thing: String) -> String {
    whole < eventsForShareMin
      ? "\(part) of \(counted(whole, thing))" : "\(percent(part, of: whole)) of \(counted(whole, thing))"
  }

  /// Word errors, which may be more than the words: `2 errors in 1 word`, or from ten words on `4.2 % of 120 words`.
  static func errors(_ rate: WordErrorRate) -> String {
    rate.referenceWords < eventsForShareMin
      ? "\(counted(rate.errors, "error")) in \(counted(rate.referenceWords, "word"))"
      : share(rate.errors, of: rate.referenceWords, "word")
  }

  /// Such as `4.2 %`, rounded to the nearest tenth.
  static func percent(_ part: Int, of whole: Int) -> String { "\(tenths((part * 2000 + whole) / (whole * 2))) %" }

  /// Such as `turn 2, yield: expected: the agent stops within 2 s; found: it went on for 7 s`. Both parts may be sentences or a
  /// few words.
  static func finding(_ check: CheckResult) -> String {
    let place = check.turn.map { "turn \($0), " } ?? ""
    return "\(place)\(check.kind.rawValue): expected: \(check.expected); found: \(check.actual)"
  }

  /// What a language model made of each statement about the call, a line each.
  static func judged(_ result: CaseResult) -> [String] {
    result.judged.map { criterion in
      let votes = criterion.votes.count > 1 ? " in \(criterion.votes.count) votes" : ""
      let model = criterion.votes.last?.model ?? ""
      return
        "judged\(criterion.isAbsent ? " (never)" : ""): \(ReportFormat.quoted(criterion.text)): \(criterion.finding)\(votes)"
        + (model.isEmpty ? "" : " [\(model), prompt \(ModelJudge.promptVersion)]")
    }
  }

  /// When that was, behind it; nothing where there is no such moment.
  static func place(_ check: CheckResult) -> String { check.at.map { " at \(moment($0))" } ?? "" }

  /// One line that a terminal, a label file or an attribute can show: spaces for line ends and tabs, pictures for other control
  /// characters, so that what an agent said cannot move the cursor.
  static func line(_ text: String) -> String {
    var line = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n", "\r", "\t", "\u{2028}", "\u{2029}": line.append(" ")
      default: line.append(picture(of: scalar))
      }
    }
    return String(line)
  }

  /// What stands for a scalar that cannot be shown: the control pictures of Unicode (U+2400 …), the replacement character for C1
  /// controls and for what is no character (XML 1.0, production 2), and for the marks that turn the direction of what follows.
  static func picture(of scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0...0x1F: Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}"
    case 0x7F: "\u{2421}"
    case 0x80...0x9F, 0xFFFE, 0xFFFF, 0x202A...0x202E, 0x2066...0x2069: "\u{FFFD}"
    default: scalar
    }
  }

  /// A number that is counted in parts of ten, a hundred …, such as 12345 with 3 places as `12.345`; 0 and up.
  static func decimal(_ count: Int, places: Int) -> String {
    let whole = (0..<places).reduce(1) { scale, _ in scale * 10 }
    return "\(count / whole).\(padded(count % whole, places))"
  }

  /// Digits with zeros in front.
  static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}

/// Figures and texts as a report says them.
enum ReportFormat {
  /// `340 ms`, `1.25 s`, `8 s`.
  static func span(_ duration: CallDuration) -> String {
    let milliseconds = duration.milliseconds
    guard abs(milliseconds) >= 1000 else { return "\(milliseconds) ms" }
    let hundredths = (abs(milliseconds) + 5) / 10
    let sign = milliseconds < 0 ? "−" : ""
    let rest = hundredths % 100
    if rest == 0 { return "\(sign)\(hundredths / 100) s" }
    return "\(sign)\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) s"
  }

  /// Tenths as `12.3`.
  static func tenths(_ value: Int) -> String { "\(value < 0 ? "−" : "")\(abs(value) / 10).\(abs(value) % 10)" }

  /// A text in quotation marks, or `nothing`.
  static func quoted(_ text: String) -> String { text.isEmpty ? "nothing" : "“\(text)”" }

  /// `day, date`.
  static func list(_ texts: [String]) -> String { texts.joined(separator: ", ") }
}

extension TurnEnding {
  /// Its word for people.
  var words: String { self == .longSilence ? "long silence" : rawValue }
}
