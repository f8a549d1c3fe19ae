/// An answer begun early, which others call speculative or preemptive generation: in a pause that may be the end of the turn, a language model is
/// asked what it would be asked if it were, so that the first sentence is there when the turn is over.
///
/// It lasts only while the phase is `.hearing` and the words of the pause stand in `OpenTurn.speculation`. Nothing of it is said, done, kept or told
/// before the flow asks the very same question at the end of the turn: it is then the turn's `generation`. Anything else that happens drops it,
/// and the model is asked anew.
extension CallMachine {
  /// The words of a pause are known. Each such pause counts against the turn's limit, also where nobody is asked: whether another may be used must not
  /// depend on the words, which a replayed call knows better than the recorded one did.
  mutating func beginEarlyAnswer(to text: String, at now: Timestamp, into actions: inout [CallAction]) {
    turn?.knownPauses += 1
    guard let open = turn, open.source == .speech,
      open.knownPauses <= min(limits.earlyAnswersMax, flow.earlyAnswersMax),
      turns.repliesByItself, generation == nil, early == nil, interrupted == nil,
      let question = question(on: text, at: now)
    else { return }
    let request = nextRequest()
    early = EarlyAnswer(question, request: request, since: now)
    actions.append(.askModelEarly(request, question))
  }

  /// What the flow would have a model asked if these were the turn's words; `nil` where it would say or do anything besides. The flow knows
  /// nothing of it afterwards.
  private func question(on text: String, at now: Timestamp) -> ModelRequest? {
    let words = text.bounded(to: limits.textMax)
    guard words.contains(where: { !$0.isWhitespace }) else { return nil }
    var copy = flow
    var outputs: [FlowOutput] = []
    copy.advance(to: now)
    copy.handle(.said(words), into: &outputs)
    return outputs == [.askModel] ? copy.modelRequest : nil
  }

  /// The flow asks a model: if it is the question that was asked early, its answer is the turn's.
  /// - Returns: the generation; `nil` when the model is to be asked.
  mutating func adoptEarlyAnswer(at now: Timestamp, into actions: inout [CallAction]) -> Generation? {
    guard let answer = early, interrupted == nil, answer.question == flow.modelRequest else {
      dropEarlyAnswer(into: &actions)
      return nil
    }
    early?.isAdopted = true
    appendTimeline(.modelAsked, "begun \((now - answer.generation.since).milliseconds) ms early", at: now)
    actions.append(.hurry(answer.generation.request))
    return answer.generation
  }

  /// What came before the turn was over counts as if it came now. An answer that the flow did not ask for is dropped.
  mutating func useEarlyAnswer(at now: Timestamp, into actions: inout [CallAction]) {
    guard let answer = early, answer.isAdopted else { return dropEarlyAnswer(into: &actions) }
    early = nil
    let request = answer.generation.request
    guard generation?.request == request else { return }
    if answer.generation.hasBegun { enterStage(.firstSentence, at: now) }
    speakGenerated(answer.sentences, at: now, into: &actions)
    if answer.isWhole { finishGeneration(request, at: now, into: &actions) }
  }

  /// The turn goes on, or is answered otherwise.
  mutating func dropEarlyAnswer(into actions: inout [CallAction]) {
    if let answer = early, !answer.isAdopted { actions.append(.cancel(answer.generation.request)) }
    early = nil
  }

  /// More of an answer that nobody may hear yet. One that is longer than what is ever said of one is dropped.
  mutating func addEarlyDelta(_ delta: ModelDelta, at now: Timestamp, into actions: inout [CallAction]) {
    early?.add(delta, at: now)
    if let count = early?.count, count > limits.modelSpeechMax { dropEarlyAnswer(into: &actions) }
  }
}

/// What came of a question that was asked before the turn was over.
struct EarlyAnswer: Sendable {
  let question: ModelRequest
  private(set) var generation: Generation
  /// Its whole sentences, of which none was said.
  private(set) var sentences: [String] = []
  /// Their Unicode scalars.
  private(set) var count = 0
  /// Nothing more comes.
  var isWhole = false
  /// The turn is over, and this is its answer.
  var isAdopted = false

  init(_ question: ModelRequest, request: RequestID, since: Timestamp) {
    self.question = question
    generation = Generation(request: request, since: since)
    generation.isSent = true
  }

  mutating func add(_ delta: ModelDelta, at now: Timestamp) {
    let whole = generation.add(delta, at: now)
    sentences += whole
    count += whole.reduce(0) { $0 + $1.scalarCount }
  }
}
