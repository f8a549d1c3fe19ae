public import CallCore
public import Wires

/// What a wire told of an utterance of the agent, and what was heard of it.
public struct ComparedWords: Sendable, Equatable {
  /// When its first sound was played.
  public var at: Timestamp
  /// By the wire.
  public var told: String
  /// By the recogniser, from the agent's track.
  public var heard: String
  /// Words told that were not heard so, and the other way round.
  public var errors: WordErrorRate

  package init(at: Timestamp, told: String, heard: String) {
    (self.at, self.told, self.heard) = (at, told, heard)
    errors = WordErrorRate(reference: told, heard: heard)
  }

  /// More errors than this, in per cent of the words, and the transcript lies or the voice is bad.
  static let errorPercentMax = 20
  /// Utterances of fewer words in all say nothing: of four words one is a quarter.
  static let wordsMin = 10
  /// An utterance of so many words is judged by itself, too. A recogniser that mishears three words of ten has heard a name.
  static let longWordsMin = 20

  /// Whether a share of errors is beyond what a recogniser makes of a good voice.
  static func isTooMuch(_ errors: WordErrorRate) -> Bool { errors.rate * 100 > Double(errorPercentMax) }
}

extension ConformanceFinding.Code {
  /// What the agent's side says that it said is not what is heard.
  public static let wordsDiffer = Self.name("words-differ")
}

extension CallEvidence {
  /// Listens to what the agent told that it said. Of what was cut off, and of what it told no words, the words are by ear.
  mutating func compareWords(with shared: SharedSpeech) {
    guard let track = tracks?.agent else { return }
    let utterances = AgentUtterance.all(in: self)
    for (index, utterance) in utterances.enumerated() {
      let before = index > 0 ? utterances[index - 1].ended : .zero
      let after = index + 1 < utterances.count ? utterances[index + 1].began : .zero + duration
      let heard = RecognizedUtterance(utterance, in: self)
      switch heard.words(in: track, after: before, before: after, shared) {
      case .success(let words): keep(words, of: utterance)
      case .failure(let fault): failure = failure ?? .callerEngine(fault.description)
      }
    }
    noteDifference()
    notices = (notices + transcripts).enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
      .map(
        \.element)
  }

  private mutating func keep(_ words: String, of utterance: AgentUtterance) {
    if utterance.isCut || utterance.playedText.isEmpty {
      for (index, notice) in notices.enumerated() {
        guard case .agent(var news) = notice.message, news.utterance == utterance.id, news.state.isEnd else {
          continue
        }
        news.playedText = words
        if news.text.isEmpty { news.text = words }
        notices[index].message = .agent(news)
      }
    } else {
      comparedWords.append(ComparedWords(at: utterance.began, told: utterance.playedText, heard: words))
    }
  }

  package mutating func noteDifference() {
    let long = comparedWords.filter { $0.errors.referenceWords >= ComparedWords.longWordsMin }
    let worst = (long.filter { ComparedWords.isTooMuch($0.errors) }).max { $0.errors.rate < $1.errors.rate }
    let all = comparedWords.map(\.errors).reduce(WordErrorRate(reference: "", heard: ""), +)
    let isBad = all.referenceWords >= ComparedWords.wordsMin && ComparedWords.isTooMuch(all)
    guard let one = worst ?? (isBad ? comparedWords.max { $0.errors.rate < $1.errors.rate } : nil) else { return }
    findings.append(
      ConformanceFinding(
        .wordsDiffer,
        "what is heard differs from what is told by \(ReportText.errors(worst?.errors ?? all)): told “\(one.told)”, heard “\(one.heard)”",
        at: nil))
  }

  /// What the agent said, as far as it was played, as messages of our own wire have it.
  private var transcripts: [Notice] {
    notices.compactMap { notice in
      guard case .agent(let news) = notice.message, news.state.isEnd else { return nil }
      var entry = TranscriptEntry(
        turn: news.turn, role: .agent, text: news.playedText, at: notice.at - news.heard, source: .speech,
        utterance: news.utterance, playedText: news.playedText)
      entry.heard = news.heard
      return Notice(at: notice.at, message: .transcript(TranscriptNotice(entry, isFinal: true)))
    }
  }
}
