import CallCore
import Wires

/// Fills in what happened turn by turn, without judging it.
struct TurnAccount {
  /// How much later the agent places the start of a turn than the caller does, at the least: it may be this much earlier. Three
  /// windows of the detector.
  static let startSlack = CallDuration.milliseconds(150)

  let call: CallReading

  /// One for each turn that was written.
  func results() -> [TurnResult] {
    let heard = understanding()
    return call.testCase.turns.map { turn in
      var result = TurnResult(number: turn.number, action: turn.action.described(cue: turn.cue))
      result.said = turn.action.meaning
      guard let act = call.act(turn.number) else { return result }
      fill(&result, from: act)
      guard turn.action.isSpoken else { return result }
      for (index, act) in call.acts.enumerated() where act.act.turn == turn.number {
        if let text = heard[index] { understand(text, in: act, result: &result) }
      }
      return result
    }
  }

  private func fill(_ result: inout TurnResult, from act: ActReading) {
    let spoken = act.act.pieces.map(\.piece).wording
    result.spoken = spoken.isEmpty ? result.said : spoken
    result.isReached = true
    result.repeats = call.acts.count { $0.act.turn == result.number } - 1
    result.began = act.start
    result.ended = act.end
    result.reply = act.replies.map(\.playedText).joined(separator: " ")
    result.replyAt = act.answer?.began ?? act.replies.first?.began
    result.latency = act.latency
    result.yield = act.yield
    result.stages = stages(of: act)
    result.state = state(at: act)
  }

  /// The agent reports them as it begins to speak.
  private func stages(of act: ActReading) -> TurnLatency? {
    var found: TurnLatency?
    for notice in call.evidence.notices where notice.at >= act.start && notice.at < act.until {
      guard case .turn(let latency) = notice.message else { continue }
      found = latency
      if notice.at >= act.end { break }
    }
    return found
  }

  private func state(at act: ActReading) -> String {
    let name = call.states { $0 < act.until }.last ?? ""
    return name.isEmpty && act.isLast ? call.evidence.record?.finalState ?? "" : name
  }

  /// What the agent understood, by the index of the caller's act: a turn of the agent's belongs to the last act that began before it. A turn
  /// that was taken back comes again under the same number, and only the last counts.
  private func understanding() -> [Int: String] {
    var finals: [TranscriptNotice] = []
    for notice in call.evidence.notices {
      guard case .transcript(let news) = notice.message, news.isFinal, news.role == .caller, news.source != .keys
      else { continue }
      finals.removeAll { $0.turn == news.turn }
      finals.append(news)
    }
    var texts: [Int: String] = [:]
    for news in finals {
      guard let index = call.acts.lastIndex(where: { $0.start <= news.at + Self.startSlack }) else { continue }
      let before = texts[index].map { $0 + " " } ?? ""
      texts[index] = before + news.text
    }
    return texts
  }

  /// What was said once more counts in the word errors each time; of the words, those that were understood last are told.
  private func understand(_ text: String, in act: ActReading, result: inout TurnResult) {
    result.understood = text
    guard !result.said.isEmpty else { return }
    let errors = CallerWords(meaning: result.said, pieces: act.act.pieces.map(\.piece)).errors(heard: text)
    result.wordErrors = result.wordErrors.map { $0 + errors } ?? errors
  }
}

/// What a caller said, and what of it the agent has to understand: a filler or a stumble is right either way, heard or left out.
struct CallerWords {
  let meaning: String
  let pieces: [SpokenPiece]

  /// Word errors of `heard`, by the reading of the caller's words that is best for it: what was meant, or all that was audible, each with
  /// and without the fillers.
  func errors(heard: String) -> WordErrorRate {
    let plain = WordErrorRate(reference: meaning, heard: heard)
    guard plain.errors > 0, pieces.contains(where: \.isSlip) else { return plain }
    let fillers = Set(
      pieces.flatMap { piece in
        if case .filler(let text) = piece { WordErrorRate.words(of: text) } else { [String]() }
      })
    let withoutFillers = heard.split(separator: " ").filter { piece in
      let words = WordErrorRate.words(of: String(piece))
      return words.isEmpty || !words.allSatisfy(fillers.contains)
    }.joined(separator: " ")
    let audible = pieces.filter { !$0.isFiller }.wording
    return [
      plain, WordErrorRate(reference: meaning, heard: withoutFillers),
      WordErrorRate(reference: audible, heard: withoutFillers), WordErrorRate(reference: pieces.wording, heard: heard),
    ].min { $0.rate < $1.rate } ?? plain
  }
}

extension SpokenPiece {
  fileprivate var isFiller: Bool { if case .filler = self { true } else { false } }
  fileprivate var isSlip: Bool {
    switch self {
    case .filler, .stumble: true
    case .words, .lengthened, .pause: false
    }
  }
}
