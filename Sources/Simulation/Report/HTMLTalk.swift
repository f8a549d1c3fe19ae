import CallCore

/// What was said in a call, turn by turn, with every word that the agent heard otherwise.
struct HTMLTalk {
  let result: CaseResult
  let story: ReportTimeline
  /// Of the case in the page.
  let anchor: String

  private var agentName: String { result.evidence.isByEar ? "Agent, by ear" : "Agent" }

  /// The list; what the agent said first, then each turn as far as the call came.
  func write(to html: inout Markup) {
    html.element("ol", ["class": "talk"]) { html in
      for entry in story.greeting { writeGreeting(entry, to: &html) }
      for turn in result.turns { write(turn, to: &html) }
    }
  }

  private func writeGreeting(_ entry: TranscriptEntry, to html: inout Markup) {
    writeEntry("agent", agentName, entry.at, to: &html) { html in
      html.add(entry.playedText)
      // What the agent set out to say and what was heard of it begin alike.
      guard entry.interrupted, entry.text.hasPrefix(entry.playedText) else { return }
      html.element("s", text: String(entry.text.dropFirst(entry.playedText.count)))
    }
  }

  private func write(_ turn: TurnResult, to html: inout Markup) {
    guard turn.isReached else {
      return html.element("li", ["class": "unreached"], text: "Turn \(turn.number), \(turn.action): not reached")
    }
    let times = turn.repeats > 0 ? " (\(turn.repeats + 1) times)" : ""
    writeEntry("caller", "Caller, turn \(turn.number)\(times)", turn.began, to: &html) { writeSpoken(turn, to: &$0) }
    if let understood = turn.understood {
      html.element("li", ["class": "understood"]) { writeUnderstood(understood, turn, to: &$0) }
    }
    guard turn.reply.isEmpty else {
      return writeEntry("agent", agentName, turn.replyAt, to: &html) { $0.add(turn.reply) }
    }
    html.element("li", ["class": "unreached"], text: "The agent said nothing that was heard.")
  }

  private func writeEntry(
    _ side: String, _ who: String, _ at: Timestamp?, to html: inout Markup, _ words: (inout Markup) -> Void
  ) {
    html.element("li", ["class": "entry \(side)", "data-at": at.map { String($0.milliseconds) }]) { html in
      html.element("p", ["class": "who"]) { html in
        html.add("\(who) ")
        if let at { HTMLMoment.write(at, anchor: anchor, to: &html) }
      }
      html.element("p", ["class": "words"], words)
    }
  }

  /// With what slipped in and the pauses where it is known; in words what was done where nothing was said.
  private func writeSpoken(_ turn: TurnResult, to html: inout Markup) {
    let pieces = result.evidence.acts.last { $0.turn == turn.number }?.pieces ?? []
    if pieces.isEmpty {
      let isSilent = turn.spoken.isEmpty
      return html.element(isSilent ? "i" : "span", text: isSilent ? turn.action : turn.spoken)
    }
    for (index, placed) in pieces.enumerated() {
      if index > 0 { html.add(" ") }
      switch placed.piece {
      case .words(let words): html.add(words)
      case .filler(let words), .stumble(let words): html.element("i", ["class": "slip"], text: words)
      case .lengthened(let words): html.element("i", ["class": "slip", "title": "drawn out"], text: "\(words)…")
      case .pause(let length): html.element("span", ["class": "pause"], text: ReportText.milliseconds(length))
      }
    }
  }

  private func writeUnderstood(_ understood: String, _ turn: TurnResult, to html: inout Markup) {
    let words = WordErrorRate.alignment(reference: turn.said, heard: understood)
    let errors = turn.wordErrors ?? WordErrorRate(reference: turn.said, heard: understood)
    html.element("span", ["class": "label"], text: "Understood")
    html.add(" ")
    html.element("span", ["class": "heard"]) { html in
      for (index, word) in words.enumerated() {
        if index > 0 { html.add(" ") }
        write(word, to: &html)
      }
      if words.isEmpty { html.element("i", text: "nothing") }
    }
    html.add(" ")
    html.element(
      "span", ["class": "count"],
      text: errors.errors == 0
        ? "every word"
        : "\(ReportText.counted(errors.errors, "error")) in \(ReportText.counted(errors.referenceWords, "word"))")
  }

  /// Marks are told apart by line, place and words, not by colour alone.
  private func write(_ word: AlignedWord, to html: inout Markup) {
    switch word {
    case .same(let word): html.add(word)
    case .substituted(let said, let heard):
      html.element("del", ["title": "said"], text: said)
      html.element("ins", ["title": "heard instead"], text: heard)
    case .deleted(let said): html.element("del", ["title": "said, not heard"], text: said)
    case .inserted(let heard): html.element("ins", ["title": "heard, not said"], text: heard)
    }
  }
}
