import CallCore

/// One call in the page: a line that says what came of it, and everything else behind it.
struct HTMLCase {
  let result: CaseResult
  /// With the attempt where there are several.
  let name: String
  /// Of the call in the run, from 1.
  let number: Int
  let soundPlace: SoundPlace
  /// The WAV file, where it is in the page.
  var sound: [UInt8]?
  /// Where the sound lies as a file; `nil` when nowhere.
  let soundFolder: String?

  /// For links within the page.
  private var anchor: String { "case-\(number)" }

  /// Where its sound is.
  enum SoundPlace {
    case inPage
    /// Not in the page, which holds that of other calls.
    case leftOut
    /// Not in the page, which holds none.
    case inFile
  }

  /// - Parameter isOpen: whether it is unfolded at first.
  func write(isOpen: Bool, to html: inout Markup) {
    html.element(
      "details",
      ["class": "card case", "id": anchor, "data-verdict": result.verdict.rawValue, "open": isOpen ? "" : nil]
    ) { html in
      html.element("summary") { writeHead(to: &$0) }
      html.element("div", ["class": "case-body"], writeBody)
    }
  }

  private func writeHead(to html: inout Markup) {
    HTMLVerdict.write(result.verdict, to: &html)
    html.element("span", ["class": "name"]) { html in
      html.element("b", text: name)
      if result.testCase.title != result.testCase.id { html.element("span", text: result.testCase.title) }
      if let first = result.reasons.first {
        html.element("span", ["class": "why"], text: ReportText.finding(first))
      } else if let kind = result.testCase.mustFail {
        html.element("span", text: "has to fail by \(kind.rawValue), and does")
      }
    }
    let metrics = result.metrics
    html.element(
      "span", ["class": "figure"],
      text: "\(metrics.turnsReached) of \(ReportText.counted(metrics.turnsWritten, "turn"))")
    html.element(
      "span", ["class": "figure"],
      text: Percentile.of(metrics.latencies, 50).map { "p50 \(ReportText.milliseconds($0))" } ?? "no latency")
    html.element("span", ["class": "figure"], text: ReportText.seconds(metrics.duration))
  }

  private func writeBody(to html: inout Markup) {
    writeTags(to: &html)
    if !result.reasons.isEmpty { html.element("ol", ["class": "reasons"], writeReasons) }
    writeReplay(to: &html)
    let story = ReportTimeline(result)
    HTMLTimeline(result: result, story: story).write(to: &html)
    writeSound(to: &html)
    html.element("div", ["class": "columns"]) { html in
      html.element("section") { html in
        html.element("h3", text: "Conversation")
        HTMLTalk(result: result, story: story, anchor: anchor).write(to: &html)
      }
      html.element("section") { writeFigures(to: &$0) }
    }
  }

  private func writeTags(to html: inout Markup) {
    let varied = result.testCase.varied
    guard !result.testCase.tags.isEmpty || result.testCase.mustFail != nil || !varied.isEmpty else { return }
    html.element("ul", ["class": "tags"]) { html in
      if let kind = result.testCase.mustFail { html.element("li", text: "must fail: \(kind.rawValue)") }
      for tag in result.testCase.tags { html.element("li", text: tag) }
      for value in varied { html.element("li", text: "\(value.property.rawValue): \(value.label)") }
    }
  }

  private func writeReasons(to html: inout Markup) {
    for reason in result.reasons {
      html.element("li") { html in
        html.element("b", text: (reason.turn.map { "Turn \($0), " } ?? "") + reason.kind.rawValue)
        html.add(" – expected: \(reason.expected); found: \(reason.actual) ")
        if let at = reason.at {
          HTMLMoment.write(at, anchor: anchor, words: "Go to \(ReportText.moment(at))", to: &html)
        }
      }
    }
  }

  private func writeReplay(to html: inout Markup) {
    html.element("div", ["class": "replay"]) { html in
      html.element("span", ["class": "label"], text: "Replay")
      html.element("code", text: result.replay)
      html.element(
        "button",
        [
          "type": "button", "class": "small", "data-copy": "",
          "aria-label": "Copy the command of \(name)",
        ],
        text: "Copy")
    }
  }

  private func writeSound(to html: inout Markup) {
    guard result.evidence.hasSound else {
      return html.element("p", ["class": "hint"], text: "No sound was kept of this call.")
    }
    guard soundPlace == .inPage, let sound else { return writeSoundElsewhere(to: &html) }
    html.element(
      "audio",
      [
        "controls": "", "preload": "none", "aria-label": "Sound of \(name), caller left, agent right",
        "src": "data:audio/wav;base64,\(Base64.text(of: sound))",
      ]
    ) { _ in }
  }

  private func writeSoundElsewhere(to html: inout Markup) {
    html.element("p", ["class": "hint left-out"]) { html in
      if soundPlace == .leftOut {
        html.add(
          "The sound is left out here: the page holds \(SoundChoice.bytesMax / 1_000_000) MB of it, failed calls first. "
        )
      }
      guard let soundFolder else { return }
      html.element("a", ["href": "\(soundFolder)/\(result.fileName).wav"], text: "Open the WAV file")
    }
  }

  private func writeFigures(to html: inout Markup) {
    let figures = HTMLFigures(result: result, anchor: anchor)
    html.element("h3", text: "Turns")
    figures.writeTurns(to: &html)
    html.element("h3", text: "Checks")
    figures.writeChecks(to: &html)
    if !result.judged.isEmpty {
      html.element("h3", text: "Judged by a language model")
      HTMLJudged(result: result, anchor: anchor).write(to: &html)
    }
    html.element("h3", text: "Call")
    figures.writeFacts(to: &html)
  }
}
