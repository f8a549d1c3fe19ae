/// From the caller's words to the agent's reply.
extension CallMachine {
  /// The words of a finished turn are known.
  mutating func understand(_ text: String, at now: Timestamp, into actions: inout [CallAction]) {
    guard let open = turn else { return }
    if open.source == .speech { recognitionFailures = 0 }
    let words = text.bounded(to: limits.textMax)
    guard words.contains(where: { !$0.isWhitespace }) else { return handleNoWords(at: now, into: &actions) }
    turn?.wordsAt = now
    if open.source == .speech { callerLevel.wordsWereFound() }
    let entry = TranscriptEntry(
      turn: open.id, role: .caller, text: words, at: open.start, source: open.source, playedText: words)
    appendTranscript(entry)
    actions.append(.report(.transcript(entry, final: true)))
    let input: FlowInput = open.source == .keys ? .pressed(words) : .said(words)
    guard mayReply() else { return hold(input, at: now, into: &actions) }
    if open.source == .speech { turn?.flowBefore = flow }
    advanceFlow(input, at: now, into: &actions)
    useEarlyAnswer(at: now, into: &actions)
  }

  /// The caller did something, but there are no words in it.
  mutating func handleNoWords(at now: Timestamp, into actions: inout [CallAction]) {
    turn?.wordsAt = now
    appendTimeline(.noMatch, "", at: now)
    // Who asked for an answer gets one, whether there were words or not, where the agent needs none.
    let input: FlowInput = isReplyWanted && flow.answersUnasked ? .replyWanted : .notUnderstood
    guard mayReply() else {
      reportNoWords(of: TurnID(record.turns), at: now, into: &actions)
      return hold(.notUnderstood, at: now, into: &actions)
    }
    if turn?.source == .speech { turn?.flowBefore = flow }
    advanceFlow(input, at: now, into: &actions)
  }

  mutating func recognitionFailed(_ error: EngineError, at now: Timestamp, into actions: inout [CallAction]) {
    recognitionFailures += 1
    guard recoverFromFailure(error, failures: recognitionFailures, code: "recognition-failed", at: now, into: &actions)
    else { return }
    handleNoWords(at: now, into: &actions)
  }

  mutating func checkRecognition(
    _ request: RequestID, _ since: Timestamp, at now: Timestamp, into actions: inout [CallAction]
  ) {
    guard now - since >= limits.recognitionMax else { return }
    actions.append(.cancel(request))
    recognitionFailed(.timedOut(limit: limits.recognitionMax), at: now, into: &actions)
  }

  /// Notes a failure and tells the client.
  /// - Parameter failures: of this engine in a row.
  /// - Returns: false when the call had to be ended.
  mutating func recoverFromFailure(
    _ error: EngineError, failures: Int, code: String, at now: Timestamp, into actions: inout [CallAction]
  ) -> Bool {
    appendTimeline(.engineFailed, "\(code): \(error)", at: now)
    actions.append(.report(.trouble(code: code, message: error.description)))
    var canRecover = failures < limits.engineFailuresMax
    if case .modelUnavailable = error { canRecover = false }
    if !canRecover { end(.engineFailed, at: now, into: &actions) }
    return canRecover
  }

  /// Tells the flow and does what it answers.
  mutating func advanceFlow(_ input: FlowInput, at now: Timestamp, into actions: inout [CallAction]) {
    outputs.removeAll(keepingCapacity: true)
    flow.advance(to: now)
    flow.handle(input, into: &outputs)
    var sentences: [SpokenSentence] = []
    var isInterruptible = true
    var next = Reply.Next.listen(ListenOptions())
    for output in outputs {
      switch output {
      case .entered(let state, let from, let because):
        appendTimeline(.stateEntered, state, at: now)
        actions.append(.report(.stateEntered(name: state, from: from, because: because)))
      case .filled(let slot, let value): appendTimeline(.slotFilled, "\(slot)=\(value)", at: now)
      case .say(let text, let interruptible):
        sentences += spokenSentences(SentenceSplitter.sentences(of: text))
        isInterruptible = isInterruptible && interruptible
      case .saySSML(let text, let interruptible):
        sentences += text.sentences(voice: record.voice, dates: flow.spokenDateOrder)
        isInterruptible = isInterruptible && interruptible
      case .listen(let listening): next = .listen(listening)
      case .toolUsed(let use): noteToolUse(use, at: now, into: &actions)
      case .callTool(let tool): next = callTool(tool, at: now, into: &actions)
      case .callClient(let calls):
        turn?.flowBefore = nil  // what was asked of the client cannot be taken back
        clientCalls += calls
      case .compare(let question):
        let request = nextRequest()
        actions.append(.compare(request, question))
        next = .meaning(request, since: now)
      case .askModel: next = startGeneration(at: now, into: &actions)
      case .end(let ending): next = .end(ending)
      }
    }
    record.slots = flow.slots
    record.finalState = flow.currentState
    if let reply, reply.next.isModel {
      return continueReply(reply, with: sentences, isInterruptible: isInterruptible, next: next, into: &actions)
    }
    if sentences.isEmpty { return proceed(to: next, at: now, into: &actions) }
    say(sentences, isInterruptible: isInterruptible, next: next, at: now, into: &actions)
  }

  private mutating func callTool(
    _ tool: ToolRequest, at now: Timestamp, into actions: inout [CallAction]
  ) -> Reply.Next {
    let request = nextRequest()
    turn?.flowBefore = nil  // a request that was sent cannot be taken back
    appendTimeline(.toolCalled, "\(tool.state): \(tool.method)", at: now)
    actions.append(.callTool(request, tool))
    enterStage(.tools, at: now)
    toolTimeout = tool.timeout + limits.toolGrace
    toolFiller = tool.meanwhile
    return .tool(request, since: now)
  }

  /// Everything was said: what the flow wanted then.
  /// - Parameter held: a tool's answer that came while a reply was said which was stopped since.
  mutating func proceed(
    to next: Reply.Next, held: ToolResponse? = nil, at now: Timestamp, into actions: inout [CallAction]
  ) {
    let held = held ?? reply?.heldAnswer
    reply = nil
    if interrupted == nil { tellClientCalls(at: now, into: &actions) }
    switch next {
    case .listen(let listening): wait(listening, at: now, into: &actions)
    case .end(let ending):
      record.outcome = ending.outcome
      end(ending.reason, at: now, into: &actions)
    case .tool(let request, let since):
      phase = .working(request, since: since)
      if let held { toolAnswered(held, at: now, into: &actions) }
    case .meaning(let request, let since): phase = .comparing(request, since: since)
    case .model(let request, let since): phase = .thinking(request, since: since)
    }
  }

  /// The client calls its tools when it has heard what was said before.
  mutating func tellClientCalls(at now: Timestamp, into actions: inout [CallAction]) {
    guard !clientCalls.isEmpty else { return }
    noteClientCalls(clientCalls, at: now, into: &actions)
    actions.append(.report(.toolsWanted(clientCalls)))
    clientCalls = []
  }

  /// The same after the agent was stopped: what is still being made is not said either.
  mutating func proceedStopped(_ stopped: Reply, at now: Timestamp, into actions: inout [CallAction]) {
    guard stopped.next.isModel else {
      return proceed(to: stopped.next, held: stopped.heldAnswer, at: now, into: &actions)
    }
    let listening = stopGeneration(at: now, into: &actions)
    wait(listening, at: now, into: &actions)
  }

  /// The caller's words stay those that no intent has; the call goes on.
  mutating func comparisonFailed(_ error: EngineError, at now: Timestamp, into actions: inout [CallAction]) {
    let code = "meaning-failed"
    appendTimeline(.engineFailed, "\(code): \(error)", at: now)
    actions.append(.report(.trouble(code: code, message: error.description)))
    advanceFlow(.comparisonFailed, at: now, into: &actions)
  }

  mutating func checkComparison(
    _ request: RequestID, _ since: Timestamp, at now: Timestamp, into actions: inout [CallAction]
  ) {
    guard now - since >= limits.recognitionMax else { return }
    actions.append(.cancel(request))
    comparisonFailed(.timedOut(limit: limits.recognitionMax), at: now, into: &actions)
  }

  mutating func toolAnswered(_ answer: ToolResponse, at now: Timestamp, into actions: inout [CallAction]) {
    appendTimeline(.toolAnswered, answer.summary, at: now)
    enterStage(.flow, at: now)
    advanceFlow(.toolAnswered(answer), at: now, into: &actions)
  }

  mutating func keepToolResponse(_ answer: ToolResponse, to request: RequestID) {
    if case .tool(request, _) = reply?.next, reply?.heldAnswer == nil { reply?.heldAnswer = answer }
  }

  mutating func checkTool(
    _ request: RequestID, _ since: Timestamp, at now: Timestamp, into actions: inout [CallAction]
  ) {
    if let filler = toolFiller, now - since >= limits.fillerAfter {
      toolFiller = nil
      let next = Reply.Next.tool(request, since: since)
      let sentences = spokenSentences(SentenceSplitter.sentences(of: filler))
      return say(sentences, isInterruptible: false, next: next, at: now, into: &actions)
    }
    guard now - since >= toolTimeout else { return }
    actions.append(.cancel(request))
    toolAnswered(.timedOut, at: now, into: &actions)
  }
}
