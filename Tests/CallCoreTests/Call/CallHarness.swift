import CallCore

/// A call in virtual time with a driver that plays, recognises and synthesises as the test says.
struct CallHarness {
  var call: CallMachine
  var now = Timestamp.zero
  var actions: [CallAction] = []
  /// What the recogniser answers; `nil` leaves the request open.
  var words: String? = "hello there"
  /// How long a sentence plays; `nil` leaves the synthesis open.
  var sentence: CallDuration? = .seconds(1)
  /// When the utterance that plays now comes to its end.
  var playoutEnd: Timestamp?
  var playing: UtteranceID?
  var playStart = Timestamp.zero
  private var performed = 0
  private var loudUntil = Timestamp.zero

  init(_ answers: [[FlowOutput]] = [[.listen(ListenOptions())]], limits: TurnLimits = TurnLimits()) {
    call = CallMachine(flow: ScriptedFlow(answers: answers), flowName: "scripted", voice: "test", limits: limits)
  }

  /// Sends one event and does what follows from it.
  mutating func send(_ event: CallEvent) {
    call.handle(event, at: now, into: &actions)
    perform()
  }

  /// Lets time pass in steps of one detector window, with `probability` in the caller's microphone.
  mutating func hear(_ probability: Int, for length: CallDuration) {
    let end = now + length
    while now < end {
      pass(.milliseconds(32))
      if probability > 500 { loudUntil = now }
      send(.speechWindow(SpeechProbability(thousandths: probability), until: now, loudUntil: loudUntil))
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
    if let playoutEnd, let playing, playoutEnd <= end {
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
      case .speak(let utterance, let sentences): play(utterance, sentences)
      case .stopPlayout(let utterance): stop(utterance)
      default: break
      }
    }
  }

  private mutating func play(_ utterance: UtteranceID, _ sentences: [String]) {
    guard let sentence else { return }
    for index in sentences.indices {
      call.handle(.sentenceReady(utterance, sentence: index, sentence), at: now, into: &actions)
    }
    playing = utterance
    playStart = now
    playoutEnd = now + sentence * sentences.count
    call.handle(.playoutStarted(utterance), at: now, into: &actions)
  }

  private mutating func stop(_ utterance: UtteranceID) {
    let heard = playing == utterance ? now - playStart : .zero
    playing = nil
    playoutEnd = nil
    call.handle(.playoutStopped(utterance, played: heard), at: now, into: &actions)
  }
}
