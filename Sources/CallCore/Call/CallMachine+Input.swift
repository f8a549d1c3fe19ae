/// Keys, typed text and silence: what a caller does besides speaking.
extension CallMachine {
  /// A key or a typed text: first come, first used. What cannot be used yet waits behind what came before it.
  mutating func enqueueInput(_ input: CallerInput, at now: Timestamp, into actions: inout [CallAction]) {
    guard ahead.count < limits.inputAheadMax else {
      let message = "\(limits.inputAheadMax) inputs are waiting for the agent; this one was dropped"
      actions.append(.report(.trouble(code: "too-early", message: message)))
      return
    }
    ahead.append(input)
    drainInput(at: now, into: &actions)
  }

  /// Uses what came early, in order, as far as the call can take it now: when the caller has the turn, and over the agent where it may
  /// be interrupted.
  mutating func drainInput(at now: Timestamp, into actions: inout [CallAction]) {
    while let input = ahead.first {
      switch phase {
      case .waiting, .hearing: break
      case .speaking where canInterrupt: stopSpeaking(at: now, into: &actions)
      case .keying:
        if case .key(let key) = input {
          ahead.removeFirst()
          addKey(key, at: now, into: &actions)
        } else {
          endKeys(at: now, into: &actions)  // who goes on to type has pressed all keys
        }
        continue
      case .new, .recognizing, .comparing, .working, .thinking, .preparing, .speaking, .ended: return
      }
      ahead.removeFirst()
      switch input {
      case .key(let key): startKeys(key, at: now, into: &actions)
      case .text(let text): handleText(text, at: now, into: &actions)
      }
    }
  }

  private mutating func startKeys(_ key: Key, at now: Timestamp, into actions: inout [CallAction]) {
    let wasTold = turn?.source == .speech && turn?.isReported == true
    dropSpokenTurn(into: &actions)
    guard let id = nextTurn(at: now, into: &actions) else { return }
    turn = OpenTurn(id: id, source: .keys, start: now)
    turn?.replacesSpeech = wasTold
    addKey(key, at: now, into: &actions)
  }

  private mutating func addKey(_ key: Key, at now: Timestamp, into actions: inout [CallAction]) {
    appendTimeline(.keyPressed, String(key.character), at: now)
    phase = .keying(since: now)
    turn?.inputEnd = now
    if key != .terminator { turn?.keys.append(key.character) }
    let count = turn?.keys.count ?? 0
    if key == .terminator || count >= min(listening.keysMax ?? limits.keysMax, limits.keysMax) {
      endKeys(at: now, into: &actions)
    }
  }

  mutating func checkKeyPause(since: Timestamp, at now: Timestamp, into actions: inout [CallAction]) {
    if now - since >= limits.keyPause { endKeys(at: now, into: &actions) }
  }

  mutating func endKeys(at now: Timestamp, into actions: inout [CallAction]) {
    guard let keys = turn?.keys else { return }
    turn?.endedAt = now
    turn?.endedBy = .keys
    guard !keys.isEmpty else {
      if turn?.replacesSpeech == true { reportNoKeys(at: now, into: &actions) }
      return handleNoWords(at: now, into: &actions)
    }
    understand(keys, at: now, into: &actions)
  }

  /// Nothing but the terminator was pressed: a client that was told of the speech before it learns that this came to nothing.
  private func reportNoKeys(at now: Timestamp, into actions: inout [CallAction]) {
    guard let open = turn else { return }
    let entry = TranscriptEntry(turn: open.id, role: .caller, text: "", at: now, source: .keys, playedText: "")
    actions.append(.report(.transcript(entry, final: true)))
  }

  private mutating func handleText(_ text: String, at now: Timestamp, into actions: inout [CallAction]) {
    dropSpokenTurn(into: &actions)
    guard let id = nextTurn(at: now, into: &actions) else { return }
    turn = OpenTurn(id: id, source: .text, start: now)
    turn?.endedAt = now
    turn?.endedBy = .text
    understand(text, at: now, into: &actions)
  }

  /// The caller turned to another way of answering in mid-turn: what was said so far is not used.
  mutating func dropSpokenTurn(into actions: inout [CallAction]) {
    guard var open = turn, open.source == .speech else { return }
    if case .asked(let request, _) = open.speculation { actions.append(.cancel(request)) }
    dropJudgement(of: &open, into: &actions)
    dropEarlyAnswer(into: &actions)
    actions.append(.closeTurn(open.id))
    turn = nil
    segmenter.resetRun()
  }

  /// Sound before a turn that the driver keeps (`TurnAudio`). Speech over an agent that was not interrupted may have gone on for much longer.
  private static let keptSpeech = CallDuration.seconds(1)

  /// It is the caller's turn. What came early is used now, and so is speech that is still going on.
  mutating func wait(_ listening: ListenOptions, at now: Timestamp, into actions: inout [CallAction]) {
    closeTurn(into: &actions)
    self.listening = listening
    phase = .waiting(since: now)
    if isBeepAhead {
      isBeepAhead = false
      if listening.awaitsBeep { return advanceFlow(.beepHeard, at: now, into: &actions) }
    }
    drainInput(at: now, into: &actions)
    if let open = pause { return outlast(open, into: &actions) }
    segmenter.forget(before: now - Self.keptSpeech)
    if case .waiting = phase, turns.detectsTurns, segmenter.run >= limits.speechMin {
      openTurn(at: now, into: &actions)
    }
  }

  /// An answering machine has beeped, if it spoke before: the flow goes on where it awaits that, once the words of the greeting are known.
  mutating func handleBeep(at now: Timestamp, into actions: inout [CallAction]) {
    guard segmenter.speechEnd > .zero else { return }
    switch phase {
    case .waiting where listening.awaitsBeep: advanceFlow(.beepHeard, at: now, into: &actions)
    case .hearing where listening.awaitsBeep && turns.detectsTurns:
      isBeepAhead = true
      segmenter.resetRun()
      endTurn(by: .beep, at: now, into: &actions)
    case .recognizing where listening.awaitsBeep: isBeepAhead = true
    case .new, .waiting, .hearing, .keying, .recognizing, .comparing, .working, .thinking, .preparing, .speaking,
      .ended:
      break
    }
  }

  mutating func checkInput(since: Timestamp, at now: Timestamp, into actions: inout [CallAction]) {
    guard turns.repliesByItself, now - since >= turns.noInputAfter ?? listening.noInputAfter, !segmenter.hearsSpeech
    else { return }
    appendTimeline(.noInput, "", at: now)
    if turns.noInputAfter != nil { actions.append(.report(.nobodySpoke(since: since))) }
    advanceFlow(.nothingSaid, at: now, into: &actions)
  }
}

/// What a caller can do besides speaking.
enum CallerInput: Sendable, Equatable {
  case key(Key)
  case text(String)
}

/// A key of a telephone.
public struct Key: Hashable, Sendable {
  /// `0` … `9`, `*` or `#`.
  public let character: Character

  /// The key that ends a number.
  public static let terminator = Key(known: "#")

  /// - Parameter character: anything but `0` … `9`, `*` and `#` gives `nil`.
  public init?(_ character: Character) {
    guard "0123456789*#".contains(character) else { return nil }
    self.character = character
  }

  private init(known character: Character) { self.character = character }
}
