import CallCore

/// Finds what cannot be done or expected together in one case.
struct CaseContradictions {
  let log: FileFaultLog
  let turns: [PlacedTurn]
  /// Of the call.
  let expectations: [PlacedExpectation]
  let mustFailPlace: FilePlace

  /// - Parameter brief: of a caller without turns.
  func check(mustFail: CheckKind?, brief: CallerBrief?) {
    ReplyContradictions(log: log, expectations).check()
    for turn in turns {
      // What is forbidden in the whole call is so in each turn.
      ReplyContradictions(log: log, turn.expectations, more: expectations.filter(\.isForbidden)).check()
      for entry in turn.expectations { check(entry, in: turn) }
    }
    checkHangUp()
    checkGoals(brief)
    guard !turns.isEmpty || brief != nil else { return }
    checkCall(brief)
    if let mustFail { check(mustFail: mustFail, brief) }
  }

  /// An expectation and what the caller does in its turn.
  private func check(_ entry: PlacedExpectation, in turn: PlacedTurn) {
    let kind = entry.check.kind
    let name = "`\(kind.rawValue)`"
    switch turn.turn.action {
    case .hangUp:
      report(entry, "turn \(turn.turn.number) hangs up: nothing can be expected after it")
    case .backchannel
    where [.keywords, .anyOf, .exact, .regex, .similarity, .similarInMeaning, .latency].contains(kind):
      guard !entry.isAbsent else { return }
      report(entry, "a backchannel must not be answered: expect \(name) of another turn")
    case .staySilent where kind == .latency:
      report(entry, "turn \(turn.turn.number) is silent: there is no end of speech from which \(name) could count")
    default:
      if kind == .yield, !turn.interrupts {
        report(entry, "turn \(turn.turn.number) does not interrupt the agent: \(name) needs `at` or `at-phrase`")
      }
      if kind == .messageLeft { checkMachine(entry, turn.turn.action) }
      if kind == .understood, !turn.isSpoken {
        report(entry, "no known words are said in turn \(turn.turn.number): \(name) needs `say`, or `play` with `text`")
      }
    }
  }

  private func checkMachine(_ entry: PlacedExpectation, _ action: CallerAction?) {
    if case .answerAsMachine = action { return }
    report(
      entry, "a message is left on an answering machine: `message-left` needs a first turn with `answering-machine`")
  }

  private func checkGoals(_ brief: CallerBrief?) {
    let goals = expectations.filter { $0.check.kind == .goal }
    if brief == nil, let entry = goals.first {
      report(entry, "a caller with turns has no goal: `goal` is expected of a caller with a `goal` of its own")
    }
    let wanted = goals.filter { !$0.isAbsent }
    if wanted.count > 1 { report(wanted[1], "a goal is in one state in the end: keep one of them") }
  }

  private func checkHangUp() {
    guard let index = turns.firstIndex(where: { $0.turn.action == .hangUp }) else { return }
    if index + 1 < turns.count {
      let later = turns[index + 1]
      let advice = "make it the last turn"
      log.add(.contradiction, at: later.place, "the caller hangs up in turn \(turns[index].turn.number): \(advice)")
    }
    for entry in expectations where !entry.isAbsent {
      guard case .ended(let reason) = entry.check, reason != .callerHungUp else { continue }
      report(entry, "the caller hangs up in turn \(turns[index].turn.number): the end can only be `caller-hung-up`")
    }
  }

  /// What a caller with a goal says is not known yet.
  private func checkCall(_ brief: CallerBrief?) {
    var reasons: Set<CloseReason> = []
    var outcomes: Set<String> = []
    for entry in expectations where !entry.isAbsent {
      switch entry.check {
      case .yield where !turns.contains(where: \.interrupts) && brief?.interruptionPercent ?? 0 == 0:
        report(entry, "no turn interrupts the agent: `yield` needs a turn with `at` or `at-phrase`")
      case .understood where !turns.contains(where: \.isSpoken) && brief == nil:
        report(entry, "no turn says known words: `understood` needs `say`, or `play` with `text`")
      case .messageLeft: checkMachine(entry, turns.first?.turn.action)
      case .ended(let reason):
        reasons.insert(reason)
        if reasons.count > 1 { report(entry, "a call ends once: keep one of the reasons") }
      case .outcome(let outcome):
        outcomes.insert(outcome)
        if outcomes.count > 1 { report(entry, "a call has one outcome: keep one of them") }
      default: break
      }
    }
  }

  /// A case that must fail by a check that nobody makes would fail for ever.
  private func check(mustFail kind: CheckKind, _ brief: CallerBrief?) {
    if kind == .conduct {
      return log.add(
        .contradiction, at: mustFailPlace, "a caller that breaks its brief makes a case invalid: `conduct` never fails")
    }
    guard !kindsChecked.contains(kind), brief == nil || !Self.kindsOfGoals.contains(kind) else { return }
    let advice = "expect it somewhere, or name another check"
    log.add(.contradiction, at: mustFailPlace, "nothing in the case is checked for `\(kind.rawValue)`: \(advice)")
  }

  /// What is checked of every caller with a goal.
  private static let kindsOfGoals: Set<CheckKind> = [.goal, .echo, .understood, .yield]

  /// Written ones, and those that are checked without being written; see `CheckKind`.
  private var kindsChecked: Set<CheckKind> {
    var kinds = Set((expectations + turns.flatMap(\.expectations)).map(\.check.kind))
    if kinds.contains(.keywords) { kinds.insert(.ownWords) }
    kinds.formUnion([.reply, .interruption, .coverage, .line])
    for turn in turns {
      if turn.isSpoken { kinds.formUnion([.echo, .understood]) }
      if turn.turn.cue.isOverAgent { kinds.insert(.yield) }
      if case .backchannel = turn.turn.action { kinds.insert(.selectivity) }
      if case .hold = turn.turn.action { kinds.insert(.hold) }
    }
    return kinds
  }

  private func report(_ entry: PlacedExpectation, _ message: String) {
    log.add(.contradiction, at: entry.place, message)
  }
}

extension PlacedExpectation {
  /// Whether it says what must not be at any time of the call. What a slot must not hold at the end it may hold before.
  fileprivate var isForbidden: Bool {
    switch check {
    case .excludes: true
    case .slot: false
    default: isAbsent
    }
  }
}
