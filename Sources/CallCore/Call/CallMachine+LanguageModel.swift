/// A language model speaks for the agent: it is asked, its words are said sentence by sentence while the rest is made, and it is stopped when the
/// caller speaks.
///
/// There is one generation at a time, or the beginning of one in `early`. Its number is that of its request; whatever comes of an older one is dropped.
extension CallMachine {
  /// Asks what the flow wants asked.
  mutating func startGeneration(at now: Timestamp, into actions: inout [CallAction]) -> Reply.Next {
    enterStage(.firstToken, at: now)
    if let answer = adoptEarlyAnswer(at: now, into: &actions) {
      generation = answer
      return .model(answer.request, since: answer.since)
    }
    let request = nextRequest()
    generation = Generation(request: request, since: now)
    appendTimeline(.modelAsked, "", at: now)
    // What was heard of the reply that was just cut off belongs into the question.
    if interrupted == nil { sendQuestion(into: &actions) }
    return .model(request, since: now)
  }

  /// Sends the question that waits, if one does.
  mutating func sendQuestion(into actions: inout [CallAction]) {
    guard let open = generation, !open.isSent, let question = flow.modelRequest else { return }
    generation?.isSent = true
    actions.append(.askModel(open.request, question))
  }

  /// More of the answer.
  mutating func addDelta(
    _ request: RequestID, _ delta: ModelDelta, at now: Timestamp, into actions: inout [CallAction]
  ) {
    if early?.generation.request == request { return addEarlyDelta(delta, at: now, into: &actions) }
    guard generation?.request == request else { return }
    if delta.isContent { enterStage(.firstSentence, at: now) }
    let whole = generation?.add(delta, at: now) ?? []
    speakGenerated(whole, at: now, into: &actions)
    if let said = generation?.saidCount, said > limits.modelSpeechMax {
      actions.append(.cancel(request))
      appendTimeline(.limitReached, "model speech", at: now)
      finishGeneration(request, at: now, into: &actions)
    }
  }

  /// The answer is whole.
  mutating func finishGeneration(_ request: RequestID, at now: Timestamp, into actions: inout [CallAction]) {
    if early?.generation.request == request { early?.isWhole = true }
    guard generation?.request == request else { return }
    let isCut = generation?.answer.finish == .length
    speakGenerated(generation?.sentences.finish(isCut: isCut) ?? [], at: now, into: &actions)
    guard let whole = generation else { return }
    generation = nil
    appendTimeline(.modelAnswered, whole.summary, at: now)
    enterStage(.flow, at: now)
    let before = actions.count
    advanceFlow(.modelAnswered(whole.answer), at: now, into: &actions)
    // Who asked for an answer is not left waiting for one.
    guard flow.answersUnasked, case .waiting = phase, actions[before...].isEmpty else { return }
    if whole.said.isEmpty {
      actions.append(
        .report(.trouble(code: "nothing-to-say", message: "the language model said nothing that is for people")))
    }
  }

  /// There is no answer, or no more of it.
  mutating func failGeneration(
    _ request: RequestID, _ fault: ModelFault, at now: Timestamp, into actions: inout [CallAction]
  ) {
    if early?.generation.request == request { early = nil }  // no loss: the end of the turn asks again
    guard let broken = generation, broken.request == request else { return }
    generation = nil
    appendTimeline(.modelFailed, fault.kind.rawValue, at: now)
    enterStage(.flow, at: now)
    // What exactly is wrong with whom is for those who run the server.
    let (code, what) =
      broken.said.isEmpty ? ("model-failed", "gave no answer") : ("model-broke-off", "broke its answer off")
    let message = "the language model \(what): \(fault.kind.rawValue)"
    actions.append(.report(.trouble(code: code, message: message)))
    advanceFlow(.modelFailed(fault, said: broken.saidText), at: now, into: &actions)
  }

  /// The model is asked, and nobody waits for what it says any more.
  /// - Returns: how the flow listens now.
  mutating func stopGeneration(at now: Timestamp, into actions: inout [CallAction]) -> ListenOptions {
    guard let stopped = generation else { return listening }
    abandonGeneration(into: &actions)
    appendTimeline(.modelStopped, "", at: now)
    outputs.removeAll(keepingCapacity: true)
    flow.advance(to: now)
    flow.handle(.modelStopped(said: stopped.saidText), into: &outputs)
    for case .listen(let listening) in outputs { return listening }
    return listening
  }

  /// The same where the flow is taken back to where it was before.
  mutating func abandonGeneration(into actions: inout [CallAction]) {
    if let open = generation, open.isSent { actions.append(.cancel(open.request)) }
    generation = nil
  }

  mutating func checkModel(_ since: Timestamp, at now: Timestamp, into actions: inout [CallAction]) {
    guard now - since >= limits.modelMax, let open = generation else { return }
    actions.append(.cancel(open.request))
    let limit = "nothing to say within \(limits.modelMax.milliseconds / 1000) s"
    failGeneration(open.request, ModelFault(.late, limit), at: now, into: &actions)
  }

  /// Whole sentences of the answer: the first begin an utterance, the next are added to it.
  mutating func speakGenerated(_ sentences: [String], at now: Timestamp, into actions: inout [CallAction]) {
    guard !sentences.isEmpty, let open = generation else { return }
    generation?.say(sentences)
    let spoken = spokenSentences(sentences)
    guard !spoken.isEmpty else { return }
    if let reply, case .model = reply.next {
      extendReply(with: spoken, into: &actions)
      actions.append(.speakPart(reply.utterance, sentences: spoken.map(\.synthesis), isLast: false))
    } else {
      let next = Reply.Next.model(open.request, since: open.since)
      say(spoken, isInterruptible: true, next: next, at: now, into: &actions)
    }
  }

  /// The utterance that was said while the model made it goes on with what the flow says, or is over.
  mutating func continueReply(
    _ reply: Reply, with sentences: [SpokenSentence], isInterruptible: Bool, next: Reply.Next,
    into actions: inout [CallAction]
  ) {
    var reply = reply
    reply.next = next
    reply.isInterruptible = reply.isInterruptible && isInterruptible
    self.reply = reply
    extendReply(with: sentences, into: &actions)
    if case .listen = next { lastPrompt = self.reply?.spoken.sentences ?? [] }
    let words = sentences.map(\.synthesis)
    actions.append(.speakPart(reply.utterance, sentences: words, isLast: !next.isModel))
  }
}

extension CallMachine {
  /// More is said in the utterance that is being prepared or played.
  private mutating func extendReply(with sentences: [SpokenSentence], into actions: inout [CallAction]) {
    guard !sentences.isEmpty, let utterance = reply?.utterance else { return }
    reply?.spoken.add(sentences)
    guard let text = reply?.spoken.text,
      let index = record.transcript.lastIndex(where: { $0.utterance == utterance })
    else { return }
    record.transcript[index].text = text
    record.transcript[index].spoken = reply?.spoken.wording
    actions.append(.report(.agentContinued(record.transcript[index])))
  }
}

/// A language model's answer on its way.
struct Generation: Sendable {
  let request: RequestID
  let since: Timestamp
  /// Whether the model was asked; until then the question waits for what was heard of the reply before it.
  var isSent = false
  private(set) var answer = ModelAnswer()
  var sentences = SentenceStream()
  /// When the first piece of it came.
  private var firstAt: Timestamp?
  /// Its sentences that are being said.
  private(set) var said: [String] = []
  /// Their Unicode scalars.
  private(set) var saidCount = 0

  init(request: RequestID, since: Timestamp) { (self.request, self.since) = (request, since) }

  /// Whether a piece of it came.
  var hasBegun: Bool { firstAt != nil }

  /// With blanks between.
  var saidText: String { said.joined(separator: " ") }

  /// For the timeline.
  var summary: String {
    let calls = answer.toolCalls.map(\.name).joined(separator: ", ")
    let first = firstAt.map { "first piece after \(($0 - since).milliseconds) ms" } ?? "nothing"
    return calls.isEmpty ? first : "\(first), wants \(calls)"
  }

  /// Adds the next piece, in place: an answer may be long and have many.
  /// - Returns: the sentences that are whole with it.
  mutating func add(_ delta: ModelDelta, at now: Timestamp) -> [String] {
    if delta.isContent, firstAt == nil { firstAt = now }
    answer.add(delta)
    if case .text(let text) = delta { return sentences.add(text) }
    return []
  }

  mutating func say(_ sentences: [String]) {
    said += sentences
    saidCount += sentences.reduce(0) { $0 + $1.scalarCount }
  }
}
