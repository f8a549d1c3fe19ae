import CallCore

/// A call in virtual time with a driver that plays, recognises and synthesises as the test says.
struct CallHarness {
  var call: CallMachine
  var now = Timestamp.zero
  var actions: [CallAction] = []
  /// What the recogniser answers; `nil` leaves the request open.
  var words: String? = "hello there"
  /// What the turn detector answers, in thousandths; `nil` leaves the question open.
  var completeness: Int?
  /// How long a sentence plays; `nil` leaves the synthesis open.
  var sentence: CallDuration? = .seconds(1)
  /// When the utterance that plays now comes to its end.
  var playoutEnd: Timestamp?
  var playing: UtteranceID?
  var playStart = Timestamp.zero
  /// What a language model was asked, the oldest first.
  var questions: [(request: RequestID, ModelRequest)] = []
  private var performed = 0
  /// Sentences of the utterance that plays, and whether more may come.
  private var (sentences, isOpen) = (0, false)
  private var loudUntil = Timestamp.zero
  /// When the utterance that plays now was paused; `nil` while it plays.
  private(set) var pausedAt: Timestamp?

  init(_ answers: [[FlowOutput]] = [[.listen(ListenOptions())]], limits: TurnLimits = TurnLimits()) {
    call = CallMachine(flow: ScriptedFlow(answers: answers), flowName: "scripted", voice: "test", limits: limits)
  }

  init(flow: any AgentFlow, limits: TurnLimits = TurnLimits()) {
    call = CallMachine(flow: flow, flowName: "test", voice: "test", limits: limits)
  }

  /// The language model says more.
  mutating func model(_ texts: String...) {
    guard let request = questions.last?.request else { return }
    for text in texts { send(.modelDelta(request, .text(text))) }
  }

  /// The language model's answer ends, with calls of these tools.
  mutating func modelEnds(calling calls: [(name: String, arguments: String)] = []) {
    guard let request = questions.last?.request else { return }
    for (index, call) in calls.enumerated() {
      let piece = ModelToolCallPiece(index: index, id: "x\(index)", name: call.name, arguments: call.arguments)
      send(.modelDelta(request, .toolCall(piece)))
    }
    send(.modelDelta(request, .finish(calls.isEmpty ? .stop : .toolCalls)))
    send(.modelFinished(request))
  }

  /// The messages of the last question, behind what the model is told to be.
  var conversation: [ModelMessage] { Array(questions.last?.1.messages.dropFirst() ?? []) }

  /// Sends one event and does what follows from it.
  mutating func send(_ event: CallEvent) {
    call.handle(event, at: now, into: &actions)
    perform()
  }

  /// Lets time pass in steps of one detector window, with `probability` in the caller's microphone.
  /// - Parameter level: how loud it is, in decibels, at most 0; `nil`: nobody knows.
  mutating func hear(_ probability: Int, for length: CallDuration, level: Int? = nil) {
    // 10^(1/10) is 1.2589, and 2³⁰ is full scale.
    let meanSquare = level.map { Int((0..<(-$0)).reduce(Double(1 << 30)) { power, _ in power / 1.258_925_411_8 }) }
    let end = now + length
    while now < end {
      pass(.milliseconds(32))
      if probability > 500 { loudUntil = now }
      send(
        .speechWindow(
          SpeechProbability(thousandths: probability), until: now, loudUntil: loudUntil, meanSquare: meanSquare))
    }
  }

  mutating func speak(for length: CallDuration) { hear(950, for: length) }
  mutating func pause(for length: CallDuration) { hear(10, for: length) }

  /// Lets time pass with nothing from the caller.
  mutating func idle(for length: CallDuration) {
    let end = now + length
    while now < end { pass(.milliseconds(20)) }
  }

  var trace: [String] { actions.map { "\($0)" } }
  func count(where matches: (CallAction) -> Bool) -> Int { actions.filter(matches).count }
  var reports: [CallReport] {
    actions.compactMap { if case .report(let report) = $0 { report } else { nil } }
  }
  var inputs: [FlowInput] { (call.flow as? ScriptedFlow)?.inputs ?? [] }

  private mutating func pass(_ step: CallDuration) {
    let end = now + step
    if let playoutEnd, let playing, playoutEnd <= end, pausedAt == nil {
      now = playoutEnd
      self.playoutEnd = nil
      self.playing = nil
      send(.playoutFinished(playing))
    }
    now = end
    send(.tick)
  }

  private mutating func perform() {
    while performed < actions.count {
      let action = actions[performed]
      performed += 1
      switch action {
      case .transcribe(let request, _):
        if let words { call.handle(.transcribed(request, words), at: now, into: &actions) }
      case .judgeTurn(let request):
        if let completeness {
          call.handle(.turnJudged(request, TurnCompleteness(thousandths: completeness)), at: now, into: &actions)
        }
      case .speak(let utterance, let sentences): play(utterance, sentences.count, isLast: true)
      case .speakPart(let utterance, let sentences, let isLast): play(utterance, sentences.count, isLast: isLast)
      case .askModel(let request, let question), .askModelEarly(let request, let question):
        questions.append((request, question))
      case .stopPlayout(let utterance): stop(utterance)
      case .pausePlayout: pausedAt = now
      case .resumePlayout: resume()
      default: break
      }
    }
  }

  private mutating func play(_ utterance: UtteranceID, _ count: Int, isLast: Bool) {
    guard let sentence else { return }
    let isNew = playing != utterance
    if isNew {
      (playing, sentences, isOpen) = (utterance, 0, true)
      playStart = now
    }
    // What comes after the sentences before it were heard makes a pause.
    if !isNew, count > 0 { playStart = max(playStart, now - sentence * sentences) }
    for index in sentences..<sentences + count {
      call.handle(.sentenceReady(utterance, sentence: index, sentence), at: now, into: &actions)
    }
    sentences += count
    isOpen = !isLast
    playoutEnd = isOpen ? nil : max(now, playStart + sentence * sentences)
    if isNew { call.handle(.playoutStarted(utterance), at: now, into: &actions) }
  }

  private mutating func resume() {
    guard let pausedAt else { return }
    let length = now - pausedAt
    playStart = playStart + length
    playoutEnd = playoutEnd.map { $0 + length }
    self.pausedAt = nil
  }

  private mutating func stop(_ utterance: UtteranceID) {
    resume()
    let heard = playing == utterance ? min(now - playStart, (sentence ?? .zero) * sentences) : .zero
    playing = nil
    playoutEnd = nil
    call.handle(.playoutStopped(utterance, played: heard), at: now, into: &actions)
  }
}
